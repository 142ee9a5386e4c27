# SPDX-License-Identifier: GPL-2.0-only
"""What the KTAP parser makes of good, bad and broken streams."""

import unittest

from kvmgmem.ktap import Program

GOOD = """TAP version 13
1..3
# gmem_scrub_test: seed 0x1234, kernel 7.3.4, kvm vendor kvm_amd
ok 1 scrub/punch-guest # 312 ms
# scrub/close-reopen: NOT_SCRUBBED: page 3 slot 511: expected zero, found 0x5afe
not ok 2 scrub/close-reopen # NOT_SCRUBBED 101 ms
ok 3 scrub/x # SKIP no private memory: VM type sw-protected not offered
# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:1 error:0
"""


def parse(text, code, lost=None, stranger=False):
    """A program that printed text and ended with code."""
    program = Program('demo', stranger)
    for line in text.splitlines():
        program.feed(line)
    program.end(code, 1.5, lost)
    return program


def only(*results, plan=None):
    """A stream of these result lines."""
    return f'TAP version 13\n1..{len(results) if plan is None else plan}\n' + '\n'.join(results)


class Good(unittest.TestCase):
    """Streams as the suite's programs write them."""

    def test_all_kinds(self):
        program = parse(GOOD, 1)
        self.assertEqual([(r.id, r.status) for r in program.results],
                         [('scrub/punch-guest', 'pass'), ('scrub/close-reopen', 'fail'),
                          ('scrub/x', 'skip')])
        passed, failed, skipped = program.results
        self.assertEqual(passed.ms, 312)
        self.assertEqual((failed.klass, failed.ms), ('NOT_SCRUBBED', 101))
        self.assertEqual(skipped.reason, 'no private memory: VM type sw-protected not offered')
        self.assertEqual(program.verdict(), 'fail')

    def test_diagnostics_belong_to_the_next_result(self):
        failed = parse(GOOD, 1).results[1]
        self.assertEqual(len(failed.diagnostics), 1)
        self.assertIn('page 3 slot 511', failed.diagnostics[0])

    def test_pass(self):
        self.assertEqual(parse(only('ok 1 a/b', 'ok 2 a/c # SKIP why'), 0).verdict(), 'pass')

    def test_all_skipped(self):
        program = parse(only('ok 1 a/b # SKIP why'), 4)
        self.assertEqual((program.verdict(), len(program.results)), ('skip', 1))

    def test_skipped_as_a_whole(self):
        program = parse('TAP version 13\n1..0 # SKIP /dev/kvm cannot be opened\n', 4)
        self.assertEqual((program.verdict(), program.results), ('skip', []))
        self.assertEqual(program.skip_all, '/dev/kvm cannot be opened')

    def test_expected_failure_is_none(self):
        self.assertEqual(parse(only('not ok 1 a # XFAIL known', 'ok 2 b'), 0).verdict(), 'pass')

    def test_junk_between_the_lines(self):
        program = parse(GOOD.replace('ok 1', 'WARNING: junk\nokay\n\nok 1'), 1)
        self.assertEqual(len(program.results), 3)
        self.assertIn('WARNING: junk', program.results[0].diagnostics)


class Strangers(unittest.TestCase):
    """Programs that are not the suite's."""

    def test_no_ktap_is_judged_by_the_exit_code(self):
        for code, status in ((0, 'pass'), (1, 'fail'), (2, 'xfail'), (3, 'fail'), (4, 'skip'),
                             (5, 'fail')):
            program = parse('something\n', code, stranger=True)
            self.assertEqual([r.status for r in program.results], [status])
            self.assertIn(f'judged by its exit code, {code}',
                          ' '.join(program.results[0].diagnostics))

    def test_ktap_without_a_plan_is_no_verdict(self):
        self.assertEqual(parse('TAP version 13\n', 0, stranger=True).results[0].klass, 'CRASH')

    def test_the_running_sub_test_is_named(self):
        text = 'TAP version 13\n1..2\n# RUN a/b\nok 1 a/b\n# RUN a/c\n'
        lost = parse(text, None, ('HANG', 'nothing was heard for 180 s'))
        self.assertEqual(lost.results[-1].diagnostics,
                         ['nothing was heard for 180 s (while a/c ran)'])
        self.assertNotIn('RUN', lost.results[0].diagnostics)


class Broken(unittest.TestCase):
    """Whatever does not add up is a failure, never a pass."""

    def fails(self, text, code, words, lost=None):
        """The program fails for a reason of its own with these words."""
        program = parse(text, code, lost)
        self.assertEqual(program.verdict(), 'fail')
        self.assertEqual(program.results[-1].id, '(program)')
        self.assertIn(words, program.results[-1].diagnostics[0])
        return program

    def test_nothing_at_all(self):
        self.fails('', 0, 'without a plan')

    def test_results_without_plan(self):
        self.fails('ok 1 a/b\n', 0, 'without a plan')

    def test_plan_of_nothing(self):
        self.fails('TAP version 13\n1..0\n', 0, 'ran no sub-test')

    def test_fewer_results_than_planned(self):
        program = self.fails(only('ok 1 a', plan=3), 0, 'planned 3 sub-tests and reported 1')
        self.assertEqual(program.count('pass'), 1)

    def test_more_results_than_planned(self):
        self.fails(only('ok 1 a', 'ok 2 b', plan=1), 0, 'planned 1')

    def test_exit_code_says_otherwise(self):
        self.fails(only('ok 1 a'), 1, 'exit code 1 does not match')
        self.fails(only('not ok 1 a'), 0, 'exit code 0 does not match')
        self.fails(only('ok 1 a'), 4, 'exit code 4 does not match')

    def test_killed(self):
        self.fails(only('ok 1 a', plan=2), -11, 'SIGSEGV')
        self.fails(only('ok 1 a', plan=2), 137, 'SIGKILL')

    def test_not_startable(self):
        self.fails('', 127, 'could not be started')

    def test_bail_out(self):
        self.fails(only('ok 1 a', plan=2) + '\nBail out! no memory\n', 1, 'no memory')

    def test_lost(self):
        program = self.fails(only('ok 1 a', plan=2), None, 'nothing heard',
                             lost=('HANG', 'nothing heard for 180 s'))
        self.assertEqual(program.results[-1].klass, 'HANG')

    def test_lost_while_it_tried_again(self):
        program = self.fails(only('# a: disturbed, trying again:', plan=2), None, 'nothing heard',
                             lost=('HANG', 'nothing heard for 180 s'))
        self.assertEqual(program.results[-1].repeats, 1)

    def test_cut_off_in_the_middle_of_a_line(self):
        self.fails(GOOD[:GOOD.index('# NOT_SCRUBBED')], -9, 'SIGKILL')

    def test_skip_of_a_failure_is_a_failure(self):
        self.assertEqual(parse(only('not ok 1 a # SKIP why'), 1).verdict(), 'fail')

    def test_unknown_class(self):
        self.assertEqual(parse(only('not ok 1 a # WEIRD 3 ms'), 1).results[0].klass, '')


if __name__ == '__main__':
    unittest.main()
