# SPDX-License-Identifier: GPL-2.0-only
"""Checks of the second architecture: it builds, boots, and sees faults, in all modes of its KVM."""

import platform
import re

from . import arch, check_build, check_vm, foreign
from .check import Check, Counts, Failed, Skip

ARM64 = arch.find('arm64')
MODES = {'nvhe': 'nVHE', 'protected': 'Protected'}     # kvm-arm.mode=, what KVM says at boot
# What differs between the modes is how stage 2 is changed and the guest is entered.
MODE_PROGRAMS = ('gmem_arm64_test', 'gmem_exec_test', 'gmem_pkvm_test', 'gmem_scrub_test',
                 'gmem_stale_test')
MUTANTS = ('arm64-no-unmap',)


def build_arm64(bench):
    """gcc, static, by both of the architecture's names."""
    words = [word.replace('USERCFLAGS=', 'USERCFLAGS=-Werror ')
             for word in foreign.make_arguments(ARM64)]
    for name in ('arm64', 'aarch64'):
        check_build.build(bench, f'ARCH={name}', 'STATIC=1', *words)
    return check_build.compiler_line(f'{ARM64.prefix}gcc')


def build_arm64_clang(bench):
    """The same by clang, which is a cross compiler as it is."""
    words = [word.replace('USERCFLAGS=', 'USERCFLAGS=-Werror ')
             for word in foreign.make_arguments(ARM64)]
    target = '' if ARM64.native else f' --target={ARM64.cross.rstrip("-")}'
    check_build.build(bench, 'ARCH=arm64', 'STATIC=1', f'CC=clang{target}', *words)
    return check_build.compiler_line('clang')


def suite_arm64(bench):
    """The programs on the good kernel."""
    if ARM64.native:
        raise Skip(f'this machine is {platform.machine()}: vm-suite has done it')
    return check_vm.suite_in_vm(bench, ARM64.kernel)


def modes_arm64(bench):
    """Without VHE, and with the hypervisor protected from the host."""
    check_vm.built(bench, ARM64.kernel)
    total = Counts(detail=f', modes {", ".join(MODES)}')
    for mode, said in MODES.items():
        words = [word for name in MODE_PROGRAMS for word in ('--', name)][1:]
        out = bench.scratch(f'{bench.name}-{mode}')
        code = bench.code([check_vm.TESTBED, 'run', '--append', f'kvm-arm.mode={mode}',
                           '--out', out, *words], limit=check_vm.BUILD_LIMIT,
                          env=check_vm.environment(ARCH=ARM64.kernel))
        total.add(check_vm.judge_run(bench, code))
        if not re.search(rf'kvm \([^)]*{said}[^)]* mode\)', bench.log_text()):
            raise Failed(f'KVM did not come up with kvm-arm.mode={mode}')
    return total


def mutants_arm64(bench):
    """A kernel with a planted fault."""
    return check_vm.mutants(bench, MUTANTS, ARM64.kernel)


CHECKS = (
    Check('build-arm64', 'gcc for arm64 has no warning', build_arm64),
    Check('build-arm64-clang', 'nor has clang', build_arm64_clang, needs=('clang',)),
    Check('vm-suite-arm64', 'no program fails on the good arm64 kernel', suite_arm64, vm=True),
    Check('vm-modes-arm64', f'nor where KVM runs in mode {" or ".join(MODES)}', modes_arm64,
          vm=True),
    Check('mutants-arm64', f'{" and ".join(MUTANTS)} is killed', mutants_arm64, vm=True,
          needs=('spatch',)),
)
