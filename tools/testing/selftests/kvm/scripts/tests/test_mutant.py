# SPDX-License-Identifier: GPL-2.0-only
"""What the header of a mutant says, and what is refused in one."""

import tempfile
import unittest
from pathlib import Path

from kvmgmem import mutant, mutant_run
from kvmgmem.problem import Problem

HEADER = """// SPDX-License-Identifier: GPL-2.0-only
// mutant: {name}
// fault: a page is not cleared
// expect: NOT_SCRUBBED, LEAK
// killed-by: gmem_scrub_test:scrub/*-host
// file: virt/kvm/guest_memfd.c
{more}
@@ @@
"""


def load(more='', name='some-fault', stem='some-fault'):
    """The mutant of a file with these lines in its header."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / f'{stem}.cocci'
        path.write_text(HEADER.format(name=name, more=more), encoding='utf-8')
        return mutant.load(path)


class Header(unittest.TestCase):
    """Keys, and what follows from them."""

    def test_plain(self):
        """Without a type of VM and a level, programs get no more arguments."""
        found = load()
        self.assertEqual(('NOT_SCRUBBED', 'LEAK'), found.expect)
        self.assertEqual([], found.args())

    def test_arguments(self):
        """The type of VM and the level are the programs' own options."""
        found = load('// vm-type: snp-modelled\n// level: l2')
        self.assertEqual(['--vm-type', 'snp-modelled', '--level', 'l2'], found.args())

    def test_two_levels(self):
        """A program runs at one level."""
        for more in ('// level: l2, smm', '// level: l2\n// level: smm', '// vm-type: snp, tdx',
                     '// emulator: qemu, bochs', '// memory: 2G, 6G'):
            with self.assertRaisesRegex(Problem, 'some-fault.cocci: [a-z-]+: one at most'):
                load(more)

    def test_machine(self):
        """A mutant's machine is what its header says; the control's has no header."""
        found = mutant_run.machine_options(load(
            '// emulator: bochs\n// memory: 6G\n// param: hugepages=1, kvm_amd.npt=0'))
        self.assertEqual(('bochs', '6G', ['hugepages=1'], ['kvm_amd.npt=0']),
                         (found.emulator, found.memory, found.append, found.module_param))
        found = mutant_run.machine_options(None)
        self.assertEqual((None, '2G', [], []),
                         (found.emulator, found.memory, found.append, found.module_param))

    def test_refused(self):
        """An unknown key, a class that is none, a name that is not the file's."""
        for wrong, said in ((lambda: load('// sort: new'), 'unknown header line sort'),
                            (lambda: load('// expect: BROKEN'), 'BROKEN is not one of'),
                            (lambda: load(name='other'), 'the header says mutant: other')):
            with self.assertRaisesRegex(Problem, said):
                wrong()


if __name__ == '__main__':
    unittest.main()
