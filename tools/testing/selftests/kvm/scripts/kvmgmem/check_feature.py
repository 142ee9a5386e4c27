# SPDX-License-Identifier: GPL-2.0-only
"""Checks that build and boot kernels with features of features.d."""

from . import check_vm
from .check import Check, Failed

FEATURES = 'in-place,hooks'
PROGRAMS = ('gmem_convert_api_test', 'gmem_convert_test', 'gmem_convert_content_test',
            'gmem_convert_pin_test', 'gmem_convert_use_test', 'gmem_free_test',
            'gmem_race_test --run race/in-place/guest-write+to-*',
            'gmem_stress --run stress/in-place --duration 5')
LEAST = 20      # sub-tests of these programs that have to pass: more would be skipped elsewhere
MUTANTS = ('inplace-partial', 'inplace-no-scrub')


def in_place(bench):
    """Attributes in the guest_memfd: what is about them passes, and can fail."""
    check_vm.built(bench)
    command = [check_vm.TESTBED, 'run', '--feature', FEATURES, '--module-param',
               'kvm.gmem_in_place_conversion=1', *' -- '.join(PROGRAMS).split()]
    code = bench.code(command, limit=check_vm.BUILD_LIMIT, env=check_vm.environment())
    counts = check_vm.judge_run(bench, code)
    if counts.passed < LEAST:
        raise Failed(f'{counts.text()}, expected at least {LEAST} passed')
    killed = check_vm.mutants(bench, MUTANTS, features=FEATURES)
    killed.detail = f'{counts.detail}; {" and ".join(MUTANTS)}{killed.detail or " killed"}'
    counts.add(killed)
    counts.detail = killed.detail
    return counts


CHECKS = (
    Check('feature-in-place', 'conversion in place: a kernel with it, its tests, its mutants',
          in_place, vm=True, needs=('spatch',)),
)
