# SPDX-License-Identifier: GPL-2.0-only
"""A kernel source tree: the user's own, or the newest that the machine's Debian mirror offers.

apt does the download and the signature check, in a private state made for this one call:
nothing on the system changes.
"""

import hashlib
import os
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from . import apt, cache, mirror, process
from .problem import Problem
from .progress import Step, live

OLDEST = (6, 18)
PACKAGE = re.compile(r'^linux-source-(\d+)\.(\d+)$')


@dataclass(frozen=True)
class Source:
    """A tree, a name for its kernels, and an identity that changes when its content does."""
    path: Path
    name: str
    identity: str
    base: object = None   # the Source that it was made from, see feature.py
    cpu: str = ''         # what its machine's CPU has to have, in QEMU's words


def get(ksrc=None, refresh=False):
    """The user's tree if one is given, else the fetched one (fetched now if need be)."""
    return user_tree(ksrc) if ksrc else fetch(refresh)


# The user's own tree

def user_tree(ksrc):
    """A Source for KSRC; refuses what is no kernel tree or cannot be built outside of."""
    path = Path(ksrc).expanduser().resolve()
    if not ((path / 'Kbuild').is_file() and (path / 'virt/kvm').is_dir()):
        raise Problem(f'KSRC={ksrc} is not a Linux source tree (no Kbuild and virt/kvm in it)')
    if (path / '.config').exists() or (path / 'include/config').exists():
        raise Problem(f'KSRC={ksrc} was built in place; run "make mrproper" there or name a clean '
                      f'one (git -C {path} worktree add --detach ../clean)')
    text = (path / 'Makefile').read_text(encoding='utf-8', errors='replace')
    version = [re.search(rf'(?m)^{word} *=[ \t]*(.*)$', text)
               for word in ('VERSION', 'PATCHLEVEL', 'SUBLEVEL', 'EXTRAVERSION')]
    if not all(version[:3]):
        raise Problem(f'KSRC={ksrc}: no version in its Makefile')
    major, minor, sub, extra = [match.group(1).strip() if match else '' for match in version]
    where = hashlib.sha256(str(path).encode()).hexdigest()[:8]
    return Source(path, f'ksrc-{where}', f'{major}.{minor}.{sub}{extra} {tree_state(path)}')


def tree_state(path):
    """What is checked out and changed in a git tree; sizes and times of files in another."""
    def git(*words):
        return subprocess.run(['git', '-C', str(path), *words], capture_output=True, check=False)
    digest = hashlib.sha256()
    head = git('rev-parse', 'HEAD')
    if head.returncode == 0 and (path / '.git').exists():
        digest.update(git('diff', 'HEAD').stdout)
        extra = git('ls-files', '-o', '--exclude-standard').stdout.decode().splitlines()
        add_times(digest, [path / name for name in extra])
        return f'{head.stdout.decode().strip()} {digest.hexdigest()[:12]}'
    for directory, below, files in os.walk(path):
        below.sort()
        add_times(digest, [Path(directory, name) for name in sorted(files)])
    return digest.hexdigest()[:12]


def add_times(digest, paths):
    """Feed names, sizes and times of files into a digest."""
    for path in paths:
        try:
            status = path.lstat()
        except OSError:
            continue
        digest.update(f'{path}\0{status.st_size}\0{status.st_mtime_ns}\n'.encode())


# The distribution's

def fetched(suite=None):
    """Complete fetched trees, newest first; those of a suite only if that one is asked for."""
    found = [(tuple(mark['order']), path, mark) for kind, path, mark in cache.entries()
             if kind == 'source' and mark and mark.get('suite') == suite]
    return [from_cache(path, mark) for _order, path, mark in sorted(found, reverse=True)]


def from_cache(path, mark):
    """A Source for a stamped entry."""
    return Source(path / mark['tree'], path.name, f'{mark["package"]} {mark["version"]}')


