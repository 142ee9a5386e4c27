# SPDX-License-Identifier: GPL-2.0-only
"""The QEMU command line, and the process.

All channels are socket pairs whose far end QEMU inherits, and the initramfs is a memory file:
nothing is left in a file system whichever way this ends, and QEMU's death is an end of file.
"""

import os
import re
import shutil
import socket
import subprocess
import time

from . import process
from .machine import CMDLINE, affinity, megabytes, memory_file, path_of
from .problem import Problem

NODES = 2


def command(machine, initramfs):
    """The part of the command line that does not depend on who talks to the machine."""
    arch = machine.kernel.arch
    share = megabytes(machine.memory) // NODES
    words = [arch.qemu, *arch.machine, '-accel', 'tcg,thread=multi', '-cpu',
             ','.join(filter(None, ('max', machine.kernel.cpu))),
             '-smp', topology(arch.spare + machine.cpus), '-m', f'{share * NODES}M', '-no-reboot',
             '-nodefaults', '-display', 'none', '-vga', 'none', '-net', 'none']
    for node in range(NODES):
        cpus = cpus_of(node, machine.cpus, arch.spare)
        words += ['-object', f'memory-backend-ram,id=ram{node},size={share}M']
        words += ['-numa', f'node,nodeid={node},memdev=ram{node}{cpus}']
    return words + ['-kernel', str(machine.kernel.image), '-initrd', initramfs, '-append',
                    ' '.join([f'console={arch.console}', *CMDLINE,
                              affinity(machine.cpus, arch.spare), *machine.append])]


def topology(cpus):
    """Sockets so that none spans two nodes: Linux takes that for broken firmware and warns."""
    sockets = NODES if cpus % NODES == 0 else cpus
    return f'{cpus},sockets={sockets},cores={cpus // sockets},threads=1'


def cpus_of(node, cpus, spare):
    """The node's share of the CPUs: contiguous, as on hardware; spare ones on the first node."""
    first, last = (spare + edge * cpus // NODES for edge in (node, node + 1))
    first = first if node else 0
    return f',cpus={first}-{last - 1}' if last > first else ''


class Qemu:
    """A running QEMU and our ends of its channels: console, results, files, monitor, its words."""

    NAME = 'QEMU'
    CHANNELS = ('console', 'monitor', 'results', 'files')
    # The CPUs as QEMU sees them, twice: a stuck CPU stays where it is.
    QUESTIONS = ('info registers -a', 'info lapic 0', 'info lapic 1', 'info registers -a')
    KEYS = 'lwt'    # of sysrq: what every CPU does, blocked tasks, all tasks
    PACE = 1        # how slow it is: limits are multiplied by this

    @staticmethod
    def version(arch):
        """QEMU's name and version; Problem if it is not there."""
        path = shutil.which(arch.qemu)
        if path is None:
            raise Problem(f'{arch.qemu} is not installed (package {arch.package}); run '
                          'scripts/setup')
        done = subprocess.run([path, '--version'], capture_output=True, text=True, check=False)
        match = re.search(r'version (\S+)', done.stdout)
        return f'QEMU {match[1]} TCG' if match else 'QEMU ? TCG'

    def __init__(self, machine):
        initramfs = memory_file(machine.initramfs)
        ours, theirs = {}, {}
        for name in self.CHANNELS:
            ours[name], theirs[name] = socket.socketpair()
        words = command(machine, path_of(initramfs))
        for name, end in theirs.items():
            words += ['-chardev', f'socket,id={name},fd={end.fileno()}']
        words += ['-serial', 'chardev:console', '-mon', 'chardev=monitor,mode=control',
                  '-device', machine.kernel.arch.ports]
        for number, name in enumerate(('results', 'files'), 1):
            words += ['-device', f'virtserialport,chardev={name},nr={number},name=kvm-gmem.{name}']
        descriptors = [initramfs, *(end.fileno() for end in theirs.values())]
        try:
            self.child = process.spawn(words, pass_fds=descriptors, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        finally:
            os.close(initramfs)
            for end in theirs.values():
                end.close()
        self.channels = {**ours, 'emulator': self.child.stdout}

    def monitor(self, text):
        """Send a line to the monitor; answers are not waited for."""
        try:
            self.channels['monitor'].sendall(text.encode() + b'\n')
        except OSError:
            pass   # QEMU is gone; the event loop sees that by itself

    def ask(self, question):
        """A question to the human monitor; the answer comes as one JSON line."""
        self.monitor('{"execute": "qmp_capabilities"}')
        self.monitor('{"execute": "human-monitor-command", "arguments": '
                     f'{{"command-line": "{question}"}}}}')

    def sysrq(self, key):
        """Magic sysrq over the serial line: a break, then the key."""
        self.monitor('{"execute": "qmp_capabilities"}')
        self.monitor('{"execute": "chardev-send-break", "arguments": {"id": "console"}}')
        time.sleep(0.3)   # the key comes by another way and must not overtake the break
        try:
            self.channels['console'].sendall(key.encode())
        except OSError:
            pass


def interactive(machine):
    """Run with the console on our own terminal; returns QEMU's exit code."""
    initramfs = memory_file(machine.initramfs)
    words = command(machine, path_of(initramfs))
    words += ['-chardev', 'stdio,id=console,mux=on,signal=off', '-serial', 'chardev:console',
              '-mon', 'chardev=console,mode=readline']
    try:
        # Not in a session of its own: it needs the terminal.
        return subprocess.run(words, pass_fds=[initramfs], check=False,
                              preexec_fn=process.die_with_parent).returncode
    except FileNotFoundError:
        raise Problem(f'{words[0]}: not found; run scripts/setup') from None
    finally:
        os.close(initramfs)
