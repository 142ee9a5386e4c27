# SPDX-License-Identifier: GPL-2.0-only
"""One commit: build it, boot it, run the sub-test until it shows the fault or often enough.

The exit codes are git bisect's: 0 good, 1 bad, 125 cannot be judged, 128 and above: stop.
"""

import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import SimpleNamespace

from . import cache, job, kernel as kernels, suite, vm
from .bisect_tree import Tree
from .ktap import CLASSES
from .problem import Problem
from .progress import live, span
from .recorder import Recorder

GOOD, BAD, SKIP, STOP = 0, 1, 125, 128
WORDS = {GOOD: 'good', BAD: 'bad', SKIP: 'cannot be judged'}
BOOTS = 2            # attempts: a machine that does not come up may have been disturbed
PATIENCE = 3         # times as many runs where a race does not meet
SAID = re.compile(r': (' + '|'.join(CLASSES) + r')\b')


class Enough(Exception):
    """The machine may go."""


@dataclass
class Turn:
    """What a commit showed."""
    commit: str
    verdict: int = SKIP
    runs: int = 0            # that say something: passed, or hit
    hits: int = 0
    missed: int = 0          # races that did not meet
    note: str = ''
    classes: dict = field(default_factory=dict)   # how often each was seen
    seeds: list = field(default_factory=list)     # that hit
    build_seconds: float = 0.0
    boot_seconds: float = 0.0
    run_seconds: float = 0.0


class Watch(Recorder):
    """A Recorder that keeps quiet, and knows what one sub-test's results mean."""

    def __init__(self, directory, commands, turn, question, enough):
        super().__init__(directory, commands, 'vm')
        self.turn, self.question, self.enough = turn, question, enough
        self.log = open(self.directory / 'output.log', 'w', encoding='utf-8',
                        errors='replace')  # closed by close()

    def show(self, text):
        """Into the log."""
        self.log.write(f'{text}\n')

    def tick(self):
        """The live line."""
        live.status(f'{self.turn.commit[:12]}: {self.turn.runs} runs, {self.turn.hits} hits, '
                    f'{span(time.monotonic() - self.began)}')

    def line(self, text):
        """A line of the running program; what is seen may be enough."""
        before = len(self.current.results) if self.current else 0
        super().line(text)
        if self.current and len(self.current.results) > before:
            self.judge(self.current.results[-1])

    def end(self, rc, seconds=None, lost=None):
        """A program is over; it may have been lost with what it ran."""
        program = self.current
        before = len(program.results) if program else 0
        super().end(rc, seconds, lost)
        if program:
            self.turn.run_seconds += program.seconds
            for result in program.results[before:]:
                self.judge(result)

    def judge(self, result):
        """Count a result, and end the machine if it has said all that it can say."""
        turn, expected = self.turn, self.question['expect']
        klass = failure(result)
        if klass:
            turn.classes[klass] = turn.classes.get(klass, 0) + 1
        if klass and (expected is None or klass == expected):
            turn.runs += 1
            turn.hits += 1
            turn.seeds.append(seed_of(self.commands[len(self.programs) - 1]))
            raise Enough
        if klass:
            turn.note = f'another fault: {klass} in {result.id}'
            raise Enough
        if result.status == 'skip' and 'not exercised' not in result.reason:
            turn.note = f'skipped: {result.reason}'
            raise Enough
        turn.missed += result.status == 'skip'
        turn.runs += result.status != 'skip'
        if turn.runs >= self.enough:
            raise Enough

    def close(self):
        """Nothing stays open."""
        if self.raw:
            self.raw.close()
        self.log.close()


def failure(result):
    """The class of a failure, also of one that the suite knows; '' of anything else."""
    if result.status == 'fail':
        return result.klass or 'CRASH'
    if result.status != 'xfail':
        return ''
    said = [SAID.search(text) for text in result.diagnostics]
    return next((match[1] for match in said if match), 'KERNEL')


def seed_of(command):
    """The number behind --seed."""
    return int(command[command.index('--seed') + 1])


def seeds(first, count):
    """Seeds that hit before come first."""
    rest = (seed for seed in range(1, count + len(first) + 1) if seed not in first)
    return [*first, *rest][:count]


