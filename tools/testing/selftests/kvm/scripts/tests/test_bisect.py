# SPDX-License-Identifier: GPL-2.0-only
"""Bisection: the arithmetic of rates, what a result says, and bad input."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from kvmgmem import bisect_history, bisect_rate as rate, bisect_step, bisect_tree
from kvmgmem.ktap import Result
from kvmgmem.problem import Problem


class Rates(unittest.TestCase):
    """Runs that a commit needs."""

    def test_lower_bound(self):
        """Clopper and Pearson's, one-sided at 90 %."""
        self.assertAlmostEqual(rate.lower_bound(5, 5), 0.1 ** (1 / 5), places=6)
        self.assertAlmostEqual(rate.lower_bound(1, 10), 1 - 0.9 ** (1 / 10), places=6)
        self.assertEqual(rate.lower_bound(0, 60), 0.0)

    def test_runs(self):
        """All steps together are wrong with 5 % at most."""
        for share in (0.05, 0.3, 0.63, 1.0):
            for steps in (1, 6, 20):
                runs = rate.runs_needed(share, steps, 0.95)
                self.assertGreaterEqual(rate.certainty(share, runs) ** steps, 0.95 - 1e-9)
                if runs > 1 and share < 1:
                    self.assertLess(rate.certainty(share, runs - 1), 1 - 0.05 / steps)
        self.assertEqual(rate.runs_needed(0.5, 1, 0.99), 7)
        self.assertEqual(rate.runs_needed(0.1, 1, 0.99), 44)

    def test_steps(self):
        """As many as git may ask about."""
        self.assertEqual([rate.steps_of(n) for n in (1, 2, 3, 24, 1024)], [2, 2, 3, 6, 11])


class Steps(unittest.TestCase):
    """One commit."""

    def test_class(self):
        """Also of a failure that the suite knows."""
        self.assertEqual(bisect_step.failure(Result('p', 't', 'fail', 'LEAK')), 'LEAK')
        self.assertEqual(bisect_step.failure(Result('p', 't', 'pass')), '')
        self.assertEqual(bisect_step.failure(Result('p', 't', 'skip')), '')
        known = Result('p', 't', 'xfail', diagnostics=['known: x', 't: ABI: wrong errno'])
        self.assertEqual(bisect_step.failure(known), 'ABI')

    def test_broken_tools(self):
        """Whatever goes wrong with us, git must not take it for a verdict."""
        with tempfile.TemporaryDirectory() as scratch:
            state = Path(scratch) / 'state.json'
            self.assertEqual(bisect_step.main(str(state)), bisect_step.STOP)
            state.write_text('{"question": {}}', encoding='utf-8')
            self.assertEqual(bisect_step.main(str(state)), bisect_step.STOP)

    def test_seeds(self):
        """Those that hit come first, none comes twice."""
        self.assertEqual(bisect_step.seeds([7, 2], 5), [7, 2, 1, 3, 4])
        self.assertEqual(bisect_step.seeds([], 3), [1, 2, 3])


class Plans(unittest.TestCase):
    """Made-up histories."""

    def test_plan(self):
        """One planted commit; what spoils is mended at once, and the planted one is not behind."""
        for seed in range(50):
            kinds = bisect_history.plan(24, seed, tuple(bisect_history.SPOILS))
            self.assertEqual(kinds.count('planted'), 1)
            self.assertEqual(kinds.count('mended'), 3)
            for spoil in bisect_history.SPOILS:
                self.assertEqual(kinds[kinds.index(spoil) + 1], 'mended')
            self.assertIn(kinds[11], bisect_history.SPOILS)


class Trees(unittest.TestCase):
    """What is refused, in one line."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.path = Path(scratch.name).resolve() / 'linux'
        (self.path / 'virt/kvm').mkdir(parents=True)
        (self.path / 'Kbuild').write_text('', encoding='utf-8')
        (self.path / 'Makefile').write_text('VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\n',
                                            encoding='utf-8')

    def commit(self):
        """Another commit."""
        with open(self.path / 'Kbuild', 'a', encoding='utf-8') as file:
            file.write('#\n')
        bisect_history.git(self.path, 'add', '-A')
        bisect_history.git(self.path, 'commit', '-qm', 'x')
        return bisect_history.git(self.path, 'rev-parse', 'HEAD')

    def test_bad_input(self):
        """No tree, no git, no revision, wrong order, changes."""
        with self.assertRaisesRegex(Problem, 'give --ksrc'):
            bisect_tree.Tree(None)
        with self.assertRaisesRegex(Problem, 'not the top of a git tree'):
            bisect_tree.Tree(self.path)
        subprocess.run(['git', 'init', '-q', str(self.path)], check=True)
        first, second = self.commit(), self.commit()
        with self.assertRaisesRegex(Problem, 'not the top of a git tree'):
            bisect_tree.Tree(self.path / 'virt')
        tree = bisect_tree.Tree(self.path)
        with self.assertRaisesRegex(Problem, '--good v9: no such revision'):
            tree.commit('--good', 'v9')
        with self.assertRaisesRegex(Problem, '--good --help: no such revision'):
            tree.commit('--good', '--help')
        with self.assertRaisesRegex(Problem, 'no ancestor'):
            tree.between(second, first)
        with self.assertRaisesRegex(Problem, 'same commit'):
            tree.between(first, first)
        self.assertEqual(tree.between(first, second), 1)
        tree.must_be_clean()
        (self.path / 'Kbuild').write_text('changed', encoding='utf-8')
        with self.assertRaisesRegex(Problem, 'has changes .*Kbuild.*commit or stash'):
            tree.must_be_clean()


if __name__ == '__main__':
    unittest.main()
