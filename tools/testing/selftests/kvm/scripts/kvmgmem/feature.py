# SPDX-License-Identifier: GPL-2.0-only
"""Features that a coming kernel has: put into a source tree that does not have them yet.

features.d/NAME/feature says what it is, which others it needs, how to see that a tree has it
itself, and what the machine's CPU has to have. The rest of the directory is what changes:

    *.cocci         semantic patches; "// file: PATH" says which file of the kernel
    new/PATH        files that the kernel does not have
    append/PATH     text that goes to the end of one that it has

The changed tree is an entry of the cache, hard-linked to the one that it is made from; it counts
as a kernel source like any other, with a name and an identity of its own.
"""

import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from . import cache, process, spatch
from .paths import SUITE
from .problem import Problem
from .progress import Step, live

FEATURES_D = SUITE / 'scripts' / 'features.d'
LINE = re.compile(r'^([a-z]+): *(.+)$')
WORD = re.compile(r'[A-Za-z_]\w*')
DECLARATION = re.compile(r'^(identifier|expression|statement|typedef|type)\b.*;$')
FILE = re.compile(r'(?m)^// file: *(\S+)$')


@dataclass(frozen=True)
class Feature:
    """One directory of features.d."""
    name: str
    path: Path
    what: str
    needs: tuple
    present: tuple   # (file of the kernel, word in it) of a tree that has the feature itself
    cpu: str         # what the machine's CPU has to have for it, in QEMU's words

    def files(self):
        """All files that say what changes, in a fixed order."""
        return sorted(path for path in self.path.rglob('*') if path.is_file())

    def is_in(self, tree):
        """True if the tree has it without our help."""
        name, word = self.present
        path = Path(tree) / name
        return path.is_file() and re.search(rf'\b{word}\b', path.read_text(encoding='utf-8',
                                                                           errors='replace'))


def load(name):
    """The feature of that name."""
    path = FEATURES_D / name
    there = sorted(entry.name for entry in FEATURES_D.iterdir() if (entry / 'feature').is_file())
    if name not in there:
        raise Problem(f'FEATURE={name} is unknown; use {", ".join(there)}')
    keys = dict(LINE.match(line).groups() for line in
                (path / 'feature').read_text(encoding='utf-8').splitlines() if LINE.match(line))
    if not {'what', 'present'} <= keys.keys():
        raise Problem(f'{path.name}/feature: lacks what: or present:')
    return Feature(name, path, keys['what'], tuple(keys.get('needs', '').split()),
                   tuple(keys['present'].split(maxsplit=1)), keys.get('cpu', ''))


def choose(text):
    """Features of a list like "a,b", each after those that it needs."""
    chosen = {}

    def add(name):
        feature = load(name)
        for other in feature.needs:
            add(other)
        chosen.setdefault(name, feature)
    for name in re.split(r'[\s,]+', (text or '').strip()):
        if name:
            add(name)
    return list(chosen.values())


def digest_of(features):
    """What tells these features from others, or from an earlier state of theirs."""
    digest = hashlib.sha256()
    for feature in features:
        for path in feature.files():
            digest.update(f'{path.relative_to(FEATURES_D)}\0'.encode() + path.read_bytes() + b'\0')
    return digest.hexdigest()[:10]


