# SPDX-License-Identifier: GPL-2.0-only
"""Check that scripts/bisect finds a commit, and goes on after it was interrupted."""

import re
import signal
import subprocess

from . import bisect_history as history, bisect_proof, cache, process
from .check import Check, Failed
from .check_vm import built, environment, listen
from .progress import live

COMMITS = 6
STEP = re.compile(r'(?m)^# step \d+: ')


def interrupted(bench, command, env):
    """Run until a commit has been judged, then Ctrl-C; what was said."""
    out = bench.scratch() / 'said'
    with open(out, 'wb') as said:
        child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=said,
                                 stderr=said, preexec_fn=listen)
        try:
            while child.poll() is None and not STEP.search(text(out)):
                bench.show()
                try:
                    child.wait(timeout=0.2)
                except subprocess.TimeoutExpired:
                    continue
            child.send_signal(signal.SIGINT)
            code = child.wait(timeout=60)
        finally:
            child.kill()
            child.wait()
    bench.note(text(out))
    if code != 130 or 'Traceback' in text(out):
        raise Failed(f'Ctrl-C after the first step: exit code {code}')
    return text(out)


def text(path):
    """What is in a file so far."""
    return path.read_text(encoding='utf-8', errors='replace')


def bisect(bench):
    """A planted fault among a few commits, with an interruption in between."""
    built(bench)
    with cache.lock('bisect-proof', say=live.say):
        made = history.make(bisect_proof.base() / 'history-check', COMMITS, 1, racy=False,
                            spoils=('does not build',))
        try:
            command = [str(bisect_proof.SCRIPT), *bisect_proof.question(made)]
            first = interrupted(bench, command, process.clean_environment(**environment()))
            code, said = bench.output(command, env=environment())
        finally:
            history.remove(made)
    if code or not bisect_proof.found(made, said):
        raise Failed(f'did not find {made.planted[:12]} (exit code {code})')
    if 'going on after ' not in said:
        raise Failed('did not go on where it was')
    steps = len(STEP.findall(first)) + len(STEP.findall(said))
    return f'{COMMITS} commits, {steps} steps, interrupted once'


CHECKS = (
    Check('bisect', 'a planted fault is found, also after an interruption', bisect, vm=True,
          needs=('spatch',)),
)
