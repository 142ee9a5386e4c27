# SPDX-License-Identifier: GPL-2.0-only
"""Finding the mirror in the machine's own apt configuration, in both of its formats."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import mirror
from kvmgmem.problem import Problem

DEBIAN = {'ID': 'debian', 'VERSION_CODENAME': 'bookworm', 'PRETTY_NAME': 'Debian 12'}
KEY = '/usr/share/keyrings/debian-archive-keyring.gpg'


class Parse(unittest.TestCase):
    """One file."""

    def test_one_line_style(self):
        text = ('# deb http://off.example/debian bookworm main\n'
                'deb http://a.example/debian bookworm main contrib # comment\n'
                'deb-src http://a.example/debian bookworm main\n'
                f'  deb [arch=amd64 signed-by={KEY}] http://b.example/debian/ sid main\n')
        self.assertEqual(list(mirror.list_entries(text)), [
            ('http://a.example/debian', 'bookworm', ['main', 'contrib'], ''),
            ('http://b.example/debian/', 'sid', ['main'], KEY)])

    def test_deb822(self):
        text = ('# a comment\nTypes: deb deb-src\nURIs: http://a.example/debian\n'
                'Suites: bookworm\n bookworm-updates\nComponents: main\n'
                f'Signed-By: {KEY}\n\n'
                'Enabled: no\nTypes: deb\nURIs: http://off.example/\nSuites: x\n'
                'Components: main\n\n'
                'types: deb-src\nuris: http://src.example/\nsuites: x\ncomponents: main\n')
        self.assertEqual(list(mirror.deb822_entries(text)), [
            ('http://a.example/debian', 'bookworm', ['main'], KEY),
            ('http://a.example/debian', 'bookworm-updates', ['main'], KEY)])

    def test_comment_inside_a_paragraph(self):
        text = 'Types: deb\n# why\nURIs: http://a.example/\nSuites: s\nComponents: main\n'
        self.assertEqual(len(list(mirror.deb822_entries(text))), 1)

    def test_nonsense_is_nothing(self):
        for text in ('', 'nonsense', 'deb\n', 'deb http://x\n', 'Types: deb\n\n', '\x00\xff'):
            self.assertEqual(list(mirror.list_entries(text)), [])
            self.assertEqual(list(mirror.deb822_entries(text)), [])


class Machine(unittest.TestCase):
    """A whole configuration."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.apt = Path(directory.name)
        (self.apt / 'sources.list.d').mkdir()
        (self.apt / 'keyring').touch()
        patch = mock.patch.object(mirror, 'KEYRING', self.apt / 'keyring')
        patch.start()
        self.addCleanup(patch.stop)

    def lines(self, release=None):
        """sources.list lines, without the key."""
        found = mirror.lines(self.apt, DEBIAN if release is None else release)
        return [line.split('] ', 1)[1] for line in found]

    def write(self, name, text):
        """A file of the configuration."""
        (self.apt / name).write_text(text, encoding='utf-8')

    def test_backports_are_added_for_the_same_mirror(self):
        self.write('sources.list', 'deb http://a.example/debian bookworm main\n')
        lines = self.lines()
        self.assertIn('http://a.example/debian bookworm-backports main', lines)
        self.assertIn('http://a.example/debian trixie-backports main', lines)
        self.assertEqual(len(lines), len(set(lines)))

    def test_security_and_foreign_archives_are_left_out(self):
        self.write('sources.list', 'deb http://s.example/debian-security bookworm-security/x main\n'
                                   'deb http://u.example/debian bookworm-updates main\n'
                                   'deb [signed-by=/etc/vendor.gpg] http://v.example/ any main\n'
                                   'deb http://n.example/debian bookworm contrib\n')
        with self.assertRaisesRegex(Problem, 'no Debian mirror'):
            self.lines()

    def test_sources_directory_and_other_files(self):
        self.write('sources.list.d/debian.sources',
                   'Types: deb\nURIs: http://a.example/\nSuites: bookworm\nComponents: main\n')
        self.write('sources.list.d/debian.sources.bak',
                   'Types: deb\nURIs: http://b.example/\nSuites: bookworm\nComponents: main\n')
        self.assertTrue(all('a.example' in line for line in self.lines()))

    def test_one_suite_alone(self):
        self.write('sources.list', 'deb http://a.example/debian bookworm main\n')
        found = mirror.lines(self.apt, DEBIAN, 'experimental')
        self.assertEqual([line.split('] ', 1)[1] for line in found],
                         ['http://a.example/debian experimental main'])

    def test_not_debian(self):
        for release in ({}, {'ID': 'fedora', 'PRETTY_NAME': 'Fedora 43'}):
            with self.assertRaisesRegex(Problem, 'KSRC='):
                self.lines(release)


if __name__ == '__main__':
    unittest.main()
