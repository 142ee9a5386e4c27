# SPDX-License-Identifier: GPL-2.0-only
"""Time to detect: how long, and how many attempts, programs need to notice a mutant.

Only the sub-tests that a mutant's header names are run, or the whole programs, as `make run` does:
for each seed in a machine of its own, so that what a kill leaves of a kernel does not help.
"""

import re
import statistics
import time
from collections import Counter
from dataclasses import asdict, dataclass

from . import cache, job, mutant as mutants, mutant_report as report, mutant_run, mutant_tree, vm
from .mutant_watch import Enough, Watcher
from .problem import FAIL, PASS
from .progress import live

PROGRAMS = ('gmem_race_test',)   # where nothing else is asked for
RACE_SECONDS = 1.0               # of each of their sub-tests, likewise
RESULTS = 'ttd.json'
ATTEMPTS = re.compile(r'(\d+) (?:attempts|races),|, (?:race|round) (\d+)(?: on page|:)')


@dataclass
class Kill:
    """What one seed needed."""
    test: str
    failure_class: str
    seconds: float
    attempts: int


class Stopwatch(Watcher):
    """Ends the run at the first expected failure, and knows what it took."""

    def __init__(self, directory, commands, mutant, timeout, whole=False):
        super().__init__(directory, commands, mutant, timeout, until='failure')
        self.kill = None
        self.whole = whole

    def notices(self, result):
        """Is it the kill that the header promises?  In whole programs any failure is one."""
        return result.status == 'fail' if self.whole else self.mutant.expects(result)

    def line(self, text):
        """A line of the running program."""
        super().line(text)
        results = self.current.results if self.current else []
        if results and self.notices(results[-1]):
            self.note(results[-1].id, results[-1].klass, results)
            raise Enough('killed')

    def end(self, rc, seconds=None, lost=None):
        """The program is over; if it was lost, so is the machine: that is noticed, too."""
        program = self.current
        super().end(rc, seconds, lost)
        if lost and program:
            self.note('(machine)', lost[0], program.results)

    def note(self, test, klass, results):
        """This is what it took."""
        seconds = time.monotonic() - self.began - self.first
        self.kill = self.kill or Kill(test, klass, round(seconds, 1), attempts(results))


def attempts(results):
    """Races of these sub-tests, the last of which may have failed in the middle."""
    total = 0
    for result in results:
        found = [match for text in result.diagnostics for match in ATTEMPTS.findall(text)]
        total += max((int(a or b) for a, b in found), default=0)
    return total


def patterns(mutant, program):
    """The sub-tests of the program that the header names."""
    return [item.split(':', 1)[1] for item in mutant.killed_by
            if item.split(':', 1)[0] == program]


def concerned(mutant, programs):
    """Those of the programs that the header names."""
    return [program for program in programs if patterns(mutant, program)]


def command(mutant, program, seed, args):
    """The sub-tests that the header names, or all of the program, with this seed."""
    if args.whole:
        length = ['--duration', str(args.duration)] if args.duration else []
        return [program, '--seed', str(seed), *length, *mutant.args()]
    chosen = [word for pattern in patterns(mutant, program) for word in ('--run', pattern)]
    length = args.duration or (RACE_SECONDS if program in PROGRAMS else None)
    duration = ['--duration', str(length)] if length else []
    return [program, *chosen, '--seed', str(seed), *duration, *mutant.args()]


def measure_seed(bench, mutant, seed, directory, args):
    """The Kill with this seed, or None."""
    wanted = [command(mutant, program, seed, args)
              for program in concerned(mutant, args.programs)]
    options = mutant_run.machine_options(mutant, directory / 'modules')
    programs = {words[0]: bench.programs[words[0]] for words in wanted}
    machine = job.machine(bench.kernel, programs, wanted, options)
    watch = Stopwatch(directory / f'seed-{seed}', wanted, mutant, args.timeout, args.whole)
    try:
        vm.run(machine, watch, min(180.0, args.timeout))
    except Enough:
        pass
    finally:
        watch.close()
    return watch.kill


def measure(bench, mutant, args):
    """[Kill or None] by seed; Broken if the mutant cannot be tried."""
    if not mutant.concerns(bench.kernel.arch):
        raise mutants.Broken('another architecture\'s')
    if not concerned(mutant, args.programs):
        raise mutants.Broken(f'its header names no sub-test of {", ".join(args.programs)}')
    directory = mutant_run.fresh(mutant_run.base() / f'ttd-{mutant.name}')
    changed = mutants.apply(mutant, bench.kernel.srcdir)
    if not changed:
        raise mutants.Broken('matches nothing')
    mutant_tree.rebuild_kvm(bench.kernel, changed, directory / 'modules')
    return [measure_seed(bench, mutant, seed, directory, args)
            for seed in range(args.seed, args.seed + args.seeds)]


def row(name, kills):
    """A mutant's cells."""
    killed = [kill for kill in kills if kill]
    if not killed:
        return [name, f'0 of {len(kills)}', '', '', '', '']
    seconds = [kill.seconds for kill in killed]
    (test, klass), _count = Counter((k.test, k.failure_class) for k in killed).most_common(1)[0]
    return [name, f'{len(killed)} of {len(kills)}',
            f'{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})',
            f'{statistics.median(kill.attempts for kill in killed):.0f}', klass, test]


HEAD = ['mutant', 'seeds', 'seconds, median', 'attempts', 'class', 'most often by']


def run(chosen, args):
    """Measure them all; prints the table, returns the exit code."""
    rows, saved, bad = [], {}, False
    with mutant_run.lock():
        bench = mutant_run.make_bench(args)
        try:
            for number, mutant in enumerate(chosen, 1):
                live.say(f'# [{number}/{len(chosen)}] {mutant.name}')
                try:
                    kills = measure(bench, mutant, args)
                except mutants.Broken as error:
                    rows.append([mutant.name, report.BROKEN, '', '', '', str(error)])
                    bad = True
                    continue
                bad |= None in kills
                saved[mutant.name] = [asdict(kill) if kill else None for kill in kills]
                cache.write_json(mutant_run.base() / RESULTS, saved)
                rows.append(row(mutant.name, kills))
                live.say('# ' + ' '.join(rows[-1]))
        finally:
            live.clear()
            print(report.table(HEAD, rows))
    return FAIL if bad else PASS
