# SPDX-License-Identifier: GPL-2.0-only
"""What of the suite runs within a time: the most telling first, random work for what is left."""

import re

from . import progress, suite
from .problem import Problem
from .progress import live, span

UNITS = {'s': 1, 'm': 60, 'h': 3600}
LEAST = 30
BOOT = 4.0            # seconds until the first program begins
# The most telling first; others follow as they are.
FIRST = ('gmem_stale_test', 'gmem_scrub_test', 'gmem_content_test', 'gmem_regression_test',
         'gmem_notifier_test', 'gmem_convert_test', 'gmem_stale_slot_test', 'pfncache_race_test')
MATRIX, STRESS = 'gmem_race_test', 'gmem_stress'
TELLING, SEQUENTIAL = 0.4, 0.6     # shares of the time, at most: those, and all that have an end
KINDS = 4             # of memory, that the stress runs on
# An access of a vCPU against what takes its memory away: where the faults were.
CORE = ('race/*/guest-*+punch', 'race/*/guest-*+to-*', 'race/*/guest-*+discard',
        'race/*/guest-*+file-close', 'race/*/guest-*+slot-*')
CORE_PAIRS, PAIRS, EACH = 120, 940, 0.1       # how many, and what each costs besides its race
DEFAULT = 0.038       # seconds of a pair in gmem_race_test
GUESS = 3.0           # seconds of a program that was never timed here


def seconds_of(text):
    """90, 60s, 10m or 8h."""
    match = re.fullmatch(r'(\d+)([smh]?)', text)
    value = int(match[1]) * UNITS[match[2] or 's'] if match else 0
    if value < LEAST:
        raise Problem(f'BUDGET={text}: give a time such as 60s, 10m or 8h, {LEAST} s at least')
    return value


def cost(command, where):
    """Seconds that a program took the last time."""
    return progress.recall(f'run/{where}/{" ".join(command)}').get('seconds', GUESS)


def order(commands, where):
    """The most telling first, then the shortest."""
    return sorted(commands, key=lambda command: (
        FIRST.index(command[0]) if command[0] in FIRST else len(FIRST), cost(command, where)))


def matrix(command, seconds):
    """All pairs, if each gets as long as by default; else those where the faults were."""
    length = seconds / PAIRS - EACH
    if length >= DEFAULT:
        return [*command, '--duration', f'{length:.3f}']
    chosen = [word for pattern in CORE for word in ('--run', pattern)]
    return [*command, *chosen, '--duration', f'{max(DEFAULT, seconds / CORE_PAIRS - EACH):.3f}']


def fit(commands, budget, where):
    """(commands, names left out) for so many seconds."""
    own = [command for command in commands if command[0] not in (MATRIX, STRESS)]
    spent, chosen, out = BOOT, [], []
    for command in order(own, where):
        takes = cost(command, where)
        if spent + takes <= (TELLING if command[0] in FIRST else SEQUENTIAL) * budget:
            chosen.append(command)
            spent += takes
        else:
            out.append(command[0])
    left = budget - spent
    for command in commands:
        if command[0] == MATRIX:
            chosen.append(matrix(command, 0.7 * left))
        elif command[0] == STRESS:
            default = ' '.join(suite.DEFAULT_ARGS[STRESS])
            words = ' '.join(command).replace(f' {default}', '').split()
            chosen.append([*words, '--duration', f'{max(1.0, 0.3 * left / KINDS):.1f}'])
    return chosen, out


def apply(commands, text, where):
    """Commands for BUDGET=text, and a line about it."""
    budget = seconds_of(text)
    chosen, out = fit(commands, budget, where)
    live.say(f'# BUDGET={text}: {len(chosen)} of {len(commands)} programs in about {span(budget)}'
             + (f'; left out: {", ".join(out)}' if out else ''))
    return chosen
