# SPDX-License-Identifier: GPL-2.0-only
"""Read what a test program says (KTAP), and judge it together with how the program ended.

Tolerant of junk between the lines, strict about the verdict: a program passes only if it said
how many sub-tests it would run, said the result of each, and ended with the matching exit code.
"""

import re
import signal
from dataclasses import dataclass, field

from .problem import FAIL, PASS, SKIP

RESULT = re.compile(r'^(not ok|ok)\b[ \t]*(\d+)?[ \t]*(?:- )?(.*)$')
PLAN = re.compile(r'^1\.\.(\d+)(?:\s*#\s*(?:SKIP\s*)?(.*))?$')
CLASSES = ('STALE_MAPPING', 'NOT_SCRUBBED', 'LEAK', 'WRONG_PAGE', 'LOST_DATA', 'LOST_WRITE',
           'PERMISSION', 'ABI', 'HANG', 'KERNEL', 'ACCOUNTING', 'CRASH', 'SETUP',
           'XPASS')
RUN = re.compile(r'^# RUN (\S+)$')
# What the runner says when the emulator spoilt an attempt (docs/emulator.md).
REPEAT = re.compile(r'^# \S+: disturbed, trying again:$')
LOST = re.compile(r'^# (\d+) rounds lost to the emulator\b')
DIAGNOSTICS_KEPT = 100


@dataclass
class Result:
    """One sub-test: what it was and how it went."""
    program: str
    id: str
    status: str            # pass, fail, skip, xfail
    klass: str = ''        # of a failure: one of CLASSES, '' if the program did not say
    reason: str = ''       # of a skip or an expected failure
    ms: int | None = None
    repeats: int = 0       # attempts that the emulator spoilt, before the one that counted
    lost: int = 0          # rounds that it spoilt, of many
    diagnostics: list = field(default_factory=list)


@dataclass
class Program:
    """One run of one program, fed line by line; verdict() when it has ended."""
    name: str
    stranger: bool = False   # not of this suite: may speak no KTAP
    planned: int | None = None
    skip_all: str | None = None
    results: list = field(default_factory=list)
    pending: list = field(default_factory=list)
    repeats: int = 0       # since the last result
    lost: int = 0
    bailed: str | None = None
    running: str = ''      # the sub-test that it said it runs, until its result
    spoke: bool = False    # KTAP at all
    rc: int | None = None
    seconds: float = 0.0

    def feed(self, line):
        """Take one line; returns the Result if the line was one."""
        started = RUN.match(line)
        if started:
            self.running = started[1]
            return None
        self.spoke |= line.startswith(('TAP version', 'KTAP version'))
        match = RESULT.match(line)
        if match:
            result = self.parse(match[1] == 'ok', match[3])
            self.add(result)
            return result
        match = PLAN.match(line)
        if match and self.planned is None:
            self.planned = int(match[1])
            if self.planned == 0:
                self.skip_all = match[2]
        elif line.startswith('Bail out!'):
            self.bailed = line[len('Bail out!'):].strip() or 'no reason given'
        elif line and not re.match(r'(TAP version|KTAP version|# Totals:)', line):
            self.repeats += bool(REPEAT.match(line))
            lost = LOST.match(line)
            self.lost += int(lost[1]) if lost else 0
            self.pending = (self.pending + [line.removeprefix('# ')])[-DIAGNOSTICS_KEPT:]
        return None

    def add(self, result):
        """Keep a result, with what was said since the last one."""
        result.diagnostics += self.pending
        result.repeats, result.lost = self.repeats, self.lost
        self.pending, self.repeats, self.lost, self.running = [], 0, 0, ''
        self.results.append(result)

    def parse(self, passed, rest):
        """A Result from what follows "ok N"."""
        name, _, directive = rest.partition('#')
        name, directive = name.strip() or '(unnamed)', directive.strip()
        word, _, text = directive.partition(' ')
        kind = word.upper().rstrip(':')
        ms = re.search(r'(\d+) ms\b', directive)
        result = Result(self.name, name, 'pass' if passed else 'fail',
                        ms=int(ms[1]) if ms else None)
        if kind == 'SKIP' and passed:
            result.status, result.reason = 'skip', text or 'no reason given'
        elif kind in ('XFAIL', 'TODO'):
            result.status, result.reason = 'xfail', text
        elif not passed:
            result.klass = word if word in CLASSES else ''
        return result

    def fail(self, klass, text):
        """A failure of the program itself, as one more result."""
        if self.running:
            text += f' (while {self.running} ran)'
        self.add(Result(self.name, '(program)', 'fail', klass, diagnostics=[text]))

    def count(self, status):
        """How many results have this status."""
        return sum(result.status == status for result in self.results)

    def end(self, rc, seconds=0.0, lost=None):
        """The program has ended with rc, or rc is None and lost says (class, text) why not."""
        self.rc, self.seconds = rc, seconds
        said = len(self.results)
        if lost:
            self.fail(*lost)
        elif rc < 0 or rc > 128:
            self.fail('CRASH', f'killed by {signal_name(-rc if rc < 0 else rc - 128)}')
        elif self.bailed is not None:
            self.fail('', f'bailed out: {self.bailed}')
        elif rc in (126, 127):
            self.fail('CRASH', f'could not be started (exit code {rc})')
        elif self.stranger and self.planned is None and not self.results and not self.spoke:
            self.by_exit_code(rc)
        elif self.planned is None:
            self.fail('CRASH', f'ended with exit code {rc} and without a plan')
        elif self.planned == 0 and self.skip_all is None:
            self.fail('CRASH', f'ran no sub-test at all (exit code {rc})')
        elif said != self.planned:
            self.fail('CRASH', f'planned {self.planned} sub-tests and reported {said} '
                               f'(exit code {rc})')
        elif rc != self.expected() and not (rc == PASS and self.expected() == SKIP):
            self.fail('CRASH', f'exit code {rc} does not match its results, which say '
                               f'{self.expected()}')

    def by_exit_code(self, rc):
        """A program that speaks no KTAP says by its exit code how it went: kselftest.h."""
        status, word = {PASS: ('pass', 'passed'), FAIL: ('fail', 'failed'), 2: ('xfail', 'xfail'),
                        3: ('fail', 'xpass'), SKIP: ('skip', 'skipped')}.get(rc, ('fail', 'error'))
        text = f'no KTAP: judged by its exit code, {rc} ({word})'
        self.add(Result(self.name, '(exit code)', status, reason=text, diagnostics=[text]))

    def expected(self):
        """The exit code that the results call for."""
        if self.count('fail'):
            return FAIL
        return PASS if self.count('pass') or self.count('xfail') else SKIP

    def verdict(self):
        """pass, fail or skip."""
        return {FAIL: 'fail', PASS: 'pass', SKIP: 'skip'}[self.expected()]


def signal_name(number):
    """SIGSEGV rather than 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f'signal {number}'
