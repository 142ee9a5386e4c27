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


SNP_PROGRAMS = ('snp_launch_test', 'snp_race_test', 'snp_launch_page_test', 'snp_page_state_test',
                'snp_request_test', 'snp_ap_test', 'snp_vmsa_test',
                'gmem_stale_test --vm-type snp-modelled --run stale/punch-private-1',
                'gmem_race_test --vm-type snp-modelled --run race/private/guest-write+to-*',
                'gmem_stress --vm-type snp-modelled --run stress/private --duration 5')
SNP_LEAST = 36
SNP_MUTANTS = ('snp-vmsa-kept', 'snp-psc-answer-ignored')


def tried(bench, features, arguments, least, planted):
    """A kernel with features: its tests pass, so many at least, and can fail."""
    check_vm.built(bench)
    command = [check_vm.TESTBED, 'run', '--feature', features, *arguments]
    code = bench.code(command, limit=check_vm.BUILD_LIMIT, env=check_vm.environment())
    counts = check_vm.judge_run(bench, code)
    if counts.passed < least:
        raise Failed(f'{counts.text()}, expected at least {least} passed')
    killed = check_vm.mutants(bench, planted, features=features)
    killed.detail = f'{counts.detail}; {" and ".join(planted)}{killed.detail or " killed"}'
    counts.add(killed)
    counts.detail = killed.detail
    return counts


def in_place(bench):
    """Attributes in the guest_memfd: what is about them passes, and can fail."""
    return tried(bench, FEATURES, ['--module-param', 'kvm.gmem_in_place_conversion=1',
                                   *' -- '.join(PROGRAMS).split()], LEAST, MUTANTS)


def snpsim(bench):
    """SNP guests on a modelled machine."""
    return tried(bench, 'snpsim', ' -- '.join(SNP_PROGRAMS).split(), SNP_LEAST, SNP_MUTANTS)


CHECKS = (
    Check('feature-in-place', 'conversion in place: a kernel with it, its tests, its mutants',
          in_place, vm=True, needs=('spatch',)),
    Check('feature-snpsim', 'SNP guests on a modelled machine: its kernel, tests, mutants',
          snpsim, vm=True, needs=('spatch',)),
)
