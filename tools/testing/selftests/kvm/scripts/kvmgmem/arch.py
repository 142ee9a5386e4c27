# SPDX-License-Identifier: GPL-2.0-only
"""Everything the testbed has to know about an architecture, in one table."""

from dataclasses import dataclass

from .problem import Problem


@dataclass(frozen=True)
class Arch:
    """One architecture that the testbed can build for and emulate."""
    name: str        # as in config.NAME and uname -m
    kernel: str      # as in ARCH= for the kernel's make
    target: str      # make target of the image that QEMU boots
    image: str       # its path in the object tree
    qemu: str
    package: str     # the Debian package with that QEMU
    machine: tuple
    console: str
    vendors: tuple   # modules that provide /dev/kvm; init takes the first that loads


ARCHES = {
    'x86_64': Arch(name='x86_64', kernel='x86', target='bzImage', image='arch/x86/boot/bzImage',
                   qemu='qemu-system-x86_64', package='qemu-system-x86',
                   machine=('-M', 'q35'), console='ttyS0', vendors=('kvm-amd', 'kvm-intel')),
}
ALIASES = {'x86': 'x86_64'}


def find(name=None):
    """The table's row for ARCH=name; x86_64 when the name is empty."""
    name = name or 'x86_64'
    row = ARCHES.get(ALIASES.get(name, name))
    if row is None:
        raise Problem(f'ARCH={name} is not supported; use {", ".join([*ALIASES, *ARCHES])}')
    return row
