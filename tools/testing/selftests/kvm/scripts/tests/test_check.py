# SPDX-License-Identifier: GPL-2.0-only
"""The frame of `make check`, and the helpers that it and the testbed share."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import arch, cache, check, check_build, config, paths, progress, suite, vm
from kvmgmem.check import Check, Counts, Failed, Skip
from kvmgmem.problem import Problem


def raising(error):
    """A check that ends so."""
    def function(_bench):
        raise error
    return function


class Claims(unittest.TestCase):
    """A claim that needs the row above."""

    def test_leaning(self):
        """What was there once."""
        for claim in ('the same of shared memory', 'and after pre-fault', 'so is Xen\'s, there too',
                      'nor while vCPUs are created', 'it exits while its file is filled',
                      'reads are zero', 'the same for shared memory, first touched by the host'):
            self.assertTrue(check_build.leans(claim), claim)

    def test_alone(self):
        """What takes its place."""
        for claim in ('no event is lost while vCPUs are created',
                      'a page that is converted there and back keeps the same contents'):
            self.assertFalse(check_build.leans(claim), claim)


class Judge(unittest.TestCase):
    """What becomes of a check."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        for target, name, value in ((paths, 'build_dir', Path(directory.name)),
                                    (progress, 'recall', {}), (progress, 'remember', None)):
            patch = mock.patch.object(target, name, return_value=value)
            patch.start()
            self.addCleanup(patch.stop)

    def judge(self, function, needs=()):
        """(word, text, (passed, failed, skipped))."""
        word, text, counts = check.judge(Check('x', 'y', function, needs=needs), check.Bench('x'))
        return word, text, (counts.passed, counts.failed, counts.skipped)

    def test_plain(self):
        self.assertEqual(self.judge(lambda _bench: 'gcc 12'), ('ok', 'gcc 12', (1, 0, 0)))
        self.assertEqual(self.judge(lambda _bench: None), ('ok', '', (1, 0, 0)))

    def test_counts(self):
        word, text, counts = self.judge(lambda _bench: Counts(5, 0, 2))
        self.assertEqual((word, text, counts), ('ok', '5 passed, 0 failed, 2 skipped', (5, 0, 2)))
        self.assertEqual(self.judge(lambda _bench: Counts(5, 1))[0], 'not ok')

    def test_nothing_counted_is_a_failure(self):
        self.assertEqual(self.judge(lambda _bench: Counts())[::2], ('not ok', (0, 1, 0)))

    def test_ends_early(self):
        for error, word, counts in ((Skip('no TDX'), 'skip', (0, 0, 1)),
                                    (Failed('wrong'), 'not ok', (0, 1, 0)),
                                    (Problem('no mirror\nmore'), 'not ok', (0, 1, 0)),
                                    (KeyError('mistake'), 'not ok', (0, 1, 0))):
            with self.subTest(error=error):
                found = self.judge(raising(error))
                self.assertEqual(found[::2], (word, counts))
                self.assertNotIn('\n', found[1])

    def test_missing_tool_is_a_skip(self):
        word, text, counts = self.judge(lambda _bench: None, needs=('sh', 'no-such-tool'))
        self.assertEqual((word, counts), ('skip', (0, 0, 1)))
        self.assertTrue(text.startswith('no-such-tool: not found'))

    def test_lines_and_sum(self):
        rows = [Check('a', '', lambda _bench: None), Check('b', '', raising(Skip('why'))),
                Check('c', '', lambda _bench: Counts(3, 1, 1, failures=['Failures (1):\n  t\n']))]
        with contextlib.redirect_stdout(io.StringIO()) as said:
            total = check.run_all(rows)
        self.assertEqual(total.text(), '4 passed, 1 failed, 2 skipped')
        self.assertRegex(said.getvalue(), r'^ok a \([^)]*\)\nskip b: why\nnot ok c \(.*\n'
                                          r'# Failures \(1\):\n#   t\n$')

    def test_command_that_takes_too_long(self):
        with self.assertRaisesRegex(Failed, 'took more than'):
            check.Bench('x').code(['sleep', '5'], limit=0.2)


