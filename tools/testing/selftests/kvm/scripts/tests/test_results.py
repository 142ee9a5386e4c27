# SPDX-License-Identifier: GPL-2.0-only
"""Runs that are over: compared with each other, and written for other people's parsers."""

import json
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from kvmgmem import compare, export, results
from kvmgmem.problem import Problem


def result(name, status='pass', **more):
    """A result as results.json has it."""
    return {'id': name, 'status': status, 'klass': '', 'reason': '', 'ms': 10, 'diagnostics': [],
            **more}


def run(*found, name='a_test'):
    """A run of one program."""
    return {'where': 'vm', 'facts': {'kernel': '7.3.4'},
            'programs': [{'name': name, 'results': list(found), 'seconds': 1.0}]}


class Compare(unittest.TestCase):
    """What is different, and what is not."""

    def found(self, first, second):
        """The kinds of difference."""
        return list(compare.differences(first, second))

    def test_the_same(self):
        one = run(result('a/b'), result('a/c', 'fail', klass='ABI'), result('a/d', 'skip'))
        lines, same = compare.text(one, one)
        self.assertTrue(same)
        self.assertIn('exactly the same verdicts, 1 failures in each', lines)

    def test_each_kind(self):
        passed, failed = result('a/b'), result('a/b', 'fail', klass='ABI')
        other = result('a/b', 'fail', klass='HANG')
        skipped = result('a/b', 'skip', reason='why')
        known = result('a/b', 'xfail', reason='docs/findings.md, 1')
        for first, second, kind in (
                (passed, failed, 'fails now'), (failed, other, 'fails otherwise'),
                (failed, passed, 'fails no more'), (passed, skipped, 'skipped otherwise'),
                (skipped, result('a/b', 'skip', reason='why not'), 'skipped otherwise'),
                (passed, known, 'known'), (known, failed, 'fails now')):
            self.assertEqual(self.found(run(first), run(second)), [kind])
        self.assertEqual(self.found(run(), run(passed)), ['new'])
        self.assertEqual(self.found(run(), run(failed)), ['fails now'])
        self.assertEqual(self.found(run(passed), run()), ['not there any more'])

    def test_not_backported(self):
        failed = result('a/b', 'fail', klass='HANG', diagnostics=[
            'a/b: mended since 6.18: KVM: a commit; a kernel that is older lacks it'])
        for first in (run(result('a/b')), run()):
            lines, same = compare.text(first, run(failed))
            self.assertFalse(same)
            self.assertIn('(mended since 6.18: not backported?)', '\n'.join(lines))

    def test_a_known_fault_that_is_rare_is_no_verdict(self):
        one, two = run(result('a/b')), run(result('a/b', 'xfail', reason='docs/findings.md, 1'))
        self.assertTrue(compare.text(one, two)[1])

    def test_time_is_no_verdict(self):
        lines, same = compare.text(run(result('a/b', ms=400)), run(result('a/b', ms=4000)))
        self.assertTrue(same)
        self.assertIn('  a_test:a/b: 400 ms, now 4000 ms', lines)

    def test_a_program_that_ran_twice(self):
        twice = run(result('a/b'))
        twice['programs'] *= 2
        self.assertEqual(len(results.by_test(twice)), 2)

    def test_what_is_no_run(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch, 'results.json')
            for text in ('', '{}', '[]', '{"programs": [{}]}',
                         json.dumps(run(result('a/b', 'maybe')))):
                path.write_text(text, encoding='utf-8')
                with self.assertRaises(Problem):
                    results.load(scratch)
            path.write_text(json.dumps(run(result('a/b'))), encoding='utf-8')
            self.assertEqual(len(results.load(scratch)['programs']), 1)
        with self.assertRaisesRegex(Problem, 'give the directory of a run'):
            results.load(scratch)


class Export(unittest.TestCase):
    """JUnit and flat KTAP."""

    RUN = run(result('a/b'), result('a/c', 'fail', klass='ABI', diagnostics=['<&> \x1b why']),
              result('a/d', 'skip', reason='no such thing'), result('a/e', 'xfail', reason='known'))

    def test_junit(self):
        suite, = xml.fromstring(export.junit(self.RUN))
        self.assertEqual((suite.get('tests'), suite.get('failures'), suite.get('skipped')),
                         ('4', '1', '2'))
        failure = suite[1][0]
        self.assertEqual((failure.tag, failure.get('type'), failure.text),
                         ('failure', 'ABI', '<&> ? why'))

    def test_flat(self):
        self.assertEqual(export.flat(self.RUN).splitlines(), [
            'TAP version 13', '1..4', 'ok 1 a_test:a/b', '# <&> \x1b why',
            'not ok 2 a_test:a/c # ABI', 'ok 3 a_test:a/d # SKIP no such thing',
            'ok 4 a_test:a/e # XFAIL known'])


if __name__ == '__main__':
    unittest.main()
