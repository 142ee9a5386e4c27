# SPDX-License-Identifier: GPL-2.0-only
"""What is run to measure the time to detect, and what the programs' output says of it."""

import unittest
from types import SimpleNamespace

from kvmgmem import mutant_ttd

MUTANT = SimpleNamespace(killed_by=('gmem_race_test:race/*/a+b', 'gmem_race_test:race/*/a+c',
                                    'gmem_stress:stress/*'), args=lambda: [])


def result(*diagnostics):
    """A sub-test's result, as far as it is looked at."""
    return SimpleNamespace(diagnostics=diagnostics)


class TimeToDetect(unittest.TestCase):
    """Commands and counts."""

    def test_only_named_programs(self):
        """A program that the header does not name is not run."""
        chosen = mutant_ttd.concerned(MUTANT, ['gmem_stale_test', 'gmem_stress'])
        self.assertEqual(['gmem_stress'], chosen)

    def test_command(self):
        """All patterns of the program, and a duration only where one is wanted."""
        args = SimpleNamespace(duration=1.0, whole=False)
        self.assertEqual(['gmem_race_test', '--run', 'race/*/a+b', '--run', 'race/*/a+c',
                          '--seed', '7', '--duration', '1.0'],
                         mutant_ttd.command(MUTANT, 'gmem_race_test', 7, args))
        args.duration = None
        self.assertEqual(['gmem_stress', '--run', 'stress/*', '--seed', '7'],
                         mutant_ttd.command(MUTANT, 'gmem_stress', 7, args))

    def test_whole_program(self):
        """As `make run` does, so without a choice; and then any failure is the kill."""
        args = SimpleNamespace(duration=None, whole=True)
        self.assertEqual(['gmem_race_test', '--seed', '7'],
                         mutant_ttd.command(MUTANT, 'gmem_race_test', 7, args))
        watch = mutant_ttd.Stopwatch.__new__(mutant_ttd.Stopwatch)
        watch.whole = True
        self.assertTrue(watch.notices(SimpleNamespace(status='fail')))
        self.assertFalse(watch.notices(SimpleNamespace(status='xfail')))

    def test_attempts(self):
        """Of sub-tests that passed, of races that failed, and of rounds that did."""
        passed = result('20 races, 5 overlapped; 1 and 2 cycles', '20 attempts, 5 overlaps')
        race = result('STALE_MAPPING: shared, race 11 on page 3 slot 2: before or in it')
        stress = result('LOST_DATA: private, seed 0x3, round 13: 1 words wrong, the first:')
        cache = result('STALE_MAPPING: pv_time, remap, round 17: byte 0x10 of what')
        self.assertEqual(31, mutant_ttd.attempts([passed, race]))
        self.assertEqual(13, mutant_ttd.attempts([stress]))
        self.assertEqual(17, mutant_ttd.attempts([cache]))


if __name__ == '__main__':
    unittest.main()
