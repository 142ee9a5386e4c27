# SPDX-License-Identifier: GPL-2.0-only
"""Checks that read files: each is seen to fail."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import check_style
from kvmgmem.check import Failed, Skip


class Columns(unittest.TestCase):
    """What may be wider than the others."""

    def test_rule(self):
        text = 'x' * 60
        self.assertFalse(check_style.too_long('\t' * 12 + 'abcd'))
        self.assertTrue(check_style.too_long('\t' * 12 + 'abcde'))
        self.assertFalse(check_style.too_long(f'\t\t\t\t\t\tverdict_fail(CLS, "{text}",'))
        self.assertTrue(check_style.too_long(f'\t\t\t\t\t\tf("{text}", argument, another, third);'))
        self.assertTrue(check_style.too_long(f'\t\t\t\t\t\t\t\t\t\t\t\t\tabc("{text}");'))


class Sizes(unittest.TestCase):
    """Lengths of files and functions."""

    def oversized(self, text):
        """Complaints about a file of that text."""
        with tempfile.TemporaryDirectory() as directory, \
                mock.patch.object(check_style.paths, 'SUITE', Path(directory)):
            path = Path(directory, 'x.c')
            path.write_text(text, encoding='utf-8')
            return list(check_style.oversized(path))

    def test_file(self):
        self.assertEqual(self.oversized('int x;\n' * 300), [])
        self.assertEqual(self.oversized('int x;\n' * 301), ['x.c 301 lines'])

    def test_function(self):
        self.assertEqual(self.oversized('void f(void)\n{\n' + '\tg();\n' * 78 + '}\n'), [])
        said, = self.oversized('void f(void)\n{\n' + '\tg();\n' * 79 + '}\n')
        self.assertIn('f() 81 lines', said)


HEADER = '''/* f() is not declared here. */
#define M(x) f(x)
typedef int fn(int x);
struct s { int (*member)(void); };
int f(int x)
    __attribute__((format(printf, 1, 2)));
static inline int g(void)
{
    if (1) { return f(1); }
    return 0;
}
extern const struct s table[];
'''


class KernelDoc(unittest.TestCase):
    """Functions without words."""

    def check(self, said, text='int f(int x);\n', code=0):
        """Run the check over one header, with what the tool says."""
        with tempfile.TemporaryDirectory() as directory, \
                mock.patch.object(check_style.paths, 'SUITE', Path(directory)):
            header = Path(directory, 'lib', 'x.h')
            header.parent.mkdir()
            header.write_text(text, encoding='utf-8')
            Path(directory, 'scripts').mkdir()
            Path(directory, 'scripts', 'kernel-doc').touch()
            bench = mock.Mock()
            bench.source.return_value.path = Path(directory)
            bench.output.side_effect = [(code, said[0]), (0, said[1])]
            with mock.patch.object(check_style, 'files', return_value=[header]):
                return check_style.kernel_doc(bench)

    def test_prototypes(self):
        self.assertEqual(list(check_style.prototypes(HEADER)), ['f', 'g'])

    def test_good(self):
        self.assertIn('1 functions', self.check(('', '.. c:function:: int f (int x)\n')))

    def test_missing(self):
        with self.assertRaisesRegex(Failed, r'x\.h: f\(\)'):
            self.check(('', '.. c:function:: int g (int x)\n'))

    def test_warning(self):
        with self.assertRaisesRegex(Failed, 'No description'):
            self.check(("Warning: x.h:1 No description found for return value of 'f'", ''))

    def test_no_tool(self):
        bench = mock.Mock()
        bench.source.return_value.path = Path('/nonexistent')
        with self.assertRaises(Skip):
            check_style.kernel_doc(bench)


if __name__ == '__main__':
    unittest.main()
