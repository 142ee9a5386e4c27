# SPDX-License-Identifier: GPL-2.0-only
"""Child processes that never outlive the script that started them."""

import contextlib
import ctypes
import os
import re
import selectors
import signal
import subprocess

from . import cache
from .problem import Problem

PR_SET_PDEATHSIG = 1
GRACE = 5.0     # seconds between asking a child to end and killing it
LIBC = ctypes.CDLL(None, use_errno=True)
# Variables of an outer make or kernel build that would silently change an inner one.
FOREIGN = re.compile(r'^(MAKE.*|MFLAGS|GNUMAKEFLAGS|KBUILD_.*|ARCH|SUBARCH|O|OUTPUT|CROSS_COMPILE|'
                     r'LOCALVERSION|K[CA]FLAGS|CFLAGS|CPPFLAGS|LDFLAGS|INSTALL_.*|V|M|W|KSRC|'
                     r'CONFIG_.*)$')
ERROR = re.compile(r'\berror\b|\bError \d|\*\*\*|undefined reference|No space left|not found|'
                   r'No such file|Permission denied|Killed|^E: |Failed to fetch', re.IGNORECASE)


def die_with_parent():
    """For preexec_fn: get SIGKILL when the parent dies, even if it was killed with -9."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def clean_environment(**extra):
    """The environment for a make that must not see what an outer make was told."""
    env = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    env.update(LC_ALL='C', **extra)
    return env


def spawn(command, **options):
    """Popen in a session of its own: a terminal's Ctrl-C reaches only us, we tell the child.

    Locks are inherited: if we are killed with -9 in the middle of a build, they stay taken until
    the last of make's children is gone too.
    """
    options['pass_fds'] = [*options.get('pass_fds', ()), *cache.HELD]
    try:
        return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent,
                                **options)
    except FileNotFoundError:
        raise Problem(f'{command[0]}: not found; run scripts/setup') from None
    except PermissionError:
        raise Problem(f'{command[0]}: not executable') from None


def kill_group(child):
    """End the child and all that it started, and wait for it.

    It is asked first: make removes half-written targets on SIGTERM, which the next build would
    take for whole ones. One that ignores this, or a second Ctrl-C while we wait, means SIGKILL.
    """
    try:
        if child.poll() is None:
            signal_group(child, signal.SIGTERM)
            child.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        signal_group(child, signal.SIGKILL)
        child.wait()


def signal_group(child, number):
    """Send a signal to all that is left of the child's group."""
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


@contextlib.contextmanager
def naming(path):
    """When the disk is full, write() does not say with which file."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def run_logged(command, log, step=None, **options):
    """Run a command, append what it says to the log, advance the step by each line; its code."""
    with open(log, 'ab', buffering=0) as out, naming(log):
        out.write(f'$ {" ".join(map(str, command))}\n'.encode())
        child = spawn(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT, **options)
        try:
            for line in read_lines(child.stdout, step):
                out.write(line + b'\n')
                if step:
                    step.advance(' '.join(line.decode(errors='replace').split())[:60])
            return child.wait()
        finally:
            kill_group(child)
            child.stdout.close()


def read_lines(pipe, step):
    """Yield the pipe's lines; while it is silent, redraw the step once a second."""
    rest = b''
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while True:
            if not ready.select(timeout=1.0):
                if step:
                    step.show()
                continue
            data = os.read(pipe.fileno(), 65536)
            if not data:
                break
            *lines, rest = (rest + data).split(b'\n')
            yield from lines
    if rest:
        yield rest


def first_errors(log, limit=4):
    """The first lines of the last command in a log that look like what went wrong."""
    with open(log, encoding='utf-8', errors='replace') as text:
        lines = text.read().splitlines()
    start = max((n for n, line in enumerate(lines) if line.startswith('$ ')), default=0)
    found = [line.strip() for line in lines[start + 1:] if ERROR.search(line)]
    return found[:limit] or [line.strip() for line in lines[-limit:]]


def run_or_explain(what, command, log, step=None, **options):
    """run_logged(), with failure turned into a Problem that shows the first errors."""
    code = run_logged(command, log, step, **options)
    if code:
        errors = '\n    '.join(first_errors(log))
        raise Problem(f'{what} failed (exit code {code}), full log in {log}\n    {errors}')
