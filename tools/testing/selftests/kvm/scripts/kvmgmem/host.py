# SPDX-License-Identifier: GPL-2.0-only
"""This machine's own KVM: whether it is good enough, and running the programs on it."""

import fcntl
import os
import platform
import selectors
import subprocess
import time
from pathlib import Path

from . import confidential, process
from .vm import stall_limit

KVM_CHECK_EXTENSION = 0xAE03
KVM_CAP_VM_TYPES = 235
KVM_CAP_GUEST_MEMFD_FLAGS = 244
PRIVATE_TYPES = 0b111110     # every type but the default one has private memory


def probe(arch):
    """(usable, why): whether /dev/kvm offers what is worth testing.

    That is a VM type with private memory, or guest_memfd where there is no such type (arm64).
    """
    if not arch.native:
        return False, f'this machine is no {arch.name}'
    try:
        handle = os.open('/dev/kvm', os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return False, f'/dev/kvm: {error.strerror}'
    try:
        types = fcntl.ioctl(handle, KVM_CHECK_EXTENSION, KVM_CAP_VM_TYPES)
        flags = fcntl.ioctl(handle, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS)
    except OSError as error:
        return False, f'/dev/kvm does not tell its VM types: {error.strerror}'
    finally:
        os.close(handle)
    if arch.kernel == 'arm64':
        return flags > 0, f'/dev/kvm offers {"" if flags > 0 else "no "}guest_memfd with mmap'
    if types & PRIVATE_TYPES:
        return True, f'/dev/kvm offers VM types with private memory ({types:#x})'
    return False, f'/dev/kvm offers no VM type with private memory (types {types:#x})'


def facts():
    """What the summary says about the machine."""
    vendors = [name for name in ('kvm_amd', 'kvm_intel', 'kvm')
               if Path('/sys/module', name).exists()]
    found = {'kernel': platform.release(), 'vendor': vendors[0] if vendors else 'unknown vendor'}
    found.update(confidential.facts())
    for option in ('npt', 'ept', 'tdp_mmu'):
        for path in Path('/sys/module').glob(f'kvm*/parameters/{option}'):
            found[option] = path.read_text(encoding='utf-8').strip()
    return found


def run(programs, recorder, stall=180.0):
    """Run all commands of the recorder here, one after the other."""
    recorder.facts.update(facts())
    with recorder.surviving():
        out = (recorder.directory / 'files').resolve()
        out.mkdir(exist_ok=True)
        env = dict(os.environ, KVM_GMEM_OUT=str(out))
        for index, (name, *arguments) in enumerate(recorder.commands):
            recorder.start(index)
            run_one([str(programs[name].resolve()), *arguments], env, recorder,
                    stall_limit(arguments, stall))


def run_one(command, env, recorder, limit):
    """Run one program, which the recorder has started."""
    child = process.spawn(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    try:
        follow(child, recorder, limit)
    finally:
        process.kill_group(child)
        child.stdout.close()


def follow(child, recorder, limit):
    """Record one program until it ends or was silent for limit seconds."""
    rest, heard = b'', time.monotonic()
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while time.monotonic() - heard < limit:
            if ready.select(timeout=1.0):
                heard = time.monotonic()
                data = os.read(child.stdout.fileno(), 1 << 16)
                *lines, rest = (rest + data).split(b'\n')
                for line in lines if data else [rest]:
                    recorder.line(line.decode(errors='replace'))
                if not data:
                    recorder.end(child.wait())
                    return
            recorder.tick()
    recorder.end(None, lost=('HANG', f'nothing heard for {limit:.0f} s; killed'))
