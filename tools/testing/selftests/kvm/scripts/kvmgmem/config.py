# SPDX-License-Identifier: GPL-2.0-only
"""The kernel configuration: fragments of the tree on top of tinyconfig, and what became of them."""

import re
import subprocess

from . import paths
from .problem import Problem

SETTING = re.compile(r'^(?:(CONFIG_\w+)=(.+)|# (CONFIG_\w+) is not set)$')
# 16k and 64k are page sizes of arm64; no-vm-attributes leaves private and shared to guest_memfd.
VARIANTS = ('plain', 'debug', 'kcsan', '16k', '64k', 'no-vm-attributes')


def fragments(arch, variant):
    """The fragment files in the order in which they are merged; later ones win."""
    for name in variant.split(','):
        if name not in VARIANTS:
            raise Problem(f'VARIANT={variant} is unknown; use {", ".join(VARIANTS)}, '
                          'or several with commas')
    names = ['vm.config', f'vm.config.{arch.name}']
    files = [paths.TESTBED_D / name for name in names]
    files += [paths.SUITE / 'config', paths.SUITE / f'config.{arch.name}']
    for name in variant.split(','):
        if name != 'plain':
            own = paths.TESTBED_D / f'{name}.config.{arch.name}'
            files.append(own if own.is_file() else paths.TESTBED_D / f'{name}.config')
    missing = [path.name for path in files if not path.is_file()]
    if missing:
        raise Problem(f'{arch.name}, variant {variant}: no configuration fragment {missing[0]}')
    return files


def settings(text):
    """{symbol: value} of a fragment or a .config; 'n' for one that is not set."""
    found = {}
    for line in text.splitlines():
        match = SETTING.match(line.strip())
        if match:
            found[match[1] or match[3]] = match[2] or 'n'
    return found


def lost(wanted, config):
    """Lines of wanted that .config does not have as asked."""
    return [f'{name}={value}' for name, value in wanted.items() if config.get(name, 'n') != value]


def known_symbols(tree, names):
    """Those of names that some Kconfig file of the tree defines."""
    plain = '|'.join(name.removeprefix('CONFIG_') for name in names)
    pattern = rf'^\s*(menu)?config ({plain})$'
    done = subprocess.run(['grep', '-rhE', '--include=Kconfig*', pattern, str(tree)],
                          capture_output=True, text=True, check=False)
    return {f'CONFIG_{line.split()[-1]}' for line in done.stdout.splitlines()}


def check(files, tree, objdir):
    """Every wanted line must have survived; returns symbols that this kernel does not know yet."""
    wanted = {}
    for path in files:
        wanted.update(settings(path.read_text(encoding='utf-8')))
    gone = lost(wanted, settings((objdir / '.config').read_text(encoding='utf-8')))
    if not gone:
        return []
    names = [line.split('=')[0] for line in gone]
    known = known_symbols(tree, names)
    broken = [line for line in gone if line.split('=')[0] in known]
    if broken:
        raise Problem(f'the kernel configuration lost {", ".join(broken)}: '
                      'a dependency is missing in the fragments')
    return [name for name in names if name not in known]
