# SPDX-License-Identifier: GPL-2.0-only
"""What runs within a time."""

import unittest
from unittest import mock

from kvmgmem import budget
from kvmgmem.problem import Problem

COMMANDS = [['gmem_account_test'], ['gmem_race_test'], ['gmem_stale_test'], ['slow_test'],
            ['gmem_stress', '--duration', '1.5', '--seed', '7']]


class Budget(unittest.TestCase):
    """By what programs took the last time."""

    def setUp(self):
        times = {'run/vm/slow_test': {'seconds': 300.0}}
        patch = mock.patch('kvmgmem.progress.recall', lambda key: times.get(key, {}))
        patch.start()
        self.addCleanup(patch.stop)

    def test_text(self):
        """Seconds, minutes, hours; anything else is one line."""
        self.assertEqual([budget.seconds_of(text) for text in ('90', '60s', '10m', '8h')],
                         [90, 60, 600, 28800])
        for text in ('', '10', '1d', '-5m', '1.5h', '60 s'):
            with self.assertRaisesRegex(Problem, 'give a time such as'):
                budget.seconds_of(text)

    def test_short(self):
        """The most telling first, what is too long is left out, races where the faults were."""
        chosen, out = budget.fit(COMMANDS, 60, 'vm')
        self.assertEqual([command[0] for command in chosen],
                         ['gmem_stale_test', 'gmem_account_test', 'gmem_race_test', 'gmem_stress'])
        self.assertEqual(out, ['slow_test'])
        self.assertIn('race/*/guest-*+punch', chosen[2])
        self.assertEqual(chosen[3][:3], ['gmem_stress', '--seed', '7'])
        self.assertEqual(chosen[3].count('--duration'), 1)

    def test_long(self):
        """Everything, and the time that is left goes to races and plans."""
        chosen, out = budget.fit(COMMANDS, 8 * 3600, 'vm')
        self.assertEqual((len(chosen), out), (len(COMMANDS), []))
        self.assertNotIn('--run', chosen[3])
        self.assertGreater(float(chosen[3][-1]), 10)
        self.assertGreater(float(chosen[4][-1]), 1000)


if __name__ == '__main__':
    unittest.main()
