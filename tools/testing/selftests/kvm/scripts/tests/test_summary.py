# SPDX-License-Identifier: GPL-2.0-only
"""From what programs print to what a person reads and to the exit code."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import paths, progress, recorder, summary
from kvmgmem.problem import FAIL, PASS, SKIP, Problem


class Run(unittest.TestCase):
    """Runs of made-up programs."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.base = Path(directory.name)
        for name in ('remember', 'recall'):
            patch = mock.patch.object(progress, name, return_value={})
            patch.start()
            self.addCleanup(patch.stop)

    def record(self, *programs, run=None):
        """A finished Recorder of (name, lines, exit code)."""
        commands = [[name] for name, _lines, _code in programs]
        run = run or recorder.Recorder(self.base / 'run', commands, 'vm')
        with contextlib.redirect_stdout(io.StringIO()):
            for index, (_name, lines, code) in enumerate(programs):
                run.start(index)
                for line in lines:
                    run.line(line)
                if code is not None:
                    run.end(code, 1.0)
        return run

    def finished(self, *programs):
        """(exit code, summary, results.json) of a run."""
        run = self.record(*programs)
        run.finish()
        results = json.loads((run.directory / 'results.json').read_text(encoding='utf-8'))
        return run.exit_code(), '\n'.join(summary.text(run)), results

    def test_pass(self):
        code, text, results = self.finished(('a_test', ['1..1', 'ok 1 x/y # 3 ms'], 0))
        self.assertEqual((code, results['exit_code']), (PASS, PASS))
        self.assertRegex(text, r'PASS: 1 passed, 0 failed, 0 skipped')
        self.assertEqual(results['programs'][0]['results'][0]['id'], 'x/y')

    def test_failure_with_class_and_words(self):
        code, text, _results = self.finished(
            ('a_test', ['1..1', '# x/y: LEAK: page 3', 'not ok 1 x/y # LEAK 3 ms'], 1))
        self.assertEqual(code, FAIL)
        self.assertRegex(text, r'a_test x/y  LEAK\n +x/y: LEAK: page 3')
        self.assertRegex(text, r'FAIL: 0 passed, 1 failed, 0 skipped')

    def test_skips_grouped_by_reason(self):
        code, text, _results = self.finished(
            ('a_test', ['1..2', 'ok 1 x/y # SKIP no TDX', 'ok 2 x/z # SKIP no TDX'], 4),
            ('b_test', ['1..0 # SKIP no KVM'], 4))
        self.assertEqual(code, SKIP)
        self.assertRegex(text, r'2 x no TDX: x/y, x/z')
        self.assertRegex(text, r'1 x no KVM: b_test')
        self.assertRegex(text, r'SKIP: 0 passed, 0 failed, 3 skipped')

    def test_raw_output_is_kept(self):
        run = self.record(('a_test', ['1..1', 'junk', 'ok 1 x/y'], 0))
        kept = (run.directory / '01-a_test.ktap').read_text(encoding='utf-8')
        self.assertEqual(kept, '1..1\njunk\nok 1 x/y\n')

    def test_nothing_ran(self):
        run = recorder.Recorder(self.base / 'run', [['a_test']], 'vm')
        run.finish()
        self.assertEqual(run.exit_code(), FAIL)
        self.assertIn('1 of 1 programs did not run: a_test', run.problems)

    def test_machine_lost_keeps_partial_results(self):
        run = recorder.Recorder(self.base / 'run', [['a_test'], ['b_test']], 'vm')
        self.record(('a_test', ['1..2', 'ok 1 x/y'], None), run=run)
        with contextlib.redirect_stdout(io.StringIO()), \
                mock.patch.object(recorder.live, 'say'):
            run.problem('kernel panic while a_test ran: oh', 'KERNEL')
        run.finish()
        text = '\n'.join(summary.text(run))
        self.assertEqual(run.exit_code(), FAIL)
        self.assertRegex(text, r'a_test +1 +1 +0')
        self.assertRegex(text, r'a_test \(program\)  KERNEL')
        self.assertIn('1 of 2 programs did not run: b_test', text)

    def test_complaints_are_those_of_the_programs(self):
        words = recorder.complaints()
        self.assertGreater(len(words), 20)
        for word in words:
            self.assertRegex(f'[    1.0] {word} something', recorder.SPLAT)
        self.assertNotRegex('[    1.0] DEBUG: something', recorder.SPLAT)

    def test_kernel_complaint_outside_any_verdict(self):
        run = self.record(('a_test', ['1..1', 'ok 1 x/y'], 0))
        run.console('[    3.1] WARNING: CPU: 0 PID: 1 at virt/kvm/kvm_main.c:1')
        run.finish()
        self.assertEqual(run.exit_code(), FAIL)

    def test_kernel_complaint_that_a_sub_test_quotes(self):
        complaint = 'WARNING: virt/kvm/kvm_main.c:1 at kvm_x+0x1/0x2'
        for line in ('not ok 1 x/y # KERNEL 3 ms', 'ok 1 x/y # XFAIL docs/findings.md, 1'):
            run = recorder.Recorder(self.base / line[:2], [['a_test']], 'vm')
            self.record(('a_test', ['1..1', f'# x/y: KERNEL: {complaint}', line],
                         int(line.startswith('not'))), run=run)
            run.console(f'[    3.141592] {complaint}')
            run.finish()
            self.assertEqual(run.problems, [])

    def test_data_races_are_listed_and_decide_nothing(self):
        run = self.record(('a_test', ['1..1', 'ok 1 x/y'], 0))
        for _again in range(2):
            run.console('[    3.1] BUG: KCSAN: data-race in kvm_a / kvm_b')
        run.finish()
        self.assertEqual(run.exit_code(), PASS)
        self.assertIn('  2 x data-race in kvm_a / kvm_b', summary.text(run))

    def test_known_faults_are_neither_passed_nor_failed(self):
        code, text, _results = self.finished(
            ('a_test', ['1..2', 'ok 1 x/y # XFAIL docs/findings.md, 1', 'ok 2 x/z # 3 ms'], 0))
        self.assertEqual(code, PASS)
        self.assertRegex(text, r'PASS: 1 passed, 0 failed, 1 known, 0 skipped')
        self.assertRegex(text, r'docs/findings.md, 1: x/y')

    def test_attempts_that_the_emulator_spoilt(self):
        """What the runner prints for such, see selfcheck/golden.sh."""
        golden = paths.SUITE / 'selfcheck' / 'golden' / 'all.expected'
        code, text, results = self.finished(
            ('demo_test', golden.read_text(encoding='utf-8').splitlines(), 1),
            ('a_test', ['1..1', '# x/y: disturbed, trying again:', '# x/y: oh', 'ok 1 x/y'], 0))
        self.assertEqual(code, FAIL)
        self.assertIn('Disturbed by the emulator and tried again (4 sub-tests, 7 attempts lost, '
                      'see docs/emulator.md):\n'
                      '  demo_test demo/disturbed-once  1 x, then pass\n'
                      '  demo_test demo/disturbed  4 x, then fail\n'
                      '  demo_test demo/disturbed-stuck  1 x, then pass\n'
                      '  a_test x/y  1 x, then pass\n', text)
        self.assertRegex(text, r'FAIL: 6 passed, 8 failed, 1 known, 2 skipped, 4 tried again in')
        self.assertEqual({item['id']: item['repeats'] for program in results['programs']
                          for item in program['results'] if item['repeats']},
                         {'demo/disturbed-once': 1, 'demo/disturbed': 4,
                          'demo/disturbed-stuck': 1, 'x/y': 1})
        self.assertEqual(results['programs'][0]['planned'], 16)

    def test_rounds_that_the_emulator_spoilt(self):
        _code, text, results = self.finished(
            ('gmem_stress', ['1..2',
                             '# 3 rounds lost to the emulator, each with its VM: docs/emulator.md',
                             'ok 1 stress/private', 'ok 2 stress/shared'], 0))
        self.assertIn('Rounds spoilt by the emulator and not judged (see docs/emulator.md):\n'
                      '  gmem_stress stress/private  3\n', text)
        self.assertEqual([item['lost'] for item in results['programs'][0]['results']], [3, 0])

    def test_nothing_spoilt_nothing_said(self):
        _code, text, results = self.finished(
            ('a_test', ['1..1', '# x/y: not "disturbed, trying again:"', 'ok 1 x/y'], 0))
        self.assertNotIn('tried again', text)
        self.assertEqual(results['programs'][0]['results'][0]['repeats'], 0)

    def test_directory_of_another_run(self):
        self.record(('a_test', ['1..1', 'ok 1 x/y'], 0))
        with self.assertRaisesRegex(Problem, 'results of another run'):
            recorder.Recorder(self.base / 'run', [], 'vm')

    def test_new_directories(self):
        first = recorder.new_directory(self.base / 'runs')
        second = recorder.new_directory(self.base / 'runs')
        self.assertNotEqual(first, second)
        self.assertEqual((self.base / 'runs/latest').resolve(), second.resolve())


if __name__ == '__main__':
    unittest.main()
