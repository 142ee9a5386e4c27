# SPDX-License-Identifier: GPL-2.0-only
"""Bochs: an emulated Intel CPU with VMX and EPT, which QEMU's emulation has not.

What Bochs reads (disc, configuration) are memory files, and what it writes are pipes: nothing is
left in a file system whichever way this ends. The same input gives the same run, to the cycle:
its clock counts instructions.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from . import process
from .machine import CMDLINE, affinity, megabytes, memory_file, path_of
from .problem import Problem

PROGRAM = 'bochs-bin'
PACKAGES = 'bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso'
SHARE = Path('/usr/share/bochs')
LOADER = (Path('/usr/lib/ISOLINUX/isolinux.bin'),
          Path('/usr/lib/syslinux/modules/bios/ldlinux.c32'))
NEEDED = (*LOADER, SHARE / 'BIOS-bochs-latest', SHARE / 'VGABIOS-lgpl-latest')
MODEL = 'corei7_haswell_4770'   # the newest whose XSAVE area Linux does not object to
MOST_CPUS = 8                   # its BIOS knows no more
MOST_MEMORY = 2048              # MiB; what is beyond it would keep in a file
DISC = """SERIAL 0
DEFAULT linux
PROMPT 0
LABEL linux
 KERNEL vmlinuz
 INITRD initrd
 APPEND {}
"""
# A triple fault ends it, as -no-reboot does with QEMU: reboot=t is how the kernel gets there.
CONFIGURATION = """display_library: term
plugin_ctrl: e1000=false, sb16=false, es1370=false
cpu: model={model}, count={topology}, ips=100000000, reset_on_triple_fault=0
memory: guest={memory}, host={memory}
romimage: file={share}/BIOS-bochs-latest
vgaromimage: file={share}/VGABIOS-lgpl-latest
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={disc}, status=inserted
boot: cdrom
clock: sync=none, time0=utc
log: {log}
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
"""


def missing():
    """What of Bochs, or of what makes it a disc, is not installed."""
    found = [name for name in (PROGRAM, 'xorriso') if shutil.which(name) is None]
    return found + [str(path) for path in NEEDED if not path.exists()]


def topology(cpus):
    """One socket; a CPU without a second core is one whose CPUID Linux warns of."""
    if not 2 <= cpus <= MOST_CPUS:
        raise Problem(f'{cpus} CPUs: Bochs has 2 to {MOST_CPUS}')
    return f'1:{cpus}:1'


def megabytes_of(memory):
    """The machine's memory in MiB."""
    if megabytes(memory) > MOST_MEMORY:
        raise Problem(f'{memory} of memory: Bochs has {MOST_MEMORY}M at most')
    return megabytes(memory)


def disc(machine):
    """A bootable disc with kernel and initramfs, as bytes."""
    # idle=halt: both CPUs have been seen to sleep in MWAIT for ever (docs/emulator.md).
    words = ['console=ttyS0,115200', '8250.share_irqs=1', 'gmem.results=ttyS1',
             'gmem.files=ttyS2', 'reboot=t', 'idle=halt', *CMDLINE, affinity(machine.cpus, 0),
             *machine.append]
    with tempfile.TemporaryDirectory(prefix='kvm-gmem-') as scratch:
        top = Path(scratch)
        (top / 'vmlinuz').write_bytes(Path(machine.kernel.image).read_bytes())
        (top / 'initrd').write_bytes(machine.initramfs)
        (top / 'isolinux.cfg').write_text(DISC.format(' '.join(words)), encoding='utf-8')
        for path in LOADER:
            (top / path.name).write_bytes(path.read_bytes())
        done = subprocess.run(['xorriso', '-as', 'mkisofs', '-quiet', '-o', '-', '-b',
                               LOADER[0].name, '-c', 'boot.cat', '-no-emul-boot',
                               '-boot-load-size', '4', '-boot-info-table', scratch],
                              capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors='replace').strip().splitlines() or ['no word']
        raise Problem(f'xorriso made no disc: {said[-1]}')
    return done.stdout


class Bochs:
    """A running Bochs and our ends of what it writes: console, results, files."""

    NAME = 'Bochs'
    # Of its debugger, which says where each CPU is when it is interrupted.
    QUESTIONS = ('r', 'print-stack 64', 'c')
    KEYS = ()               # no sysrq: the serial lines have no input
    PACE = 10               # seconds that it needs where QEMU needs one, about

    @staticmethod
    def version(arch):
        """Bochs' name and version; Problem if something of it is not there."""
        lacks = missing()
        if arch.name != 'x86_64':
            raise Problem(f'EMULATOR=bochs emulates x86, not {arch.name}')
        if lacks:
            raise Problem(f'EMULATOR=bochs, but {lacks[0]} is not installed; as root: apt-get '
                          f'install --no-install-recommends {PACKAGES}')
        done = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', 'bochs'],
                              capture_output=True, text=True, check=False)
        match = re.match(r'[\d.]+', done.stdout)
        return f'Bochs {match[0]}' if match else 'Bochs ?'

    def __init__(self, machine):
        count, memory = topology(machine.cpus), megabytes_of(machine.memory)
        ours, theirs = {}, {}
        for name in ('console', 'results', 'files', 'log'):
            ours[name], theirs[name] = os.pipe()
        handles = [memory_file(disc(machine)), memory_file(b'c\n')]
        text = CONFIGURATION.format(model=MODEL, topology=count, share=SHARE, memory=memory,
                                    disc=path_of(handles[0]), log=path_of(theirs['log']))
        for number, name in enumerate(('console', 'results', 'files'), 1):
            text += f'com{number}: enabled=1, mode=file, dev={path_of(theirs[name])}\n'
        handles.append(memory_file(text.encode()))
        try:
            self.child = process.spawn(
                [PROGRAM, '-q', '-f', path_of(handles[2]), '-rc', path_of(handles[1])],
                pass_fds=[*handles, *theirs.values()], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env={**os.environ, 'TERM': 'dumb'})
        finally:
            for handle in [*handles, *theirs.values()]:
                os.close(handle)
        self.channels = {name: open(end, 'rb', buffering=0) for name, end in ours.items()}
        self.channels['emulator'] = self.channels.pop('log')
        self.channels['monitor'] = self.child.stdout

    def ask(self, question):
        """A command for the debugger, which is woken for it."""
        os.kill(self.child.pid, signal.SIGINT)
        try:
            self.child.stdin.write(f'{question}\n'.encode())
            self.child.stdin.flush()
        except OSError:
            pass   # Bochs is gone; the event loop sees that by itself