def fetch(refresh=False, suite=None):
    """The newest source package; what is in the cache is taken unless refresh is asked for.

    What a suite such as experimental has, a release candidate perhaps, is taken only by its path.
    """
    if suite and not re.match(r'^[a-z][a-z-]*$', suite):
        raise Problem(f'--suite {suite}: give the name of a Debian suite, such as experimental')
    with cache.lock('source', say=live.say):
        known = fetched(suite)
        if known and not refresh:
            return known[0]
        entry = cache.root() / 'source'
        with cache.scratch(entry / 'download') as work:
            env = apt.private(work, mirror.lines(suite=suite))
            package, order, version, size = newest(env, suite)
            path = entry / f'{package}_{re.sub("[^A-Za-z0-9.+~-]", "_", version)}'
            if not cache.stamp(path):
                apt.download(env, [f'{package}={version}'], size)
                with cache.making(path) as tree:
                    name = unpack(next(work.glob('*.deb')), tree)
                    cache.write_json(tree / cache.STAMP, {'package': package, 'version': version,
                                                          'order': order, 'tree': name,
                                                          **({'suite': suite} if suite else {})})
        return from_cache(path, cache.stamp(path))


def newest(env, suite=None):
    """(package, order, version, bytes) of the newest linux-source-X.Y on the mirror."""
    log = apt.update(env, 'look for kernel sources on the mirror')
    search = subprocess.run(['apt-cache', 'search', '--names-only', '^linux-source-[0-9]'], env=env,
                            capture_output=True, text=True, check=False).stdout
    found = [(int(match[1]), int(match[2])) for match in
             (PACKAGE.match(line.split(' ')[0]) for line in search.splitlines()) if match]
    if not found:
        where = f'suite {suite} of the mirror' if suite else 'the mirror'
        raise Problem(f'{where} offers no linux-source package; give a kernel tree with '
                      'KSRC=/path/to/linux. apt said: ' + process.first_errors(log, 1)[0])
    order = max(found)
    if order < OLDEST and not suite:
        raise Problem(f'the newest kernel source on the mirror is {order[0]}.{order[1]}, older '
                      f'than {OLDEST[0]}.{OLDEST[1]}; give a kernel tree with KSRC=/path/to/linux')
    package = f'linux-source-{order[0]}.{order[1]}'
    show = subprocess.run(['apt-cache', 'show', '--no-all-versions', package], env=env,
                          capture_output=True, text=True, check=False).stdout
    fields = dict(re.findall(r'(?m)^(Version|Size): (.*)$', show))
    return package, order, fields['Version'], int(fields.get('Size', 0))


def unpack(deb, target):
    """Unpack the tree inside the package without keeping copies; returns its directory's name."""
    with Step('unpack the kernel source', 'unpack') as step:
        reader = process.spawn(['dpkg-deb', '--fsys-tarfile', str(deb)], stdout=subprocess.PIPE)
        writer = process.spawn(['tar', '-xJ', '-C', str(target)], stdin=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        try:
            with tarfile.open(fileobj=reader.stdout, mode='r|') as archive:
                member = next((item for item in archive if item.name.endswith('.tar.xz')), None)
                if member is None:
                    raise Problem(f'{deb.name} holds no kernel source archive')
                step.total = member.size
                copy(archive.extractfile(member), writer.stdin, step)
            writer.stdin.close()
            said = writer.stderr.read().decode(errors='replace').strip()
            if writer.wait():
                raise Problem(f'unpacking failed: {said.splitlines()[0] if said else "tar died"}')
        except BrokenPipeError:
            said = writer.stderr.read().decode(errors='replace').strip()
            raise Problem(f'unpacking failed: {said.splitlines()[0] if said else "tar"}') from None
        finally:
            for child in (reader, writer):
                process.kill_group(child)
    trees = [path.name for path in target.iterdir() if (path / 'Kbuild').is_file()]
    if len(trees) != 1:
        raise Problem(f'{deb.name} does not unpack to one kernel tree')
    return trees[0]


def copy(source, sink, step):
    """Copy a stream, advancing the step by the bytes."""
    while True:
        data = source.read(1 << 20)
        if not data:
            return
        sink.write(data)
        step.advance(units=len(data))
