# SPDX-License-Identifier: GPL-2.0-only
"""A run as it happens: shows the programs' KTAP, keeps it in the run's directory, judges it.

Whoever runs the programs (the virtual machine, this machine) calls start(), line() and end();
problem() tells of what made the run itself fail.
"""

import contextlib
import datetime
import os
import re
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from . import cache, export, paths, progress, report
from .ktap import Program
from .problem import FAIL, PASS, SKIP, Problem
from .progress import live, span

KLOG = paths.SUITE / 'lib/harness/klog.c'


def complaints():
    """The kernel's reports begin with one of these: the list that the programs judge by."""
    table = re.search(r'complaints\[\] = \{(.*?)\};', KLOG.read_text(encoding='utf-8'), re.S)
    return re.findall(r'"([^"]+)"', table[1])


# Kernel messages that nobody may see on a good kernel; at the start of a word, as in klog.c.
SPLAT = re.compile('(?<![A-Za-z0-9])(?:' + '|'.join(map(re.escape, complaints())) + ')')
# Data races: many are known and meant, so they are listed and decide nothing.
DATA_RACE = re.compile(r'BUG: KCSAN: (.*)')
MEMORY = re.compile(r'Out of memory: Killed process|Out of memory and no killable')


def new_directory(base):
    """base/DATE-N, and base/latest pointing to it."""
    base = Path(base)
    base.mkdir(parents=True, exist_ok=True)
    day = datetime.date.today().isoformat()
    number = 1
    while True:
        path = base / f'{day}-{number}'
        try:
            path.mkdir()
            break
        except FileExistsError:
            number += 1
    link = base / f'latest.tmp.{os.getpid()}'
    link.symlink_to(path.name)
    link.replace(base / 'latest')
    return path


