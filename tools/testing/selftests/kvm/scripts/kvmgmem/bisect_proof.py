# SPDX-License-Identifier: GPL-2.0-only
"""Does the bisection find what was planted?  Histories made up for that, one after the other."""

import re
import subprocess
import sys
import time

from . import bisect_history as history, cache, paths
from .problem import FAIL, PASS
from .progress import live, span

SCRIPT = paths.SUITE / 'scripts/bisect'
FIRST = re.compile(r'^first bad commit: ([0-9a-f]+) ', re.M)
STEP = re.compile(r'^step \d+: .*$', re.M)
NOTE = re.compile(r'runs, (.*?) \(build ')


def base():
    """Where the trees are made: beside the cache's, as hard links have to reach the source."""
    return cache.root() / 'bisect'


def question(made):
    """The arguments of scripts/bisect for a history."""
    return ['--ksrc', str(made.path), '--good', made.commits[0], '--bad', made.commits[-1],
            history.TEST]


def found(made, said):
    """Did it name the planted commit?"""
    match = FIRST.search(said)
    return bool(match) and made.planted.startswith(match[1])


def one(seed, racy, count=24):
    """(found, what it said, steps, seconds) for one history, of which nothing is left."""
    with cache.lock('bisect-proof', say=live.say):
        made = history.make(base() / f'history-{"racy" if racy else "plain"}', count, seed, racy)
        try:
            began = time.monotonic()
            done = subprocess.run([sys.executable, str(SCRIPT), *question(made)],
                                  stdout=subprocess.PIPE, text=True, check=False)
            return (found(made, done.stdout), done.stdout, STEP.findall(done.stdout),
                    time.monotonic() - began)
        finally:
            history.remove(made)


def run(histories, first=1):
    """So many histories of each sort; prints a line each, returns the exit code."""
    right = 0
    for racy in (False, True):
        for seed in range(first, first + histories):
            good, said, steps, seconds = one(seed, racy)
            right += good
            notes = [match[1] for match in map(NOTE.search, steps) if match]
            print(f'{"found" if good else "NOT FOUND"}: {"racy" if racy else "sequential"} '
                  f'{seed}, {len(steps)} steps, {span(seconds)}'
                  + (f'; {"; ".join(notes)}' if notes else ''), flush=True)
            if not good:
                print(said, flush=True)
    print(f'found {right} of {2 * histories}')
    return PASS if right == 2 * histories else FAIL