def machine_turn(kernel, question, turn, enough, limit, directory):
    """One boot: run until there is enough, at most so often; False if the machine did not boot."""
    program, test = question['program'], question['test']
    used = turn.runs + turn.missed
    chosen = seeds(question.get('seeds', []), used + limit)[used:]
    extra = [*suite.DEFAULT_ARGS.get(program, []), *question['args']]
    commands = [[program, '--run', test, '--seed', str(seed), *extra] for seed in chosen]
    options = SimpleNamespace(cpus=2, memory='2G', append=[], kernel_modules=None,
                              module_param=question['params'], emulator=question['emulator'])
    booted = job.machine(kernel, {program: Path(question['programs']) / program}, commands, options)
    watch = Watch(directory, commands, turn, question, enough)
    try:
        vm.run(booted, watch)
    except Enough:
        pass
    finally:
        if watch.current:
            turn.run_seconds += time.monotonic() - watch.started
        watch.close()
        live.clear()
    turn.boot_seconds = watch.first or 0.0
    stray = [] if turn.hits or turn.note or not watch.programs else watch.unjudged()
    if stray:
        turn.note = f'another fault: {stray[0]}'
    elif watch.problems and watch.programs and not turn.hits and not turn.note:
        turn.note = watch.problems[0]
    if not watch.programs:
        turn.note = f'does not boot: {(watch.problems or ["?"])[0]}'
    return bool(watch.programs)


def build(question, turn):
    """The kernel of what is checked out, or None: that it cannot be built is noted."""
    began = time.monotonic()
    try:
        return kernels.build(question['ksrc'], question['arch'], question['variant'])
    except kernels.Unbuildable as error:
        said = str(error).splitlines()
        worst = [text for text in said if 'error:' in text] or said[-1:]
        turn.note = f'does not build: {worst[0].strip()[-100:]}'
        return None
    finally:
        turn.build_seconds = time.monotonic() - began


def take(question, commit, runs, directory):
    """The Turn of a commit that is checked out: bad at the first hit, good after so many runs."""
    turn = Turn(commit)
    kernel = build(question, turn)
    if kernel is None:
        return turn
    boot = 0
    while not turn.hits and not turn.note and turn.runs < runs:
        if turn.runs + turn.missed >= PATIENCE * runs:
            turn.note = f'not exercised: {turn.missed} races of {turn.missed + turn.runs}'
            break
        boot += 1
        up = machine_turn(kernel, question, turn, runs, runs - turn.runs,
                          directory / f'{commit[:12]}-{boot}')
        if not up and boot < BOOTS:
            turn.note = ''
    turn.verdict = BAD if turn.hits else SKIP if turn.note else GOOD
    return turn


def measure(question, commit, tries, hits, directory):
    """The Turn of the bad commit: so many hits, or so many runs; a machine for each hit."""
    turn = Turn(commit)
    kernel = build(question, turn)
    boot = 0
    while kernel and turn.hits < hits and not turn.note:
        left = tries - turn.runs - turn.missed
        if left <= 0:
            break
        boot += 1
        up = machine_turn(kernel, question, turn, tries + 1, left,
                          directory / f'{commit[:12]}-rate-{boot}')
        if not up and boot < BOOTS:
            turn.note = ''
        question = {**question, 'expect': question['expect'] or next(iter(turn.classes), None)}
    turn.verdict = BAD if turn.hits else SKIP
    return turn


def judge_commit(state_path):
    """The verdict on the commit that is checked out, which the state has from then on."""
    state = cache.read_json(state_path)
    if not state:
        raise Problem(f'{state_path}: no state of a bisection')
    question = state['question']
    commit = Tree(question['ksrc']).ask('rev-parse', 'HEAD')
    directory = Path(state_path).parent / f'step-{len(state["turns"]) + 1}'
    cache.remove(directory)
    turn = take(question, commit, state['runs'], directory)
    state['turns'].append(asdict(turn))
    cache.write_json(state_path, state)
    live.say('# ' + line(state['turns'][-1], len(state['turns'])))
    return turn.verdict


def main(state_path):
    """What git bisect run calls.  To git every exit code below 125 but 0 means a bad commit."""
    try:
        return judge_commit(state_path)
    except Exception as error:  # also a mistake of ours: it says nothing about the commit
        live.say(f'# the tools are broken, not the commit: {error or repr(error)}')
        return STOP


def line(turn, number):
    """A turn in one line."""
    return (f'step {number}: {turn["commit"][:12]} {WORDS[turn["verdict"]]}: {turn["hits"]} hits '
            f'in {turn["runs"]} runs' + (f', {turn["note"]}' if turn['note'] else '') +
            f' (build {span(turn["build_seconds"])}, runs {span(turn["run_seconds"])})')
