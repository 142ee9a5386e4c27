# SPDX-License-Identifier: GPL-2.0-only
"""A bisection as a whole: what is asked, how often it shows, git bisect run, the answer."""

import hashlib
import math
import shlex
import shutil
from dataclasses import asdict
from pathlib import Path

from . import arch as arches, bisect_rate as rate, bisect_step, cache, config, emulator, paths
from . import process, suite
from .bisect_tree import Tree
from .ktap import CLASSES
from .problem import FAIL, PASS, Problem
from .progress import live, span

HITS = 5          # enough to know the rate by
STATE = 'state.json'


def home(tree):
    """Where all about bisections of a tree is left."""
    name = hashlib.sha256(str(tree.path).encode()).hexdigest()[:8]
    return paths.build_dir() / 'bisect' / name


def check_test(text, programs):
    """(program, sub-test), both of which exist."""
    program, colon, test = text.partition(':')
    if not colon or not test:
        raise Problem(f'{text}: give PROGRAM:SUB-TEST')
    if program not in programs:
        raise Problem(f'no program {program}; there are {", ".join(programs)}')
    known = suite.subtests(programs[program])
    if known and test not in known:
        near = [name for name in known if name.split('/')[0] == test.split('/')[0]] or known
        raise Problem(f'{program} has no sub-test {test}; it has {", ".join(near[:8])}'
                      f'{", ..." if len(near) > 8 else ""}')
    return program, test


def ask(options):
    """(Tree, the question as it is kept, commits under suspicion); Problem for bad input."""
    tree = Tree(options.ksrc)
    good, bad = tree.commit('--good', options.good), tree.commit('--bad', options.bad)
    commits = tree.between(good, bad)
    if options.expect and options.expect not in CLASSES:
        raise Problem(f'--expect {options.expect}: give one of {", ".join(CLASSES)}')
    arch = arches.find(options.arch)
    config.fragments(arch, options.variant)
    emulator.find(options.emulator).version(arch)
    try:
        extra = shlex.split(options.args)
    except ValueError as error:
        raise Problem(f'--args {options.args}: {error}') from None
    question = {'ksrc': str(tree.path), 'good': good, 'bad': bad, 'test': options.test,
                'expect': options.expect, 'arch': arch.name, 'variant': options.variant,
                'emulator': options.emulator, 'params': options.module_param, 'args': extra,
                'confidence': options.confidence, 'tries': options.tries}
    return tree, question, commits


def begin(tree, question, options, base):
    """The state of a new bisection: programs built once, for all commits."""
    tree.must_be_clean()
    programs = (suite.of_directory(options.suite) if options.suite else
                suite.build(tree.path, arches.find(options.arch), static=True))
    program, test = check_test(options.test, programs)
    cache.remove(base)
    (base / 'bin').mkdir(parents=True)
    shutil.copy2(programs[program], base / 'bin' / program)
    return {'asked': question, 'turns': [], 'start': tree.here(),
            'question': {**question, 'program': program, 'test': test,
                         'programs': str(base / 'bin')}}


def measure(tree, state, base):
    """Rate on the bad commit, none on the good one; False if that cannot be."""
    question, bad, good = state['question'], state['question']['bad'], state['question']['good']
    try:
        tree.checkout(bad)
        live.say(f'# bad: {tree.title(bad)}')
        turn = bisect_step.measure(question, bad, question['tries'], HITS, base / 'bad')
        if not turn.hits:
            print(f'the fault does not show on the bad commit: {turn.runs} runs without a hit'
                  + (f', {turn.note}' if turn.note else '')
                  + (f'; its rate is below {1 - 0.05 ** (1 / turn.runs):.0%} (95 %)'
                     if turn.runs else ''))
            return False
        question['expect'] = question['expect'] or max(turn.classes, key=turn.classes.get)
        question['seeds'] = turn.seeds
        low = rate.lower_bound(turn.hits, turn.runs)
        state.update(rate=low, hits=turn.hits, tries=turn.runs, turns=[], runs=rate.runs_needed(
            low, state['steps'], question['confidence']), bad_turn=asdict(turn))
        live.say(f'# {question["expect"]} in {turn.hits} of {turn.runs} runs: at least {low:.0%} '
                 f'({rate.CERTAINTY:.0%}), so {state["runs"]} runs without it for a good commit')
        live.say(f'# {outlook(state, turn)}')
        tree.checkout(good)
        live.say(f'# good: {tree.title(good)}')
        turn = bisect_step.take(question, good, state['runs'], base / 'good')
    finally:
        tree.checkout(state['start'])
    if turn.verdict != bisect_step.GOOD:
        why = turn.note or f'{question["expect"]} after {turn.runs} runs'
        print(f'the good commit {"shows the fault, too" if turn.hits else "cannot be judged"}: '
              f'{why}')
        return False
    state['good_turn'] = asdict(turn)
    return True


