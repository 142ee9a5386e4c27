# SPDX-License-Identifier: GPL-2.0-only
"""The kill matrix: what counts as seen to fail, and which lines are refused."""

import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from kvmgmem import mutant_kills as kills
from kvmgmem.problem import Problem

LINES = 'a_test:x/one\tsome-fault\tABI\na_test:y/*\tfinding 3\tXFAIL\na_test:z/two\t-\tno machine\n'
TESTS = ['a_test:x/one', 'a_test:y/1', 'a_test:y/2', 'a_test:z/two', 'a_test:z/three']


def result(name, status='fail', klass='ABI', reason='', diagnostics=()):
    """A result as results.json has it."""
    return {'id': name, 'status': status, 'klass': klass, 'reason': reason,
            'diagnostics': list(diagnostics)}


def run(*results):
    """A results.json with one program."""
    return {'programs': [{'name': 'a_test', 'results': list(results)}]}


def seen(*results, expect=('ABI',)):
    """The kills of a run of one mutant."""
    mutant = SimpleNamespace(name='some-fault', expect=expect)
    return [(kill.test, kill.by) for kill in kills.of_run(mutant, run(*results))]


class File(unittest.TestCase):
    """Lines, read and written."""

    def test_there_and_back(self):
        """What was written is what is read; comments are not lines."""
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, 'kills')
            kills.write(kills.parse(LINES), path)
            self.assertEqual(kills.parse(LINES), kills.read(path))
            self.assertTrue(path.read_text(encoding='utf-8').endswith(LINES))

    def test_refused(self):
        """Not three columns, no program, a test twice: the line's number is told."""
        for text in ('a_test:x/one some-fault ABI', 'x/one\tsome-fault\tABI',
                     'a_test:x/one\tsome-fault\t'):
            with self.assertRaisesRegex(Problem, 'kills, line 2: not PROGRAM:SUB-TEST'):
                kills.parse(f'# a comment\n{text}\n')
        with self.assertRaisesRegex(Problem, 'kills, line 4: a_test:x/one a second time'):
            kills.parse(LINES + 'a_test:x/one\tother\tABI\n')

    def test_unseen(self):
        """A line of its own or a pattern's will do; "-" is a line."""
        self.assertEqual(['a_test:z/three'], kills.unseen(kills.parse(LINES), TESTS))

    def test_unknown(self):
        """A mutant or a sub-test that is gone; programs of another architecture may stay."""
        self.assertEqual([], list(kills.unknown(kills.parse(LINES), TESTS, ['some-fault'])))
        self.assertEqual(['a_test:x/one: there is no mutant some-fault'],
                         list(kills.unknown(kills.parse(LINES), TESTS, ['other'])))
        odd = kills.parse('a_test:x/one\tsome-fault\tODD\n')
        self.assertEqual(['a_test:x/one: there is no class ODD'],
                         list(kills.unknown(odd, TESTS, ['some-fault'])))
        more = kills.parse(LINES + 'a_test:gone\t-\tx\nb_test:x\t-\tx\n')
        self.assertEqual(['a_test:gone: there is no such sub-test'],
                         list(kills.unknown(more, TESTS, ['some-fault'])))


class Seen(unittest.TestCase):
    """Of a run, what counts."""

    def test_failures(self):
        """A failed sub-test does, a skip does not, nor a lost program, nor what is the set-up's."""
        self.assertEqual([('a_test:x', 'some-fault')], seen(
            result('x'), result('y', 'pass', ''), result('z', 'skip', '', 'not exercised'),
            result('(program)', klass='KERNEL'), result('s', klass='SETUP')))

    def test_findings(self):
        """What fails as known names its finding."""
        self.assertEqual([('a_test:x', 'finding 12')],
                         seen(result('x', 'xfail', '', 'docs/findings.md, 12')))

    def test_hang(self):
        """A hang may be the machine's, unless the mutant is one that hangs."""
        self.assertEqual([], seen(result('x', klass='HANG')))
        self.assertEqual([('a_test:x', 'some-fault')],
                         seen(result('x', klass='HANG'), expect=('HANG',)))

    def test_lost(self):
        """A kernel that died counts for the sub-test that ran; a program that crashed does not."""
        ran = ['the kernel died: Oops (while x/y ran)']
        self.assertEqual([('a_test:x/y', 'some-fault')],
                         seen(result('(program)', klass='KERNEL', diagnostics=ran)))
        self.assertEqual([], seen(result('(program)', klass='KERNEL', diagnostics=['x']),
                                  result('(program)', klass='CRASH', diagnostics=ran)))

    def test_merge(self):
        """A line stays as long as it says something; "-" gives way."""
        known = kills.parse(LINES)
        more = [kills.Kill('a_test:x/one', 'new', 'ABI'), kills.Kill('a_test:z/two', 'new', 'ABI'),
                kills.Kill('a_test:z/three', 'new', 'ABI')]
        self.assertEqual(2, kills.merge(known, more))
        self.assertEqual(['some-fault', 'new', 'new'], [known[k.test].by for k in more])


if __name__ == '__main__':
    unittest.main()
