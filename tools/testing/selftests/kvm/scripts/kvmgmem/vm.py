# SPDX-License-Identifier: GPL-2.0-only
"""Run programs in the virtual machine: boot it, follow it, and tell what became of it.

Whatever happens to the machine (panic, hang, death of QEMU), what arrived before is recorded and
one line says what happened.
"""

import os
import re
import selectors
import tarfile
import time
from pathlib import Path

from . import process

PANIC = re.compile(r'Kernel panic - not syncing: (.*)')
BOOT_LIMIT = 90.0       # seconds from power-on to the first frame; it takes 2
SYSRQ_WAIT = 5.0        # seconds that the answer to one may take


def answers(data):
    """What the human monitor said, out of QMP's JSON, for the console's log."""
    text = data.decode(errors='replace').replace('\\r\\n', '\n')
    return f'\n[monitor] {text}\n'.encode()


def stall_limit(command, stall):
    """A program that was told to run for a time may be silent for as long; the last word counts."""
    duration = 0.0
    for word, following in zip(command, [*command[1:], '']):
        name, equals, text = word.partition('=')
        text = text if equals else following
        if name == '--duration' and re.match(r'^\d+(\.\d+)?$', text):
            duration = float(text)
    return stall + duration


class Follower:
    """Follows one machine from power-on to its end, feeding a Recorder."""

    def __init__(self, machine, recorder, stall=180.0):
        pace = machine.emulator.PACE
        self.recorder = recorder
        self.stall = stall * pace
        self.limit = self.boot_limit = BOOT_LIMIT * pace
        self.rest = {}
        self.done = False
        self.panic = None
        self.hang = None
        self.died = []
        self.heard = time.monotonic()
        directory = recorder.directory
        self.console = open(directory / 'console.log', 'wb', buffering=0)
        self.files = open(directory / 'files.tar', 'wb', buffering=0)
        self.machine = machine.emulator(machine)

    def run(self):
        """Until the machine is off or lost; nothing of it is left afterwards."""
        try:
            self.loop()
            self.verdict()
        finally:
            self.close()
            self.console.close()
            self.files.close()
        unpack(self.recorder.directory / 'files.tar', self.recorder.directory / 'files')

    def close(self):
        """Leave no emulator behind, whatever state it is in."""
        process.kill_group(self.machine.child)
        for end in self.machine.channels.values():
            end.close()

    def loop(self):
        """Serve all channels until QEMU closes them, or nothing was heard for too long."""
        with selectors.DefaultSelector() as ready:
            for name, end in self.machine.channels.items():
                ready.register(end, selectors.EVENT_READ, name)
            while ready.get_map():
                for key, _events in ready.select(timeout=1.0):
                    data = receive(key.fileobj)
                    if data:
                        self.take(key.data, data)
                    else:
                        ready.unregister(key.fileobj)
                self.recorder.tick()
                if time.monotonic() - self.heard > self.limit:
                    self.hung(ready)
                    return

    def take(self, name, data):
        """Data of one channel."""
        if name == 'files':
            self.files.write(data)
        elif name == 'console':
            self.console.write(data)
        if name in ('files', 'monitor'):
            return
        *lines, self.rest[name] = (self.rest.get(name, b'') + data).split(b'\n')
        for line in lines:
            getattr(self, f'{name}_line')(line.decode(errors='replace').rstrip('\r'))

    def emulator_line(self, text):
        """What the emulator itself says matters only if it dies."""
        self.died.append(text)

    def console_line(self, text):
        """A line of the kernel."""
        match = PANIC.search(text)
        if match:
            self.panic = self.panic or match[1].strip()
        self.recorder.console(text)

    def results_line(self, text):
        """A frame of init, or a line of the running program."""
        self.heard = time.monotonic()
        if not text.startswith('@@ '):
            if text or self.recorder.current is None:
                self.recorder.line(text)
            return
        kind, _, rest = text[3:].partition(' ')
        if kind == 'fact':
            name, _, value = rest.partition(' ')
            self.recorder.facts[name] = value
        elif kind == 'ready':
            self.limit = self.stall
        elif kind == 'start':
            self.recorder.start(int(rest))
            self.limit = stall_limit(self.recorder.commands[int(rest)], self.stall)
        elif kind == 'end':
            fields = dict(word.split('=') for word in rest.split()[1:])
            self.recorder.end(int(fields['rc']), int(fields['ms']) / 1000)
            self.limit = self.stall
        elif kind == 'done':
            self.done = True
            self.limit = self.boot_limit

    def hung(self, ready):
        """Nothing was heard for too long: ask CPUs and kernel what they are doing, give up."""
        for question in self.machine.QUESTIONS:
            self.machine.ask(question)
        self.listen(ready)
        for key in self.machine.KEYS:
            self.machine.sysrq(key)
            self.listen(ready)
        self.hang = f'nothing heard for {self.limit:.0f} s'

    def listen(self, ready):
        """Take down what comes as an answer, until nothing more comes."""
        until = time.monotonic() + SYSRQ_WAIT
        while time.monotonic() < until:
            events = ready.select(timeout=0.7)
            for found, _events in events:
                data = receive(found.fileobj)
                if found.data == 'console' and data:
                    self.console.write(data)
                elif found.data == 'monitor' and data:
                    self.console.write(answers(data))
                elif not data:
                    ready.unregister(found.fileobj)
            if not events:
                break

    def verdict(self):
        """One line if the machine did not come to its own end."""
        program = self.recorder.current.name if self.recorder.current else None
        during = f' while {program} ran' if program else ' before the first program' \
            if not self.recorder.programs else ' between programs'
        if self.panic:
            self.recorder.problem(f'kernel panic{during}: {self.panic}', 'KERNEL')
        elif self.hang:
            self.recorder.problem(f'the virtual machine hung{during}: {self.hang}; what its CPUs '
                                  'and tasks did is in console.log', 'HANG')
        elif not self.done:
            process_code = self.machine.child.wait()
            how = f'exit code {process_code}' if process_code >= 0 else \
                f'killed by signal {-process_code}'
            said = f': {self.died[-1]}' if self.died else ''
            self.recorder.problem(f'{self.machine.NAME} ended{during} ({how}){said}')
        elif self.recorder.facts.get('kvm', '').startswith('no '):
            self.recorder.problem(f'no KVM in the virtual machine: {self.recorder.facts["kvm"]} '
                                  f'({self.recorder.facts.get("error", "")})')


def receive(end):
    """What is there; nothing if the other side is gone."""
    try:
        return os.read(end.fileno(), 1 << 16)
    except ConnectionError:
        return b''


def unpack(archive, target):
    """Unpack what programs left (several archives in a row), plain files below target only."""
    archive, target = Path(archive), Path(target)
    try:
        with tarfile.open(archive, ignore_zeros=True) as members:
            for member in members:
                name = os.path.normpath(member.name)
                if member.isfile() and not name.startswith(('/', '..')):
                    path = target / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(members.extractfile(member).read())
    except (tarfile.TarError, EOFError):
        if archive.stat().st_size:
            return    # cut off by the machine's end: the archive itself stays
    archive.unlink()


def run(machine, recorder, stall=180.0):
    """Boot, run everything, record it. Exceptions (Ctrl-C too) leave no emulator behind."""
    recorder.facts.update(emulator=machine.emulator.version(machine.kernel.arch),
                          kernel=machine.kernel.release, cpus=machine.cpus, memory=machine.memory)
    with recorder.surviving():
        Follower(machine, recorder, stall).run()
