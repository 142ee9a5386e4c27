# SPDX-License-Identifier: GPL-2.0-only
"""Mutants: semantic patches that plant one fault each, and what their headers promise."""

import difflib
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from . import spatch
from .ktap import CLASSES
from .paths import SUITE
from .problem import Problem
from .spatch import Broken  # noqa: F401  what apply() raises

MUTANTS_D = SUITE / 'scripts' / 'mutants.d'
HEADER = re.compile(r'^// ([a-z-]+): *(.+)$')
# How diff -p finds the function of a hunk: the last line that starts in column one.
FUNCTION = re.compile(r'^[A-Za-z_].*?(\w+)\(')
ARCH = re.compile(r'^arch/(\w+)/')
LOST = '(program)'   # the id that ktap gives to a failure of a whole program


# Keys of a header that may be missing, in the order of the fields.
OPTIONAL = ('needs', 'feature', 'param', 'vm-type', 'level', 'emulator', 'memory')
ONE = ('vm-type', 'level', 'emulator', 'memory')


@dataclass(frozen=True)
class Mutant:
    """One semantic patch and its header."""
    name: str
    path: Path
    fault: str
    expect: tuple     # the classes that a kill may have
    killed_by: tuple  # fnmatch patterns on PROGRAM:SUB-TEST
    files: tuple      # relative to the kernel tree
    needs: tuple      # hardware without which the mutant is equivalent
    features: tuple   # of features.d, without which there is nothing to patch
    params: tuple     # of modules or the kernel, with which the code is reached
    vm_type: tuple    # the type of VM that reaches it, at most one: --vm-type of the programs
    level: tuple      # where agents have to run, at most one: --level of the programs
    emulators: tuple  # whose CPU reaches it, at most one; QEMU's, if none is named
    memories: tuple   # of the machine, at most one; 2G, if none is named

    def emulator(self):
        """Its name, or None."""
        return self.emulators[0] if self.emulators else None

    def args(self):
        """More arguments of its programs."""
        return [word for option, names in (('--vm-type', self.vm_type), ('--level', self.level))
                for name in names for word in (option, name)]

    def concerns(self, arch):
        """False if the fault is in another architecture's code."""
        found = [ARCH.match(name) for name in self.files]
        return all(match is None or match[1] == arch.kernel for match in found)

    def expects(self, result):
        """True if this failed result is the kill that the header promises."""
        return self.names(result.program, result.id) and result.klass in self.expect

    def names(self, program, test):
        """True if the header names this sub-test, or the program that took the machine with it."""
        if test == LOST:
            return any(fnmatchcase(program, pattern.split(':', 1)[0])
                       for pattern in self.killed_by)
        return any(fnmatchcase(f'{program}:{test}', pattern) for pattern in self.killed_by)

    def programs(self, suite):
        """Those of the suite's programs that killed-by names, in the header's order."""
        patterns = [pattern.split(':', 1)[0] for pattern in self.killed_by]
        return list(dict.fromkeys(name for pattern in patterns for name in suite
                                  if fnmatchcase(name, pattern)))


def read_header(path):
    """{key: [values]} of the comment lines at the top of a semantic patch."""
    keys = {}
    for line in path.read_text(encoding='utf-8').splitlines():
        if line.startswith('// SPDX-'):
            continue
        found = HEADER.match(line)
        if not found:
            break
        keys.setdefault(found[1], []).append(found[2].strip())
    return keys


def split(values):
    """The comma separated items of all values of a key."""
    return tuple(item.strip() for value in values for item in value.split(',') if item.strip())


def load(path):
    """The mutant in a file; Problem with the file's name if its header is not complete."""
    keys = read_header(path)
    optional = set(OPTIONAL)
    known = {'mutant', 'fault', 'expect', 'killed-by', 'file'} | optional
    missing = known - optional - keys.keys()
    if missing:
        raise Problem(f'{path.name}: the header lacks {", ".join(sorted(missing))}')
    if keys.keys() - known:
        raise Problem(f'{path.name}: unknown header line {sorted(keys.keys() - known)[0]}:')
    if keys['mutant'] != [path.stem]:
        raise Problem(f'{path.name}: the header says mutant: {keys["mutant"][0]}')
    expect = split(keys['expect'])
    for item in expect:
        if item not in CLASSES:
            raise Problem(f'{path.name}: expect: {item} is not one of {" ".join(CLASSES)}')
    killed_by = split(keys['killed-by'])
    for item in killed_by:
        if ':' not in item:
            raise Problem(f'{path.name}: killed-by: {item} is not PROGRAM:PATTERN')
    for key in ONE:
        if len(split(keys.get(key, []))) > 1:
            raise Problem(f'{path.name}: {key}: one at most')
    return Mutant(path.stem, path, ' '.join(keys['fault']), expect, killed_by,
                  split(keys['file']), *(split(keys.get(key, []))
                                         for key in OPTIONAL))


def load_all(names=()):
    """The named mutants in the given order, or all of them by name."""
    paths = {path.stem: path for path in sorted(MUTANTS_D.glob('*.cocci'))}
    unknown = [name for name in names if name not in paths]
    if unknown:
        raise Problem(f'no mutant {unknown[0]}; there are: good {" ".join(paths)}')
    return [load(paths[name]) for name in dict.fromkeys(names or paths)]


def apply(mutant, source):
    """{relative path: patched text} on a kernel tree; {} if the patch matches nothing there."""
    changed = {}
    for name in mutant.files:
        path = Path(source) / name
        if path.is_file():
            text = spatch.apply(mutant.path, path)
            if text != path.read_text(encoding='utf-8'):
                changed[name] = text
    return changed


def diff(source, changed):
    """The patched files as one unified diff."""
    lines = []
    for name, text in changed.items():
        old = (Path(source) / name).read_text(encoding='utf-8')
        lines += difflib.unified_diff(old.splitlines(True), text.splitlines(True),
                                      f'a/{name}', f'b/{name}')
    return ''.join(lines)


def changed_functions(source, changed):
    """The functions that a patch changed, in order: shows whether it hit the place meant."""
    names = []
    for name, text in changed.items():
        old = (Path(source) / name).read_text(encoding='utf-8').splitlines()
        matcher = difflib.SequenceMatcher(None, old, text.splitlines(), autojunk=False)
        for tag, first, _last, _from, _to in matcher.get_opcodes():
            if tag != 'equal':
                above = (FUNCTION.match(line) for line in reversed(old[:first]))
                names.append(next((found[1] for found in above if found), '?'))
    return list(dict.fromkeys(names))
