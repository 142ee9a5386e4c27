# SPDX-License-Identifier: GPL-2.0-only
"""How often a fault shows, and how many runs without it say that it is not there."""

import math

CERTAINTY = 0.9     # that the rate is at least as high as it is taken to be


def tail(hits, runs, rate):
    """The chance of that many hits or more."""
    return sum(math.comb(runs, k) * rate ** k * (1 - rate) ** (runs - k)
               for k in range(hits, runs + 1))


def lower_bound(hits, runs, certainty=CERTAINTY):
    """The rate that is exceeded with this certainty (Clopper and Pearson's one-sided bound)."""
    if not hits:
        return 0.0
    low, high = 0.0, 1.0
    for _step in range(60):
        middle = (low + high) / 2
        if tail(hits, runs, middle) < 1 - certainty:
            low = middle
        else:
            high = middle
    return low


def steps_of(commits):
    """How many commits git will ask about, at most: those between good and the bad one."""
    return max(1, math.ceil(math.log2(max(2, commits))) + 1)


def runs_needed(rate, steps, confidence):
    """Runs without a hit after which a commit is good; all steps together are that sure."""
    wrong = (1 - confidence) / steps
    return max(1, math.ceil(math.log(wrong) / math.log(max(1 - rate, 1e-9)) - 1e-9))


def certainty(rate, runs):
    """That a commit with that many runs and no hit is good."""
    return 1 - (1 - rate) ** runs
