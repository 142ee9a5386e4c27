# SPDX-License-Identifier: GPL-2.0-only
"""What the suite needs of the distribution for an architecture that this machine is not.

The compiler and the C library are cross packages, see setup. libnuma, libcap and busybox have
none; their packages of the other architecture are unpacked into the cache, nothing is installed.
"""

import subprocess

from . import apt, cache, mirror
from .problem import Problem
from .progress import live

PACKAGES = ('busybox-static', 'libcap-dev', 'libnuma-dev')


def get(arch):
    """The directory with the packages of an architecture, made now if need be."""
    release = mirror.os_release()
    entry = cache.entry('foreign', f'{release.get("VERSION_CODENAME", "unknown")}-{arch.name}')
    if cache.stamp(entry):
        return entry
    with cache.lock(f'foreign-{entry.name}', say=live.say):
        if not cache.stamp(entry):
            with cache.scratch(entry.parent / 'download') as work:
                lines = mirror.own_lines(
                    f'no {arch.name} packages can be fetched; run on a machine of that kind')
                env = apt.private(work, lines, arch.debian)
                apt.update(env, f'look for {arch.debian} packages on the mirror')
                files = apt.download(env, PACKAGES)
                with cache.making(entry) as root:
                    for path in files:
                        unpack(path, root)
                    cache.write_json(root / cache.STAMP, {
                        'version': ' '.join(path.name.rsplit('_', 1)[0] for path in files)})
    return entry


def unpack(deb, root):
    """The files of one package."""
    done = subprocess.run(['dpkg-deb', '-x', str(deb), str(root)], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise Problem(f'unpacking failed: {(done.stderr.splitlines() or [deb.name])[0]}')


def make_arguments(arch):
    """What the suite's Makefile has to be told to build for another architecture."""
    if arch.native:
        return []
    root = get(arch)
    return [f'CROSS_COMPILE={arch.cross}', f'USERCFLAGS=-I{root}/usr/include',
            f'USERLDFLAGS=-L{root}/usr/lib/{arch.cross.rstrip("-")}']


def busybox(arch):
    """A static busybox of the architecture."""
    return get(arch) / 'bin/busybox'
