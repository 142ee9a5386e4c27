# SPDX-License-Identifier: GPL-2.0-only
"""Rules of the house: each of them is seen to fail."""

import unittest

from kvmgmem import check_floors, paths

FLOORS = ['harness', 'oracle', 'machine']


def found(**more):
    """Complaints about a small suite, with more files in it."""
    texts = {
        'abi/token.h': '', 'lib/harness/verdict.h': '', 'lib/machine/vm.h': '',
        'lib/oracle/parts.h': '', 'guest/guest.h': '#include "abi/token.h"\n',
        'lib/oracle/log.c': '#include <stdio.h>\n#include "harness/verdict.h"\n'
                            '#include "oracle/parts.h"\n',
        'selfcheck/a.h': '', 'selfcheck/a.c': '#include "a.h"\n#include "kselftest.h"\n',
        'a_test.c': '#include "machine/vm.h"\n',
    }
    texts.update({name.replace('__', '/').replace('_DOT_', '.'): text
                  for name, text in more.items()})
    return list(check_floors.complaints(texts, FLOORS))


class Floors(unittest.TestCase):
    """Includes between folders."""

    def test_good(self):
        """Downwards, and within a folder."""
        self.assertEqual(found(), [])

    def test_upward(self):
        """A lower floor includes a higher one."""
        said, = found(lib__harness__x_DOT_c='#include "machine/vm.h"\n')
        self.assertIn('lib/harness/x.c includes machine/vm.h: machine is not below it', said)

    def test_private(self):
        """A private header is used elsewhere, be it from above."""
        said, = found(lib__machine__x_DOT_c='#include "oracle/parts.h"\n')
        self.assertIn('private to lib/oracle/', said)

    def test_guest(self):
        """The agent knows nothing but its ABI."""
        said, = found(guest__x_DOT_c='#include "harness/verdict.h"\n')
        self.assertIn('allowed: abi, guest', said)

    def test_selfcheck(self):
        """Tests without KVM do not include it."""
        said, = found(selfcheck__x_DOT_c='#include "machine/vm.h"\n')
        self.assertIn('machine is not below it', said)

    def test_bare(self):
        """Without its folder a name does not say where it leads."""
        said, = found(lib__machine__x_DOT_c='#include "vm.h"\n')
        self.assertIn('no such header', said)

    def test_order(self):
        """The Makefile's list is what counts."""
        self.assertEqual(check_floors.order('FLOORS := a b\nFLOORS_x86 := c\n'), ['a', 'b', 'c'])
        names = check_floors.order((paths.SUITE / 'Makefile').read_text(encoding='utf-8'))
        self.assertEqual({path.name for path in (paths.SUITE / 'lib').iterdir()}, set(names))
