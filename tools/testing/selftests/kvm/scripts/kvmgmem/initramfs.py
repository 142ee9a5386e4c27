# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs: a cpio archive made here, so that device nodes need no root and no tools."""

import os
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

from . import foreign, paths
from .problem import Problem

TRAILER = 'TRAILER!!!'


class Archive:
    """A cpio archive in the kernel's "newc" form, in memory."""

    def __init__(self):
        self.data = bytearray()
        self.inode = 0
        self.directories = {''}

    def add(self, name, content=b'', mode=stat.S_IFREG | 0o644, device=(0, 0)):
        """One entry, and the directories that lead to it."""
        parent = name.rpartition('/')[0]
        if parent not in self.directories:
            self.directories.add(parent)
            self.add(parent, mode=stat.S_IFDIR | 0o755)
        self.inode += 1
        path = name.encode() + b'\0'
        fields = (self.inode, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(path), 0)
        self.data += b'070701' + b''.join(b'%08X' % field for field in fields) + path
        self.pad()
        self.data += content
        self.pad()

    def add_program(self, name, path):
        """An executable file."""
        self.add(name, Path(path).read_bytes(), stat.S_IFREG | 0o755)

    def pad(self):
        """Everything starts at a multiple of 4 bytes."""
        self.data += bytes(-len(self.data) % 4)

    def finish(self):
        """The whole archive; nothing may be added after this."""
        self.add(TRAILER, mode=0)
        return bytes(self.data)


def is_static(path):
    """True for an ELF program without an interpreter (PT_INTERP, 64 bit little endian)."""
    with open(path, 'rb') as program:
        head = program.read(64)
        if head[:6] != b'\x7fELF\x02\x01':
            return False
        start = int.from_bytes(head[32:40], 'little')
        size, count = (int.from_bytes(head[at:at + 2], 'little') for at in (54, 56))
        program.seek(start)
        headers = program.read(size * count)
    return all(headers[at:at + 4] != b'\x03\0\0\0' for at in range(0, len(headers), size))


def busybox():
    """The machine's static busybox."""
    path = shutil.which('busybox')
    if path is None or not is_static(path):
        raise Problem('no static busybox (package busybox-static); run scripts/setup')
    return path


def applets():
    """Names under which busybox is to be found; installing them inside costs half a second.

    The machine's own is asked: one of another architecture is of the same release.
    """
    done = subprocess.run([busybox(), '--list'], capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split() if name != 'busybox']


def probe(cache_dir, arch):
    """kvm_probe, compiled into cache_dir if it is not there or older than its source."""
    source = paths.TESTBED_D / 'kvm_probe.c'
    target = Path(cache_dir) / 'kvm_probe'
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        temporary = target.with_name(f'kvm_probe.tmp.{os.getpid()}')
        done = subprocess.run([f'{arch.prefix}gcc', '-O2', '-static', '-o', temporary, source],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Problem(f'kvm_probe.c does not compile: {done.stderr.splitlines()[0]}')
        temporary.replace(target)
    return target


def build(kernel, modules, programs, commands):
    """The archive for one boot: {name: path} of programs, and the commands to run."""
    archive = Archive()
    archive.add('dev/console', mode=stat.S_IFCHR | 0o600, device=(5, 1))
    archive.add_program('bin/busybox', busybox() if kernel.arch.native
                        else foreign.busybox(kernel.arch))
    for name in applets():
        archive.add(f'bin/{name}', b'busybox', stat.S_IFLNK | 0o777)
    archive.add_program('init', paths.TESTBED_D / 'init')
    for name in ('proc', 'sys', 'dev', 'tmp', 'run'):
        archive.add(name, mode=stat.S_IFDIR | 0o755)
    archive.add_program('kvm_probe', probe(kernel.objdir.parent, kernel.arch))
    for path in modules:
        archive.add(f'modules/{path.name}', path.read_bytes())
    archive.add('modules/vendors', (' '.join(kernel.arch.vendors) + '\n').encode())
    archive.add('suite', mode=stat.S_IFDIR | 0o755)
    for name, path in sorted(programs.items()):
        archive.add_program(f'suite/{name}', path)
    lines = [shlex.join([f'/suite/{name}', *arguments]) for name, *arguments in commands]
    archive.add('run.list', ''.join(f'{line}\n' for line in lines).encode())
    return archive.finish()
