# SPDX-License-Identifier: GPL-2.0-only
"""What to boot, whoever emulates it."""

import os
import re
from dataclasses import dataclass, field

from .problem import Problem

CMDLINE = ('panic=-1', 'printk.devkmsg=on', 'loglevel=7', 'nokaslr', 'init_on_alloc=0',
           'init_on_free=0', 'mitigations=off', 'no_hash_pointers', 'rdinit=/init')
SIZE = re.compile(r'^(\d+)([MG])$')


@dataclass
class Machine:
    """A kernel, what it starts with, and what it runs on."""
    kernel: object
    initramfs: bytes
    emulator: type      # qemu.Qemu, or another class that does the same
    cpus: int = 2
    memory: str = '2G'
    append: list = field(default_factory=list)

    def __post_init__(self):
        if not 1 <= self.cpus <= 63:
            raise Problem(f'{self.cpus} CPUs: give 1 to 63')
        if not 512 <= megabytes(self.memory) <= 1 << 20:
            raise Problem(f'{self.memory} of memory: give at least 512M')


def megabytes(text):
    """2G or 1536M in MiB."""
    match = SIZE.match(text)
    if not match:
        raise Problem(f'memory {text}: give a number and M or G, such as 2G')
    return int(match[1]) * (1024 if match[2] == 'G' else 1)


def affinity(cpus, spare):
    """What tells init which CPUs the programs may use, a mask: those after the spare ones."""
    return f'gmem.affinity={(1 << cpus) - 1 << spare:x}'


def memory_file(data):
    """A descriptor of an anonymous file with this content."""
    handle = os.memfd_create('testbed', 0)
    with os.fdopen(os.dup(handle), 'wb') as out:
        out.write(data)
    return handle


def path_of(handle):
    """The name by which a child that inherits the descriptor can open it."""
    return f'/proc/self/fd/{handle}'
