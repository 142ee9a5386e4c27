# SPDX-License-Identifier: GPL-2.0-only
"""Long steps show that they move: one live line on a terminal, sparse plain lines without one."""

import contextlib
import shutil
import sys
import time

from . import cache


def span(seconds):
    """A duration for people."""
    if seconds < 60:
        return f'{seconds:.1f} s' if seconds < 10 else f'{seconds:.0f} s'
    minutes, rest = divmod(int(seconds), 60)
    return f'{minutes} min {rest:02d} s'


def recall(key):
    """{'seconds': .., 'units': ..} of the last time this step was finished, or {}."""
    value = cache.read_json(cache.root() / 'timings.json').get(key, {})
    return value if isinstance(value, dict) else {}


def remember(key, seconds, units=0):
    """Note how long a finished step took; the last writer wins, no harm in that."""
    path = cache.root() / 'timings.json'
    known = cache.read_json(path)
    known[key] = {'seconds': round(seconds, 1), 'units': units}
    with contextlib.suppress(OSError):   # not worth failing for
        cache.write_json(path, known)


class Live:
    """The one line that is redrawn on a terminal, and lines that must not mix with it."""

    def __init__(self, stream=None, interval=60.0):
        self.stream = stream or sys.stderr
        self.interval = interval
        self.tty = self.stream.isatty()
        self.drawn = False
        self.last = time.monotonic()

    def status(self, text):
        """Show what is going on now; cheap enough to be called for every line of output."""
        now = time.monotonic()
        if now - self.last < (0.1 if self.tty else self.interval):
            return
        self.last = now
        if self.tty:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f'\r\x1b[K{text[:width]}')
            self.drawn = True
        else:
            self.stream.write(f'# {text}\n')
        self.stream.flush()

    def clear(self):
        """Take the live line away before something else is printed."""
        if self.drawn:
            self.stream.write('\r\x1b[K')
            self.stream.flush()
            self.drawn = False
            self.last = 0.0

    def say(self, text):
        """A line that stays."""
        self.clear()
        self.stream.write(f'{text}\n')
        self.stream.flush()
        if not self.tty:
            self.last = time.monotonic()


live = Live()


class Step:
    """A long step with a known or guessed amount of work, compared with the last time.

    with Step('kernel build', 'kernel/KEY', guess=1800) as step:
        step.advance('CC mm/slub.o')
    """

    def __init__(self, name, key=None, guess=0):
        self.name, self.key = name, key
        self.past = recall(key) if key else {}
        self.total = self.past.get('units') or guess
        self.done = 0
        self.what = ''
        self.started = time.monotonic()

    def __enter__(self):
        past = self.past.get('seconds')
        live.say(f'# {self.name} ...' + (f' (last time {span(past)})' if past else ''))
        return self

    def __exit__(self, kind, _value, _trace):
        seconds = time.monotonic() - self.started
        if kind is None:
            live.say(f'# {self.name}: done in {span(seconds)}')
            if self.key:
                remember(self.key, seconds, self.done)
        else:
            live.say(f'# {self.name}: stopped after {span(seconds)}')

    def advance(self, what='', units=1):
        """So many units more are done, the last of which was what."""
        self.done += units
        self.what = what or self.what
        self.show()

    def show(self):
        """Redraw; also called while nothing arrives, so that the clock moves."""
        elapsed = time.monotonic() - self.started
        share = f' {min(99, 100 * self.done // self.total)} %' if self.total else ''
        past = self.past.get('seconds')
        text = f'{self.name}:{share} {span(elapsed)}' + (f' of about {span(past)}' if past else '')
        live.status(text + (f', {self.what}' if self.what else ''))
