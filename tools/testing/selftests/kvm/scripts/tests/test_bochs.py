# SPDX-License-Identifier: GPL-2.0-only
"""What Bochs is asked for, and what is said where it cannot be had."""

import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import arch, bochs, emulator, qemu
from kvmgmem.problem import Problem


class Names(unittest.TestCase):
    """EMULATOR=NAME."""

    def test_find(self):
        self.assertIs(emulator.find(None), qemu.Qemu)
        self.assertIs(emulator.find('bochs'), bochs.Bochs)
        with self.assertRaisesRegex(Problem, '^EMULATOR=vbox is unknown; use qemu, bochs$'):
            emulator.find('vbox')


class Machine(unittest.TestCase):
    """CPUs, and what has to be installed."""

    def test_cpus(self):
        self.assertEqual(bochs.topology(2), '1:2:1')
        for cpus in (1, 9):
            with self.assertRaisesRegex(Problem, f'^{cpus} CPUs: Bochs has 2 to 8$'):
                bochs.topology(cpus)

    def test_memory(self):
        self.assertEqual(bochs.megabytes_of('1536M'), 1536)
        with self.assertRaisesRegex(Problem, '^6G of memory: Bochs has 2048M at most$'):
            bochs.megabytes_of('6G')

    def test_other_architecture(self):
        with self.assertRaisesRegex(Problem, 'emulates x86, not aarch64'):
            bochs.Bochs.version(arch.find('arm64'))

    def test_not_installed(self):
        with mock.patch.object(bochs, 'NEEDED', (Path('/no/such/file'),)), \
             mock.patch.object(bochs.shutil, 'which', lambda name: name), \
             self.assertRaisesRegex(Problem, '^EMULATOR=bochs, but /no/such/file is not installed; '
                                    'as root: apt-get install --no-install-recommends bochs '):
            bochs.Bochs.version(arch.find('x86'))


if __name__ == '__main__':
    unittest.main()
