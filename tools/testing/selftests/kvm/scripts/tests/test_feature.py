# SPDX-License-Identifier: GPL-2.0-only
"""Tests of features: what a list means, and what does not fit a tree."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import feature
from kvmgmem.problem import Problem

PATCH = '''// SPDX-License-Identifier: GPL-2.0-only
// file: virt/one.c

@@
identifier f;
@@
one(struct file *f)
{
+	if (gmem_one(f))
+		return 0;
...
}
'''


class Lists(unittest.TestCase):
    """FEATURE=a,b"""

    def test_needs_come_first(self):
        self.assertEqual([one.name for one in feature.choose('hooks')], ['in-place', 'hooks'])
        self.assertEqual([one.name for one in feature.choose('hooks, in-place')],
                         ['in-place', 'hooks'])

    def test_nothing(self):
        self.assertEqual(feature.choose(''), [])
        self.assertEqual(feature.choose(None), [])

    def test_unknown_is_named(self):
        with self.assertRaisesRegex(Problem, 'FEATURE=nonsense is unknown; use .*in-place'):
            feature.choose('in-place,nonsense')

    def test_every_feature_can_be_loaded(self):
        for path in feature.FEATURES_D.iterdir():
            self.assertEqual(feature.load(path.name).name, path.name)


class Fitting(unittest.TestCase):
    """Does a semantic patch fit the tree?"""

    def test_every_rule_has_to_match(self):
        before = 'int one(struct file *f)\n{\n\treturn 1;\n}\n'
        after = before.replace('{\n', '{\n\tif (gmem_one(f))\n\t\treturn 0;\n')
        self.assertIsNone(feature.too_few(PATCH, before, after))
        self.assertEqual(feature.too_few(PATCH, before, before), 'if')

    def test_names_of_metavariables_do_not_count(self):
        before = 'int one(struct file *filp)\n{\n\treturn 1;\n}\n'
        after = before.replace('{\n', '{\n\tif (gmem_one(filp))\n\t\treturn 0;\n')
        self.assertIsNone(feature.too_few(PATCH, before, after))


class Changing(unittest.TestCase):
    """What a feature does to a tree."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        root = Path(scratch.name)
        self.tree, features_d = root / 'tree', root / 'features.d'
        for name, text in (('tree/virt/Makefile', 'obj-y := one.o\n'),
                           ('features.d/two/feature', 'what: two\npresent: virt/two.h two\n'),
                           ('features.d/two/new/virt/two.c', 'int two;\n'),
                           ('features.d/two/append/virt/Makefile', 'obj-y += two.o\n')):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding='utf-8')
        patcher = mock.patch.object(feature, 'FEATURES_D', features_d)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.two = feature.load('two')

    def test_new_and_appended(self):
        original = self.tree / 'virt/Makefile'
        inode = original.stat().st_ino
        feature.change(self.two, self.tree)
        self.assertEqual(original.read_text(encoding='utf-8'), 'obj-y := one.o\nobj-y += two.o\n')
        self.assertNotEqual(original.stat().st_ino, inode, 'the linked original was written to')
        self.assertEqual((self.tree / 'virt/two.c').read_text(encoding='utf-8'), 'int two;\n')

    def test_nothing_to_append_to(self):
        (self.tree / 'virt/Makefile').unlink()
        with self.assertRaisesRegex(Problem, 'feature two: this kernel has no virt/Makefile'):
            feature.change(self.two, self.tree)

    def test_a_new_file_that_is_there(self):
        (self.tree / 'virt/two.c').write_text('', encoding='utf-8')
        with self.assertRaisesRegex(Problem, 'feature two: this kernel has a virt/two.c'):
            feature.change(self.two, self.tree)

    def test_a_tree_that_has_it(self):
        self.assertFalse(self.two.is_in(self.tree))
        (self.tree / 'virt/two.h').write_text('extern int two;\n', encoding='utf-8')
        self.assertTrue(self.two.is_in(self.tree))


if __name__ == '__main__':
    unittest.main()
