# SPDX-License-Identifier: GPL-2.0-only
"""Watch a mutant's run: keep quiet, note when something fails, and end it when that is enough."""

import re
import time

from .progress import live, span
from .recorder import Recorder

ENDS = {'KERNEL': 'panic', 'HANG': 'hang'}
# A thread of the kernel died: the locks it held are never released.
FATAL = re.compile(r'kernel BUG at|Oops:|general protection fault')
FATAL_WAIT = 20.0     # seconds that the tests may take to report it themselves


class Enough(Exception):
    """The run may end: the text says why."""


class Watcher(Recorder):
    """A Recorder whose report goes to a file, and which ends the run at the first failure."""

    def __init__(self, directory, commands, mutant, timeout, until):
        super().__init__(directory, commands, 'vm')
        self.mutant = mutant
        self.timeout = timeout
        self.until = until   # 'kill', 'failure' (the end of a program that failed), 'end'
        self.failures = []   # (seconds since the first program started, result)
        self.machine = ''    # how the VM ended, if not well
        self.seen = 0        # results of the running program that were looked at
        self.fatal = None    # when the console showed the first fatal complaint
        self.log = open(self.directory / 'output.log', 'w', encoding='utf-8',
                        errors='replace')  # closed by close()

    def show(self, text):
        """Into the log: one line per mutant is enough for a terminal."""
        self.log.write(f'{text}\n')
        self.log.flush()

    def start(self, index):
        """A program starts."""
        super().start(index)
        self.seen = 0

    def line(self, text):
        """A line of the running program; the expected kill may end the run at once."""
        super().line(text)
        if self.current:
            found = self.look(self.current)
            if self.until == 'kill' and any(self.mutant and self.mutant.expects(item)
                                            for item in found):
                raise Enough('stopped at the expected failure')

    def end(self, rc, seconds=None, lost=None):
        """A program has ended; if any of its sub-tests failed, the others need not run."""
        program = self.current
        super().end(rc, seconds, lost)
        if program is None:
            return
        self.look(program)
        if self.mutant and self.failures and not lost and self.until != 'end':
            raise Enough(f'stopped after {program.name}, which failed')

    def look(self, program):
        """Note failures that are new; returns them."""
        found = [result for result in program.results[self.seen:] if result.status == 'fail']
        self.seen = len(program.results)
        # Before the first program nothing can fail, so first is known here.
        seconds = time.monotonic() - self.began - self.first
        self.failures += [(seconds, result) for result in found]
        return found

    def console(self, text):
        """A line of the kernel's console."""
        super().console(text)
        if self.fatal is None and FATAL.search(text):
            self.fatal = time.monotonic()

    def tick(self):
        """Show what is running; end what takes too long, or what cannot go on."""
        elapsed = time.monotonic() - self.began
        if self.current:
            name = self.mutant.name if self.mutant else 'good'
            live.status(f'{name}: {self.current.name}, {len(self.current.results)} sub-tests, '
                        f'{span(elapsed)}')
        if self.fatal and time.monotonic() - self.fatal > FATAL_WAIT:
            self.machine = 'oops'
            self.problem(f'the kernel died: {next(filter(FATAL.search, self.splats))}', 'KERNEL')
            raise Enough('the kernel died')
        if elapsed > self.timeout:
            self.machine = 'timeout'
            self.problem(f'not done after {self.timeout:g} s', 'HANG')
            raise Enough('not done in time')

    def problem(self, text, klass='CRASH'):
        """The VM itself went wrong: that is a kill as well, and marked as such."""
        self.machine = self.machine or ENDS.get(klass, 'died')
        # A hang after a kernel complaint is the complaint's doing.
        super().problem(text, 'KERNEL' if klass == 'HANG' and self.splats else klass)

    def skips(self):
        """Skipped sub-tests."""
        return [result for program in self.programs for result in program.results
                if result.status == 'skip']

    def close(self):
        """Write what there is and close the log."""
        if self.raw:
            self.raw.close()
        self.write()
        self.log.close()
