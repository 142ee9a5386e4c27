# SPDX-License-Identifier: GPL-2.0-only
"""The frame of `make check`: a check is a function that gets a Bench and may raise.

It returns what is worth saying, or Counts where it stands for many tests. Skip and Failed (or
any Problem) end it early; whatever it starts is logged, limited in time, and shown to move.
"""

import os
import shutil
import subprocess
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from . import paths, process, progress, source
from .problem import Problem
from .progress import live, span

LIMIT = 900           # seconds for one command, unless it says otherwise


class Skip(Exception):
    """The check cannot be made here; the text says what is missing."""


class Failed(Exception):
    """The check found something; the text says what."""


@dataclass
class Counts:
    """Results of the tests that a check stands for."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    detail: str = ''
    failures: list = field(default_factory=list)   # what the tests said: the log may be far away

    def add(self, other):
        """Sum up."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures

    def text(self):
        """As in the last line."""
        return f'{self.passed} passed, {self.failed} failed, {self.skipped} skipped'


@dataclass(frozen=True)
class Check:
    """A row of the table."""
    name: str
    claim: str
    function: Callable
    vm: bool = False      # boots the virtual machine
    needs: tuple = ()     # commands


class Bench:
    """What a check works with."""

    def __init__(self, name='check', place=''):
        self.name, self.place = name, place
        self.base = paths.build_dir() / 'check'
        self.log = self.base / f'{name}.log'
        self.began = time.monotonic()
        self.past = progress.recall(f'check/{name}').get('seconds')
        self.said = ''
        self.base.mkdir(parents=True, exist_ok=True)
        self.log.write_text('', encoding='utf-8')

    # process.run_logged() takes these two for its step.

    def advance(self, said='', units=1):
        """Something was printed."""
        del units
        self.said = said or self.said
        self.show()

    def show(self):
        """The live line."""
        of_about = f' of about {span(self.past)}' if self.past else ''
        live.status(f'{self.place} {self.name}: {span(self.seconds())}{of_about}, {self.said}')

    def seconds(self):
        """Since the check began."""
        return time.monotonic() - self.began

    def source(self):
        """The kernel source (fetched if need be)."""
        return source.get(os.environ.get('KSRC') or None)

    def scratch(self, name=None):
        """An empty directory, kept until the next run for whoever wants to look."""
        path = self.base / (name or self.name)
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def code(self, command, limit=LIMIT, env=None, **options):
        """Run a command, logged; its exit code. KVM_ENV and the like are passed on in env only."""
        full = process.clean_environment(PYTHONDONTWRITEBYTECODE='1', **(env or {}))
        code = process.run_logged(['timeout', '-k', '10', str(limit), *map(str, command)],
                                  self.log, self, env=full, **options)
        if code == 124:
            raise Failed(f'{Path(command[0]).name} took more than {span(limit)}')
        return code

    def run(self, command, what, **options):
        """Run a command that has to succeed."""
        code = self.code(command, **options)
        if code:
            first = process.first_errors(self.log, 1)
            raise Failed(f'{what} (exit code {code})' + (f': {first[0][:160]}' if first else ''))

    def output(self, command, env=None, **options):
        """(exit code, what it printed) of a quick command."""
        full = process.clean_environment(PYTHONDONTWRITEBYTECODE='1', **(env or {}))
        child = process.spawn([*map(str, command)], stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              errors='replace', env=full, **options)
        try:
            said, _nothing = child.communicate(timeout=LIMIT)
        finally:
            process.kill_group(child)
        self.note(f'$ {" ".join(map(str, command))}\n{said}')
        return child.returncode, said

    def note(self, text):
        """A line for the log."""
        with open(self.log, 'a', encoding='utf-8', errors='replace') as log:
            log.write(text.rstrip('\n') + '\n')

    def log_text(self):
        """All that was logged so far."""
        return self.log.read_text(encoding='utf-8', errors='replace')


def judge(check, bench):
    """(word, text, Counts) of one check."""
    missing = [need for need in check.needs if not shutil.which(need)]
    try:
        if missing:
            raise Skip(f'{", ".join(missing)}: not found; scripts/setup check installs it')
        said = check.function(bench)
    except Skip as skip:
        return 'skip', str(skip), Counts(skipped=1)
    except (Failed, Problem, subprocess.TimeoutExpired) as error:
        text = str(error).split('\n', maxsplit=1)[0]
        return 'not ok', f'{text}, log: {bench.log}', Counts(failed=1)
    except Exception as error:  # a mistake in one check must not hide what the others say
        bench.note(traceback.format_exc())
        return 'not ok', f'the check itself broke: {error!r}, log: {bench.log}', Counts(failed=1)
    counts = said if isinstance(said, Counts) else Counts(passed=1, detail=said or '')
    if counts.failed or not counts.passed + counts.skipped:
        counts.failed = counts.failed or 1
        return 'not ok', f'{counts.text()}{counts.detail}, log: {bench.log}', counts
    inner = counts.text() if counts is said else ''
    return 'ok', f'{inner}{counts.detail}', counts


def run_all(checks):
    """Run them one after the other, print a line for each, return the sum."""
    total = Counts()
    for number, check in enumerate(checks, 1):
        bench = Bench(check.name, f'[{number}/{len(checks)}]')
        bench.said = check.claim
        bench.show()
        word, text, counts = judge(check, bench)
        live.clear()
        time_text = f' ({span(bench.seconds())})' if word != 'skip' else ''
        print(f'{word} {check.name}{time_text}{": " if text else ""}{text}', flush=True)
        for line in ''.join(counts.failures).splitlines():
            print(f'# {line}', flush=True)
        if word == 'ok':
            progress.remember(f'check/{check.name}', bench.seconds())
        total.add(counts)
    return total
