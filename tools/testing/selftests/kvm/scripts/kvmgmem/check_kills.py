# SPDX-License-Identifier: GPL-2.0-only
"""Check that every sub-test was seen to fail: scripts/kills against programs and mutants."""

from . import arch, mutant as mutants, mutant_kills as matrix, suite
from .check import Check, Failed


def kills(bench):
    """Each sub-test has a line that says what it fails on, or why not; no line is out of date."""
    programs = suite.build(bench.source().path, arch.find('x86'), static=True)
    tests, lines = matrix.listed(programs), matrix.read()
    wrong = [*(f'{test}: not in scripts/kills (mutants run, mutants kills --record)'
               for test in matrix.unseen(lines, tests)),
             *matrix.unknown(lines, tests, {mutant.name for mutant in mutants.load_all()})]
    if wrong:
        raise Failed(f'{wrong[0]}; {len(wrong)} in all')
    never = sum(matrix.find(lines, test).by == '-' for test in tests)
    own = sum(test in lines and lines[test].by != '-' for test in tests)
    return (f'{own} sub-tests were seen to fail, {len(tests) - own - never} more have the check of '
            f'one that was, {never} say why not')


CHECKS = (
    Check('kills', 'every sub-test was seen to fail on a mutant, or says why not', kills),
)
