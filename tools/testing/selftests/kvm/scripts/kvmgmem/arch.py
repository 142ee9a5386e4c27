# SPDX-License-Identifier: GPL-2.0-only
"""Everything the testbed has to know about an architecture, in one table."""

import platform
from dataclasses import dataclass

from .problem import Problem


@dataclass(frozen=True)
class Arch:
    """One architecture that the testbed can build for and emulate."""
    name: str        # as in config.NAME and uname -m
    kernel: str      # as in ARCH= for the kernel's make
    debian: str      # as Debian calls it
    cross: str       # as in CROSS_COMPILE= on a machine of another architecture
    target: str      # make target of the image that QEMU boots
    image: str       # its path in the object tree
    qemu: str
    package: str     # the Debian package with that QEMU
    machine: tuple
    ports: str       # virtio-serial, on a bus that the machine has
    console: str
    spare: int       # CPUs that run no test, from CPU 0 on; see docs/emulator.md
    kvm: str         # the module that KVM is; empty where it is part of the image
    vendors: tuple   # modules that provide /dev/kvm; init takes the first that loads

    @property
    def native(self):
        """Whether this machine runs the architecture's programs."""
        return platform.machine() == self.name

    @property
    def prefix(self):
        """What the names of the tool chain's programs start with."""
        return '' if self.native else self.cross


ARCHES = {
    'x86_64': Arch(name='x86_64', kernel='x86', debian='amd64',
                   cross='x86_64-linux-gnu-', target='bzImage',
                   image='arch/x86/boot/bzImage',
                   qemu='qemu-system-x86_64', package='qemu-system-x86',
                   machine=('-M', 'q35'), ports='virtio-serial-pci', console='ttyS0', spare=1,
                   kvm='arch/x86/kvm/kvm.ko', vendors=('kvm-amd', 'kvm-intel')),
    'aarch64': Arch(name='aarch64', kernel='arm64', debian='arm64',
                    cross='aarch64-linux-gnu-', target='Image',
                    image='arch/arm64/boot/Image',
                    qemu='qemu-system-aarch64', package='qemu-system-arm',
                    machine=('-M', 'virt,virtualization=on,gic-version=3,mte=on'),
                    ports='virtio-serial-device', console='ttyAMA0', spare=0,
                    kvm='', vendors=()),
}
ALIASES = {'x86': 'x86_64', 'arm64': 'aarch64'}


def find(name=None):
    """The table's row for ARCH=name; this machine's own when the name is empty."""
    machine = platform.machine()
    name = name or (machine if machine in ARCHES else 'x86_64')
    row = ARCHES.get(ALIASES.get(name, name))
    if row is None:
        raise Problem(f'ARCH={name} is not supported; use {", ".join([*ALIASES, *ARCHES])}')
    return row
