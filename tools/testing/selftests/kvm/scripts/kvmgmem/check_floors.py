# SPDX-License-Identifier: GPL-2.0-only
"""The structure of the house: which folder may include headers of which others.

The floors of lib/ stand in the Makefile, from the lowest on. A file includes headers of its own
floor and of lower ones. A header whose name ends in parts.h is for its own folder.
"""

import re

from . import check_style, paths
from .check import Check

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
KSELFTEST = ('kselftest.h', 'kselftest_harness.h')
# What knows no KVM: selfcheck/ links these and nothing else.
PURE = ('abi', 'harness', 'aim', 'oracle', 'plan')


def order(makefile):
    """Names of the floors of lib/, as the Makefile has them."""
    rows = re.findall(r'(?m)^FLOORS(?:_\w+)? := (.+)$', makefile)
    return ' '.join(rows).split()


def allowed(folder, floors):
    """What may be included by the files of a folder of the suite."""
    parts = folder.split('/')
    if parts[0] in ('abi', 'guest'):
        return ['abi', 'guest'][:1 + (parts[0] == 'guest')]
    if parts[0] == 'selfcheck':
        return [*PURE, 'selfcheck']
    if parts[0] == 'lib':
        return ['abi', *floors[:floors.index(parts[1]) + 1]]
    return ['abi', *floors]


def where(name, folder, known):
    """The file that an include means, from the top of the suite; None if there is none."""
    for path in (name, f'lib/{name}', f'{folder}/{name}' if folder == 'selfcheck' else name):
        if path in known:
            return path
    return None


def complaints(texts, floors):
    """A line for each include that breaks a rule; texts are {path: text} of all C files."""
    for path, text in sorted(texts.items()):
        folder = path.rpartition('/')[0]
        may = allowed(folder, floors)
        for name in INCLUDE.findall(text):
            if name in KSELFTEST:
                continue
            target = where(name, folder, texts)
            if not target:
                yield f'{path} includes {name}: no such header; expected its path from the top ' \
                      'or from lib/'
                continue
            home = target.rpartition('/')[0]
            floor = home.split('/')[1 if home.startswith('lib/') else 0]
            if floor not in may:
                yield f'{path} includes {name}: {floor} is not below it; allowed: {", ".join(may)}'
            elif target.endswith('parts.h') and home != folder:
                yield f'{path} includes {name}: private to {home}/'


def floors_check(bench):
    """No include of a higher floor, no private header elsewhere."""
    texts = {str(check_style.name_of(path)): path.read_text(encoding='utf-8')
             for path in check_style.files() if path.suffix in ('.c', '.h', '.S')}
    texts = {path: text for path, text in texts.items() if not path.startswith('scripts/')}
    floors = order((paths.SUITE / 'Makefile').read_text(encoding='utf-8'))
    check_style.complain(bench, list(complaints(texts, floors)), 'wrong way')
    return f'{len(texts)} files on {len(floors)} floors'


CHECKS = (
    Check('floors', 'no floor includes a higher one, private headers stay at home', floors_check),
)
