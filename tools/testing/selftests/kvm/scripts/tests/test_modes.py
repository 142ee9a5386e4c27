# SPDX-License-Identifier: GPL-2.0-only
"""The table of modes, and the matrix."""

import json
import tempfile
import unittest
from pathlib import Path

from kvmgmem import emulator, modes
from kvmgmem.problem import Problem


class Modes(unittest.TestCase):
    """Rows, choices, cells."""

    def test_table(self):
        """Every row is complete, no name comes twice, the first one is the default."""
        rows = modes.load()
        names = [mode.name for mode in rows]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual((rows[0].name, rows[0].append), ('default', ()))
        ways = {(mode.archs, mode.emulator, mode.append, mode.arguments) for mode in rows}
        self.assertEqual(len(ways), len(rows))
        for mode in rows:
            self.assertIn(mode.emulator, emulator.EMULATORS)
            self.assertTrue(mode.reaches and mode.lacks, mode.name)
        self.assertEqual([mode.arguments for mode in rows if mode.name == 'l2-npt'],
                         [('--level', 'l2-npt')])

    def test_choice(self):
        """All of an architecture, or those that are named, in the table's order."""
        self.assertEqual([mode.name for mode in modes.choose('all', 'arm64')],
                         ['default', 'nvhe', 'protected'])
        self.assertEqual([mode.name for mode in modes.choose('shadow,default', 'x86')],
                         ['default', 'shadow'])
        self.assertEqual([mode.name for mode in modes.choose('vmx-l2 smm', 'x86')],
                         ['smm', 'vmx-l2'])
        self.assertEqual({mode.emulator for mode in modes.choose('all', 'x86')}, {'qemu'})
        for text in ('nvhe', 'shadow,x', ' '):
            with self.assertRaisesRegex(Problem, 'use all, or some of default, tdp-mmu-off'):
                modes.choose(text, 'x86')

    def test_matrix(self):
        """Programs by modes; what did not run is a dash."""
        def run(**programs):
            return {'programs': [{'name': name, 'results': [{'status': status} for status in found]}
                                 for name, found in programs.items()]}
        lines = modes.matrix({'default': run(a=['pass', 'pass'], b=['skip']),
                              'shadow': run(a=['pass', 'fail', 'xfail'])})
        self.assertEqual(lines[1].split(), ['program', 'default', 'shadow'])
        self.assertIn('FAIL 1, 1, known 1', lines[2])
        self.assertEqual(lines[3].split(), ['b', 'skip', '1', '-'])
        self.assertEqual(lines[4].split(), 'all 2, skip 1 FAIL 1, 1, known 1'.split())

    def test_kept(self):
        """Modes and programs of several runs; a program that ran again counts once, the later."""
        def run(directory, mode, **programs):
            place = Path(directory) / mode
            place.mkdir(parents=True)
            text = {'programs': [{'name': name, 'results': [{'id': '1', 'status': status}]}
                                 for name, status in programs.items()]}
            (place / 'results.json').write_text(json.dumps(text), encoding='utf-8')
        with tempfile.TemporaryDirectory() as base:
            run(f'{base}/1', 'shadow', b='fail', a='pass')
            run(f'{base}/2', 'shadow', b='pass')
            run(f'{base}/2', 'default', b='skip')
            found = modes.kept([f'{base}/1', f'{base}/2'])
            self.assertEqual([line.split() for line in modes.matrix(found)[1:]], [
                ['program', 'default', 'shadow'], ['b', 'skip', '1', '1'], ['a', '-', '1'],
                ['all', 'skip', '1', '2']])
            with self.assertRaisesRegex(Problem, 'no mode\'s results in there; give'):
                modes.kept([base])


if __name__ == '__main__':
    unittest.main()