def apply(tree, text):
    """The Source with these features in it; the very same one if it has them itself."""
    wanted = []
    for feature in choose(text):
        if feature.is_in(tree.path):
            live.say(f'# feature {feature.name}: {tree.identity.split(" ")[0]} has it itself')
        else:
            wanted.append(feature)
    if not wanted:
        return tree
    together = '+'.join(feature.name for feature in wanted)
    digest = digest_of(wanted)
    entry = cache.entry('feature', f'{tree.name}+{together}')
    mark = {'base': str(tree.path), 'identity': f'{tree.identity} +{together} {digest}'}
    with cache.lock(f'feature-{entry.name}', say=live.say):
        if not mark.items() <= cache.stamp(entry).items():
            with Step(f'put {together} into the kernel source', 'feature') as step, \
                    cache.making(entry) as work:
                copy(tree.path, work, step)
                touched = [path for feature in wanted for path in change(feature, work / 'src')]
                keep_times(touched, work / 'src', entry / 'src')
                names = sorted({str(path.relative_to(work / 'src')) for path in touched})
                cache.write_json(work / cache.STAMP, {**mark, 'touched': names})
    cpu = ','.join(feature.cpu for feature in wanted if feature.cpu)
    return replace(tree, path=entry / 'src', name=entry.name, identity=mark['identity'],
                   base=tree, cpu=cpu)


def copy(source, work, step):
    """A second source tree of hard links, where the file system allows them."""
    process.run_or_explain('copying the kernel source', [
        'rsync', '-a', '--exclude=/.git', f'--link-dest={source}/', f'{source}/', f'{work}/src/'],
        work / 'copy.log', step)


def put(path, text):
    """Give a file new text as a new inode: the linked original stays what it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'{path.name}.new')
    temporary.write_text(text, encoding='utf-8')
    temporary.replace(path)


def keep_times(paths, tree, previous):
    """Let files that are as they were in the previous tree have its times: make goes by them."""
    for path in set(paths):
        before = previous / path.relative_to(tree)
        if before.is_file() and before.read_bytes() == path.read_bytes():
            status = before.stat()
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def renew(tree):
    """Make the changed files of a Source newer than objects that were built without them."""
    for name in cache.stamp(tree.path.parent).get('touched', []):
        os.utime(tree.path / name)


def change(feature, tree):
    """Carry out one feature's changes in a tree of our own; the files that changed."""
    touched = []
    for part, combine in (('new', lambda _old, new: new), ('append', lambda old, new: old + new)):
        root = feature.path / part
        for path in sorted(path for path in root.rglob('*') if path.is_file()):
            target = tree / path.relative_to(root)
            if target.is_file() != (part == 'append'):
                raise Problem(f'feature {feature.name}: this kernel '
                              f'{"has no" if part == "append" else "has a"} '
                              f'{path.relative_to(root)}')
            old = target.read_text(encoding='utf-8') if part == 'append' else ''
            put(target, combine(old, path.read_text(encoding='utf-8')))
            touched.append(target)
    for path in sorted(feature.path.glob('*.cocci')):
        touched.append(hook(feature, path, tree))
    return touched


def hook(feature, patch, tree):
    """Apply one semantic patch, which must have found its place; the file that changed."""
    found = FILE.search(patch.read_text(encoding='utf-8'))
    if not found or not (tree / found[1]).is_file():
        raise Problem(f'feature {feature.name}: {patch.name} names no file of this kernel')
    target = tree / found[1]
    try:
        text = spatch.apply(patch, target)
    except spatch.Broken as broken:
        raise Problem(f'feature {feature.name}: {patch.name}: {broken}') from None
    missing = too_few(patch.read_text(encoding='utf-8'), target.read_text(encoding='utf-8'), text)
    if missing:
        raise Problem(f'feature {feature.name}: {patch.name} does not fit {found[1]} of this '
                      f'kernel: {missing} is not where it should be')
    put(target, text)
    return target


def too_few(patch, before, after):
    """A word that a patched file has less often than if each rule had found its place, or None."""
    lines = [line for line in patch.splitlines() if not line.startswith('//')]
    variables = {word for line in lines if DECLARATION.match(line) for word in WORD.findall(line)}
    due = Counter(WORD.findall(before))
    for line in lines:
        if line.startswith(('+', '-')):
            due.update({word: 1 if line[0] == '+' else -1 for word in WORD.findall(line[1:])})
    have = Counter(WORD.findall(after))
    return next((word for line in lines if line.startswith('+') for word in WORD.findall(line[1:])
                 if word not in variables and have[word] < due[word]), None)
