# SPDX-License-Identifier: GPL-2.0-only
"""Programs run on this machine, without a virtual one: made-up programs, no KVM."""

import argparse
import contextlib
import errno
import io
import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import arch, host, job, process, progress, recorder
from kvmgmem.problem import FAIL, PASS, Problem

GOOD = 'echo TAP version 13; echo 1..1; echo "ok 1 x/y # 3 ms"'


class OnThisMachine(unittest.TestCase):
    """job.run_on_host(), from the command line of a program to the summary."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.base = Path(directory.name)
        for target, name, value in ((progress, 'remember', None), (progress, 'recall', {}),
                                    (recorder.live, 'say', None)):
            patch = mock.patch.object(target, name, return_value=value)
            patch.start()
            self.addCleanup(patch.stop)

    def run_programs(self, stall=60.0, **programs):
        """(exit code, what was said, results.json) of shell scripts by name."""
        paths = {}
        for name, text in programs.items():
            paths[name] = self.base / name
            paths[name].write_text(f'#!/bin/sh\n{text}\n', encoding='utf-8')
            paths[name].chmod(0o755)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = job.run_on_host(paths, [[name] for name in paths],
                                   argparse.Namespace(stall=stall), self.base / 'run')
        results = json.loads((self.base / 'run/results.json').read_text(encoding='utf-8'))
        return code, said.getvalue(), results

    def test_pass(self):
        code, said, results = self.run_programs(a_test=GOOD, b_test=GOOD)
        self.assertEqual((code, results['where'], results['problems']), (PASS, 'host', []))
        self.assertRegex(said, r'(?m)^Where: this machine, Linux ')
        self.assertRegex(said, r'(?m)^PASS: 2 passed, 0 failed, 0 skipped')
        self.assertTrue((self.base / 'run/01-a_test.ktap').is_file())

    def test_what_a_program_leaves(self):
        self.run_programs(a_test=f'{GOOD}; echo seed > "$KVM_GMEM_OUT/plan"')
        self.assertEqual((self.base / 'run/files/plan').read_text(encoding='utf-8'), 'seed\n')

    def test_one_that_dies_does_not_end_the_run(self):
        code, _said, results = self.run_programs(a_test=f'{GOOD}; kill -SEGV $$', b_test=GOOD)
        first, second = results['programs']
        self.assertEqual((code, first['verdict'], second['verdict']), (FAIL, 'fail', 'pass'))
        self.assertIn('SIGSEGV', first['results'][-1]['diagnostics'][0])

    def test_one_that_is_silent_for_too_long(self):
        with mock.patch.object(process, 'GRACE', 0.2):
            code, said, results = self.run_programs(
                stall=0.5, a_test=f'trap "" TERM; {GOOD}; while :; do sleep 1; done', b_test=GOOD)
        self.assertEqual(code, FAIL)
        first, second = results['programs']
        self.assertEqual([item['klass'] for item in first['results']], ['', 'HANG'])
        self.assertEqual(second['verdict'], 'pass')
        self.assertRegex(said, r'nothing heard for 0 s; killed')

    def test_interrupted(self):
        with mock.patch.object(host, 'follow', side_effect=KeyboardInterrupt), \
                self.assertRaises(KeyboardInterrupt):
            self.run_programs(a_test='sleep 600', b_test=GOOD)
        results = json.loads((self.base / 'run/results.json').read_text(encoding='utf-8'))
        self.assertEqual(results['exit_code'], FAIL)
        self.assertEqual(results['problems'],
                         ['interrupted', '1 of 2 programs did not run: b_test'])

    def test_full_disk(self):
        """The last program of a run: without its end the run would look like a good one."""
        line = recorder.Recorder.line

        def full(run, text):
            line(run, text)
            if text.startswith('ok'):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with mock.patch.object(recorder.Recorder, 'line', full), \
                self.assertRaisesRegex(Problem, 'run: No space left on device'):
            self.run_programs(a_test=GOOD)
        results = json.loads((self.base / 'run/results.json').read_text(encoding='utf-8'))
        self.assertEqual(results['exit_code'], FAIL)
        self.assertEqual(results['problems'], ['cannot write results: No space left on device'])


class Choice(unittest.TestCase):
    """Where to run."""

    def choose(self, wanted, usable):
        """job.choose_environment() on a machine like this."""
        with mock.patch.object(host, 'probe', return_value=(usable, 'why')), \
                mock.patch.object(job.os, 'access', return_value=True):
            return job.choose_environment(wanted, arch.find())[0]

    def test_by_what_the_machine_has(self):
        self.assertEqual([self.choose(wanted, usable) for wanted in (None, 'auto', 'vm', 'host')
                          for usable in (False, True)],
                         ['vm', 'host', 'vm', 'host', 'vm', 'vm', 'host', 'host'])

    def test_nonsense(self):
        with self.assertRaisesRegex(Problem, 'KVM_ENV=x is unknown; use auto, vm, host'):
            self.choose('x', True)

    def test_host_without_kvm(self):
        with mock.patch.object(host, 'probe', return_value=(False, '/dev/kvm: No such file')), \
                mock.patch.object(job.os, 'access', return_value=False), \
                self.assertRaisesRegex(Problem, 'KVM_ENV=host, but /dev/kvm: No such file'):
            job.choose_environment('host', arch.find())

    def test_another_architecture(self):
        foreign = next(row for row in arch.ARCHES.values() if not row.native)
        self.assertEqual(job.choose_environment('auto', foreign),
                         ('vm', f'this machine is no {foreign.name}'))
        with self.assertRaisesRegex(Problem, 'KVM_ENV=host, but this machine is no'):
            job.choose_environment('host', foreign)


if __name__ == '__main__':
    unittest.main()