class Recorder:
    """Everything about one run."""

    def __init__(self, directory, commands, where, strangers=False, shard=None):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        if any(self.directory.glob('*.ktap')) or (self.directory / 'results.json').exists():
            raise Problem(f'{directory} holds the results of another run; name a new directory')
        self.commands = commands
        self.where = where         # 'vm' or 'host'
        self.strangers = strangers  # programs are somebody else's
        self.shard = shard          # Shard.mark() of a campaign
        self.facts = {}
        self.programs = []
        self.problems = []
        self.splats = []
        self.data_races = Counter()
        self.current = None
        self.raw = None
        self.began = self.started = time.monotonic()
        self.first = None          # seconds from the start to the first line of a program

    def start(self, index):
        """Program number index of the commands starts."""
        name = self.commands[index][0]
        self.current = Program(name, self.strangers)
        self.programs.append(self.current)
        path = self.directory / f'{index + 1:02d}-{name}.ktap'
        self.raw = open(path, 'w', encoding='utf-8', errors='replace')  # closed by end()
        self.started = time.monotonic()
        if self.first is None:
            self.first = self.started - self.began
        self.show(f'# run {" ".join(self.commands[index])}')

    def line(self, text):
        """A line that the running program printed."""
        if self.current is None:
            return
        self.raw.write(f'{text}\n')
        self.raw.flush()
        self.current.feed(text)
        self.show(text)

    def show(self, text):
        """Print a line of the report, away from the live line."""
        live.clear()
        print(text, flush=True)

    def tick(self):
        """Called about once a second: the live line."""
        if self.current is None:
            if not self.programs:
                live.status(f'starting, {span(time.monotonic() - self.began)}')
            return
        past = progress.recall(self.key()).get('seconds')
        of = f' of {self.current.planned}' if self.current.planned is not None else ''
        live.status(f'[{len(self.programs)}/{len(self.commands)}] {self.current.name}: '
                    f'{len(self.current.results)}{of} sub-tests, '
                    f'{span(time.monotonic() - self.started)}'
                    + (f', last time {span(past)}' if past else ''))

    def key(self):
        """Under which the running program's time is remembered; the seed does not matter."""
        command = re.sub(r' --seed[ =]\S+', '', ' '.join(self.commands[len(self.programs) - 1]))
        return f'run/{self.where}/{command}'

    def end(self, rc, seconds=None, lost=None):
        """The running program has ended, or was lost: (class, why)."""
        if self.current is None:
            return
        seconds = time.monotonic() - self.started if seconds is None else seconds
        self.current.end(rc, seconds, lost)
        if not lost and '--run' not in self.key():
            progress.remember(self.key(), seconds, len(self.current.results))
        with contextlib.suppress(OSError):   # a full disk was told of by what filled it
            self.raw.close()
        program, self.current = self.current, None
        self.show(f'# {program.name}: {program.verdict()}, {span(seconds)}')

    def problem(self, text, klass='CRASH'):
        """The run itself went wrong; a program that was running is lost by it."""
        self.problems.append(text)
        self.end(None, lost=(klass, text))
        live.say(f'# {text}')

    @contextlib.contextmanager
    def surviving(self):
        """What ends the run from outside is a problem of the run, and ends not its report."""
        try:
            yield
        except KeyboardInterrupt:
            self.problem('interrupted')
            raise
        except OSError as error:
            self.problem(f'cannot write results: {error.strerror}')
            raise Problem(f'{error.filename or self.directory}: {error.strerror}') from None

    def console(self, text):
        """A line of the kernel's console."""
        race = DATA_RACE.search(text)
        if race:
            self.data_races[race[1]] += 1
        elif SPLAT.search(text):
            self.splats.append(re.sub(r'^\[ *[\d.]+\](\[[^]]*\])? ?', '', text))
        elif MEMORY.search(text):
            self.problems.append('the kernel ran out of memory: '
                                 + re.sub(r'^\[ *[\d.]+\] ?', '', text))

    def finish(self):
        """Judge what only the whole run shows."""
        missing = len(self.commands) - len(self.programs)
        if missing and not self.problems:
            self.problems.append('the run ended early')
        if missing:
            names = ', '.join(command[0] for command in self.commands[len(self.programs):])
            self.problems.append(f'{missing} of {len(self.commands)} programs did not run: {names}')
        unjudged = self.unjudged()
        if unjudged:
            self.problems.append('the kernel complained outside of any sub-test\'s verdict: '
                                 f'{unjudged[0]}')
        self.write()

    def unjudged(self):
        """Complaints on the console that no sub-test quotes; it fails for those or knows them."""
        quoted = '\n'.join(text for program in self.programs for result in program.results
                           for text in result.diagnostics)
        return [text for text in self.splats if text not in quoted]

    def exit_code(self):
        """0 pass, 1 fail, 4 if everything was skipped."""
        verdicts = {program.verdict() for program in self.programs}
        if self.problems or 'fail' in verdicts or not verdicts:
            return FAIL
        return PASS if 'pass' in verdicts else SKIP

    def write(self):
        """results.json for machines, junit.xml and flat.ktap for those of others, report.html."""
        run = {
            'where': self.where, 'facts': self.facts, 'problems': self.problems,
            **({'shard': self.shard} if self.shard else {}),
            'kernel_complaints': self.splats, 'data_races': self.data_races,
            'exit_code': self.exit_code(),
            'seconds': round(time.monotonic() - self.began, 1),
            'first_output_seconds': None if self.first is None else round(self.first, 2),
            'programs': [{'name': program.name, 'command': command, 'rc': program.rc,
                          'seconds': round(program.seconds, 3), 'verdict': program.verdict(),
                          'planned': program.planned,
                          'results': [asdict(result) for result in program.results]}
                         for program, command in zip(self.programs, self.commands)]}
        cache.write_json(self.directory / 'results.json', run)
        (self.directory / 'junit.xml').write_text(export.junit(run), encoding='utf-8')
        (self.directory / 'flat.ktap').write_text(export.flat(run), encoding='utf-8')
        report.write(run, self.directory)
