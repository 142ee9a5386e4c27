# SPDX-License-Identifier: GPL-2.0-only
"""Where things are: the suite's own directory and where its output goes."""

from pathlib import Path

SUITE = Path(__file__).resolve().parents[2]
TESTBED_D = SUITE / 'scripts' / 'testbed.d'


def build_dir():
    """build/ beside the root Makefile; inside a kernel tree, beside the suite instead."""
    root = SUITE.parents[3]
    return (SUITE if (root / 'Kbuild').exists() else root) / 'build'


def is_outside(path, parent):
    """True if path does not lie under parent."""
    return Path(parent).resolve() not in Path(path).resolve().parents
