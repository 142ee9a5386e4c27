# SPDX-License-Identifier: GPL-2.0-only
"""What is said about a machine for confidential guests, by the files that it has."""

import tempfile
import unittest
from pathlib import Path

from kvmgmem import confidential


class Facts(unittest.TestCase):
    """A tree of files in place of the machine's."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.root = Path(self.directory.name)

    def write(self, path, text):
        """Make a file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding='utf-8')

    def test_nothing(self):
        """Neither is there, or both are off."""
        self.assertEqual(confidential.facts(self.root), {})
        self.write('sys/module/kvm_amd/parameters/sev_snp', 'N\n')
        self.write('sys/module/kvm_intel/parameters/tdx', 'N\n')
        self.assertEqual(confidential.facts(self.root), {})

    def test_model(self):
        """A modelled machine is called that, whatever else there is."""
        self.write('sys/module/kvm_amd/parameters/snpsim_assigned', '0\n')
        self.write('sys/module/kvm_amd/parameters/sev_snp', 'Y\n')
        self.assertEqual(confidential.facts(self.root), {'snp': 'modelled machine'})

    def test_no_device(self):
        """What is missing is named."""
        self.write('sys/module/kvm_amd/parameters/sev_snp', 'Y\n')
        text = confidential.facts(self.root)['snp']
        self.assertIn('/dev/sev cannot be opened (No such file or directory)', text)
        self.assertIn('ASIDs not counted', text)

    def test_not_firmware(self):
        """A device that is none says so, and ASIDs are counted."""
        self.write('sys/module/kvm_amd/parameters/sev_snp', '1\n')
        self.write('dev/sev', '')
        self.write('sys/fs/cgroup/misc.capacity', 'sev 410\nsev_es 99\n')
        self.write('sys/fs/cgroup/misc.current', 'sev 0\nsev_es 2\n')
        self.assertEqual(confidential.facts(self.root)['snp'],
                         'firmware does not tell its version (Inappropriate ioctl for device), '
                         'ASIDs: 2 of 99 in use')

    def test_tdx(self):
        """The module's version, and its key ids."""
        self.write('sys/module/kvm_intel/parameters/tdx', 'Y\n')
        self.assertEqual(confidential.facts(self.root)['tdx'],
                         'module ?, key ids not counted (no misc controller)')
        self.write('sys/devices/faux/tdx_host/version', '1.5.05\n')
        self.write('sys/fs/cgroup/misc.capacity', 'tdx 31\nother max\n')
        self.assertEqual(confidential.facts(self.root)['tdx'],
                         'module 1.5.05, key ids: 0 of 31 in use')


if __name__ == '__main__':
    unittest.main()
