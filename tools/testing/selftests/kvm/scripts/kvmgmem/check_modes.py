# SPDX-License-Identifier: GPL-2.0-only
"""Check that some programs pass in every mode of KVM (scripts/testbed.d/modes)."""

import re

from . import bochs, modes, paths
from .check import Check, Counts, Failed, Skip
from .check_vm import built, environment

PROGRAMS = 'gmem_stale_test gmem_paging_test'
SHORT = '--iterations 5'
VMX = 'vmx-l2-ept'         # kvm_intel's own tables, and those that follow L1's
RESULT = re.compile(r'^(PASS|SKIP|FAIL): (\d+) passed, (\d+) failed(?:, \d+ known)?, (\d+) skipped',
                    re.M)


def every_mode(bench):
    """A short run in each of QEMU's."""
    return in_modes(bench, 'all', PROGRAMS, SHORT)


def vmx(bench):
    """The same on an Intel CPU, where there is an emulated one."""
    lacks = bochs.missing()
    if lacks:
        raise Skip(f'{lacks[0]}: not found; scripts/setup check installs it')
    return in_modes(bench, VMX, 'gmem_stale_test nested_test nested_bitmap_test', '--iterations 2')


def in_modes(bench, wanted, programs, arguments):
    """Programs in these modes; the matrix has to name them all."""
    built(bench)
    code = bench.code([paths.SUITE / 'scripts/run-suite'],
                      env=environment(MODES=wanted, PROGRAMS=programs, SUITE_ARGS=arguments))
    said, names = bench.log_text(), [mode.name for mode in modes.choose(wanted, 'x86')]
    counts = Counts()
    for _word, passed, failed, skipped in RESULT.findall(said):
        counts.add(Counts(int(passed), int(failed), int(skipped)))
    head = next((line for line in said.splitlines() if line.startswith('program ')), '')
    if head.split()[1:] != names or len(RESULT.findall(said)) != len(names):
        raise Failed(f'the matrix does not show {", ".join(names)}')
    if bool(code) != bool(counts.failed):
        raise Failed(f'exit code {code} with {counts.failed} failures')
    counts.detail = f', in {", ".join(names)}'
    return counts


CHECKS = (
    Check('modes', 'programs pass in every mode of KVM', every_mode, vm=True),
    Check('vmx', 'programs pass on an emulated CPU with VMX and EPT', vmx, vm=True),
)