class Helpers(unittest.TestCase):
    """Small parts with edges."""

    def test_configuration(self):
        have = config.settings('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="x y"\n# comment\n')
        self.assertEqual(have, {'CONFIG_A': 'y', 'CONFIG_B': 'n', 'CONFIG_C': '"x y"'})
        self.assertEqual(config.lost({'CONFIG_A': 'm', 'CONFIG_B': 'n', 'CONFIG_Z': 'n'}, have),
                         ['CONFIG_A=m'])
        with self.assertRaisesRegex(Problem, 'VARIANT=x is unknown'):
            config.fragments(arch.find('x86'), 'x')
        with self.assertRaises(Problem):
            config.fragments(arch.find('x86'), 'debug,x')
        both = [path.name for path in config.fragments(arch.find('x86'), 'debug,no-vm-attributes')]
        self.assertEqual(both[-2:], ['debug.config', 'no-vm-attributes.config'])

    def test_architectures(self):
        self.assertEqual(arch.find('x86'), arch.find('x86_64'))
        with self.assertRaisesRegex(Problem, 'ARCH=vax'):
            arch.find('vax')

    def test_choose_programs(self):
        programs = {'gmem_a': 1, 'gmem_b': 2, 'other': 3}
        self.assertEqual(suite.choose(programs, []), list(programs))
        self.assertEqual(suite.choose(programs, ['gmem_*']), ['gmem_a', 'gmem_b'])
        with self.assertRaisesRegex(Problem, 'no program matches x'):
            suite.choose(programs, ['x'])

    def test_split_commands(self):
        programs = {'a': 1, 'b': 2}
        self.assertEqual(suite.split_commands(['a', '--seed', '1', '--', 'b'], programs),
                         [['a', '--seed', '1'], ['b']])
        self.assertEqual(suite.split_commands([], programs), [])
        with self.assertRaisesRegex(Problem, 'no program c'):
            suite.split_commands(['c'], programs)

    def test_arguments(self):
        self.assertEqual(suite.default_commands({'a': 1}, seed='7', extra='--run "x y"'),
                         [['a', '--seed', '7', '--run', 'x y']])
        with self.assertRaisesRegex(Problem, 'SUITE_ARGS'):
            suite.default_commands({'a': 1}, extra='"open')

    def test_stall_limit(self):
        for command, limit in ((['a'], 10), (['a', '--duration', '5'], 15),
                               (['a', '--duration=2.5'], 12.5), (['a', '--duration', 'x'], 10),
                               (['a', '--duration', '5', '--duration', '60'], 70),
                               (['a', '--duration=60', '--duration', '5', '--seed', '7'], 15),
                               (['a', '--duration'], 10)):
            self.assertEqual(vm.stall_limit(command, 10), limit)

    def test_damaged_stamp_is_none(self):
        with tempfile.TemporaryDirectory() as directory:
            self.assertEqual(cache.stamp(directory), {})
            for text in ('', '{"a": 1', '[]', '\x00'):
                Path(directory, cache.STAMP).write_text(text, encoding='utf-8')
                self.assertEqual(cache.stamp(directory), {})

    def test_interrupted_entry_is_not_there(self):
        with tempfile.TemporaryDirectory() as directory:
            entry = Path(directory) / 'entry'
            with self.assertRaises(KeyboardInterrupt), cache.making(entry) as half:
                (half / 'file').touch()
                raise KeyboardInterrupt
            self.assertEqual(list(Path(directory).iterdir()), [])
            with cache.making(entry) as whole:
                (whole / 'file').touch()
            self.assertTrue((entry / 'file').exists())


if __name__ == '__main__':
    unittest.main()