def outlook(state, turn):
    """How long it will take."""
    each = turn.run_seconds / max(1, turn.runs + turn.missed)
    step = turn.boot_seconds + state['runs'] * each
    return (f'{state["commits"]} commits: about {state["steps"]} steps of up to {span(step)} '
            f'({state["runs"]} runs of {span(each)}, boot {span(turn.boot_seconds)}) and a build '
            f'each (the last took {span(turn.build_seconds)}): '
            f'{span(state["steps"] * (step + turn.build_seconds))} at most, if that is a usual one')


def go_on(tree, state, base):
    """git bisect run from where it stands; False if the tools broke."""
    question = state['question']
    if not tree.bisecting():
        tree.ask('bisect', 'start', question['bad'], question['good'])
    script = paths.SUITE / 'scripts/bisect'
    log = base / 'git-bisect-run.log'
    with open(log, 'ab') as out:
        child = process.spawn(['git', '-C', str(tree.path), 'bisect', 'run', str(script), '--step',
                               str(base / STATE)], stdout=out)
        try:
            code = child.wait()
        finally:
            process.kill_group(child)
    live.clear()
    return code == 0 or bool(tree.suspects()[1])


def sure(state, turns):
    """The product of what the good ones are worth: a hit is no guess."""
    return math.prod(rate.certainty(state['rate'], turn['runs'])
                     for turn in turns if turn['verdict'] == bisect_step.GOOD)


def answer(tree, state, base):
    """Print all that is known in the end; the exit code."""
    first, suspects = tree.suspects()
    question, turns = state['question'], state['turns']
    log = tree.ask('bisect', 'log')
    (base / 'bisect.log').write_text(f'{log}\n', encoding='utf-8')
    tree.ask('bisect', 'reset')
    print(f'{question["program"]}:{question["test"]}, {question["expect"]}: on the bad commit '
          f'{state["hits"]} hits in {state["tries"]} runs, at least {state["rate"]:.0%}')
    print('\n'.join(bisect_step.line(turn, number) for number, turn in enumerate(turns, 1)))
    print(f'confidence {sure(state, turns):.1%} (asked for {question["confidence"]:.0%})')
    print(f'git bisect log: {base / "bisect.log"}')
    hit = first or question['bad']
    seed = next((turn['seeds'][0] for turn in turns if turn['commit'] == hit and turn['seeds']),
                question['seeds'][0])
    words = ' '.join([question['program'], '--run', question['test'], '--seed', str(seed),
                      *suite.DEFAULT_ARGS.get(question['program'], []), *question['args']])
    print(f'again: git -C {tree.path} checkout {hit[:12]} && scripts/testbed run '
          f'--ksrc {tree.path} '
          + (f'--emulator {question["emulator"]} ' if question['emulator'] else '')
          + ''.join(f'--module-param {text} ' for text in question['params'])
          + (f'--variant {question["variant"]} ' if question['variant'] != 'plain' else '')
          + words)
    if first:
        print(f'first bad commit: {tree.title(first)}')
        return PASS
    print(f'one of these, which cannot be told apart: {len(suspects)} commits')
    for commit in suspects:
        print(f'  {tree.title(commit)}')
    return FAIL


def run(options):
    """Begin, or go on, and end."""
    tree, question, commits = ask(options)
    base = home(tree)
    state = cache.read_json(base / STATE)
    with cache.lock(f'bisect-{base.name}', wait=False):
        if tree.bisecting():
            if state.get('asked') != question:
                raise Problem(f'{tree.path} is in the middle of a bisection that asks something '
                              f'else; end it with: git -C {tree.path} bisect reset')
            live.say(f'# going on after {len(state["turns"])} steps')
        else:
            state = begin(tree, question, options, base)
            state.update(commits=commits, steps=rate.steps_of(commits))
            if not measure(tree, state, base):
                return FAIL
            cache.write_json(base / STATE, state)
        if not go_on(tree, state, base):
            print(f'stopped: see {Path(base, "git-bisect-run.log")}; the same command goes on, '
                  f'git -C {tree.path} bisect reset ends it')
            return bisect_step.STOP
        return answer(tree, cache.read_json(base / STATE), base)
