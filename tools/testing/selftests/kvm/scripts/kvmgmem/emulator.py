# SPDX-License-Identifier: GPL-2.0-only
"""Who can emulate a machine with a CPU that KVM can use, by name."""

from . import bochs, qemu
from .problem import Problem

EMULATORS = {'qemu': qemu.Qemu, 'bochs': bochs.Bochs}


def find(name):
    """The class of EMULATOR=name; QEMU's if there is no name."""
    found = EMULATORS.get(name or 'qemu')
    if found is None:
        raise Problem(f'EMULATOR={name} is unknown; use {", ".join(EMULATORS)}')
    return found
