# SPDX-License-Identifier: GPL-2.0-only
"""The cache of sources and kernels: entries appear whole or not at all.

An entry is made under NAME.tmp.PID and renamed when it is complete, or is made in place and
counts only from the moment its stamp file exists. A lock per entry keeps two runs apart.
"""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

from .problem import Problem

STAMP = 'stamp.json'
HELD = set()    # descriptors of the locks held now; children inherit them, see process.spawn()
KINDS = ('source', 'feature', 'foreign', 'kernel', 'mutants', 'bisect')


def root():
    """The cache's directory; XDG says that a relative XDG_CACHE_HOME is to be ignored."""
    base = os.environ.get('XDG_CACHE_HOME', '')
    return Path(base if os.path.isabs(base) else Path.home() / '.cache') / 'kvm-gmem'


def entry(kind, key):
    """Where the entry is or will be."""
    return root() / kind / key


def read_json(path):
    """The file's object, or {} if it is missing or damaged."""
    try:
        value = json.loads(Path(path).read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path, value):
    """Replace the file in one step."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'{path.name}.tmp.{os.getpid()}')
    try:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + '\n', encoding='utf-8')
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def stamp(path):
    """What the stamp of a complete entry says; {} means that it is not complete."""
    return read_json(Path(path) / STAMP)


@contextlib.contextmanager
def lock(name, wait=True, say=None):
    """Hold the named lock; when it is taken, tell by whom and wait, or raise Problem."""
    path = root() / 'locks' / f'{name.replace("/", "-")}.lock'
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'a+', encoding='utf-8') as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            text = f'{name} is in use by process {handle.read().strip() or "?"}'
            if not wait:
                raise Problem(text) from None
            if say:
                say(f'{text}, waiting for it')
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        handle.truncate()
        handle.write(f'{os.getpid()}\n')
        handle.flush()
        HELD.add(handle.fileno())
        try:
            yield
        finally:
            HELD.remove(handle.fileno())


@contextlib.contextmanager
def scratch(path):
    """A temporary directory beside path, gone in the end. Hold the entry's lock."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_stale(path.parent)
    temporary = path.with_name(f'{path.name}.tmp.{os.getpid()}')
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def making(path):
    """A temporary directory that becomes path if the block succeeds. Hold the entry's lock."""
    with scratch(path) as temporary:
        yield temporary
        remove(path)
        temporary.rename(path)


def remove(path):
    """Remove an entry; renamed first, so that nothing half-removed is ever taken for it."""
    path = Path(path)
    if path.exists():
        trash = path.with_name(f'{path.name}.tmp.{os.getpid()}.trash')
        path.rename(trash)
        shutil.rmtree(trash)


def remove_stale(directory):
    """Remove temporary directories whose process is gone."""
    for path in Path(directory).glob('*.tmp.*'):
        pid = path.name.split('.tmp.')[1].split('.')[0]
        if not (pid.isdigit() and Path('/proc', pid).exists()):
            shutil.rmtree(path, ignore_errors=True)


def entries():
    """[(kind, path, stamp)] of everything there; an empty stamp is an unfinished entry."""
    found = []
    for kind in KINDS:
        for path in sorted((root() / kind).glob('*')):
            if path.is_dir():
                found.append((kind, path, stamp(path)))
    return found


def size(path):
    """Bytes on disk, hard links counted once (du knows how)."""
    done = subprocess.run(['du', '-sk', str(path)], capture_output=True, text=True, check=False)
    first = done.stdout.split('\t')[0]
    return int(first) * 1024 if first.isdigit() else 0


def clean():
    """Remove everything, unless something is in use; returns the bytes freed."""
    freed = size(root())
    with contextlib.ExitStack() as held:
        for path in sorted((root() / 'locks').glob('*.lock')):
            held.enter_context(lock(path.stem, wait=False))
        for kind, path, _stamp in entries():
            remove(path)
            remove_stale(root() / kind)
        shutil.rmtree(root(), ignore_errors=True)
    return freed
