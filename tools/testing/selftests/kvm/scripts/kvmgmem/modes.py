# SPDX-License-Identifier: GPL-2.0-only
"""The ways in which KVM maps memory: a table, and the suite in each of them."""

from dataclasses import dataclass
from pathlib import Path

from . import paths, results
from .problem import FAIL, PASS, SKIP, Problem
from .progress import live

TABLE = paths.TESTBED_D / 'modes'


@dataclass(frozen=True)
class Mode:
    """A row."""
    name: str
    archs: tuple
    emulator: str
    append: tuple     # to the kernel's command line
    arguments: tuple  # of every program
    reaches: str
    lacks: str


def load():
    """All rows, in their order; Problem if one is not complete."""
    found = []
    for number, line in enumerate(TABLE.read_text(encoding='utf-8').splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        cells = [cell.strip() for cell in line.split('|')]
        if len(cells) != 6 or not all(cells[:3]):
            raise Problem(f'{TABLE.name}:{number}: expected six cells')
        append, _, arguments = cells[3].partition('--')
        found.append(Mode(cells[0], tuple(cells[1].split()), cells[2], tuple(append.split()),
                          tuple(f'--{arguments}'.split()) if arguments else (), *cells[4:]))
    return found


def choose(text, arch):
    """The Modes of a list such as "shadow,emulate"; all: those of the emulator that is fast."""
    here = [mode for mode in load() if arch in mode.archs]
    names = [mode.name for mode in here]
    wanted = [mode.name for mode in here if mode.emulator == 'qemu'] if text == 'all' else \
        [name for name in text.replace(',', ' ').split() if name]
    for name in wanted:
        if name not in names:
            raise Problem(f'MODES={text}: no mode {name} on {arch}; use all, or some of '
                          f'{", ".join(names)}')
    if not wanted:
        raise Problem(f'MODES={text}: use all, or some of {", ".join(names)}')
    return [mode for mode in here if mode.name in wanted]


def arch_word(arch):
    """How the table names an architecture."""
    return 'x86' if arch.kernel == 'x86' else arch.kernel


def run(chosen, options, directory, run_one):
    """The suite in each mode, in directory/NAME; the matrix; the exit code of all together.

    A machine for each mode: it boots in some seconds, and what one mode left behind cannot reach
    the next. run_one(options, directory, arguments) runs the suite and returns its exit code.
    """
    codes = {}
    for mode in chosen:
        said = ' '.join([*mode.append, *mode.arguments]) or 'nothing special'
        by = '' if mode.emulator == 'qemu' else f'{mode.emulator}, '
        live.say(f'# mode {mode.name}: {by}{said}: {mode.reaches}')
        own = type(options)(**{**vars(options), 'emulator': mode.emulator,
                               'append': [*options.append, *mode.append]})
        codes[mode.name] = run_one(own, Path(directory) / mode.name, mode.arguments)
    runs = {mode.name: results.load(Path(directory) / mode.name) for mode in chosen}
    print('\n'.join(matrix(runs)), flush=True)
    if FAIL in codes.values() or not set(codes.values()) <= {PASS, SKIP}:
        return FAIL
    return PASS if PASS in codes.values() else SKIP


def cell(found):
    """What these results are: passed, and what was not simply that."""
    counts = {status: sum(result['status'] == status for result in found)
              for status in results.STATUSES}
    said = [f'FAIL {counts["fail"]}'] if counts['fail'] else []
    said += [str(counts['pass'])] if counts['pass'] else []
    said += [f'known {counts["xfail"]}'] if counts['xfail'] else []
    said += [f'skip {counts["skip"]}'] if counts['skip'] else []
    return ', '.join(said) or '-'


def matrix(runs):
    """Program by mode, as lines; the last one is all programs together."""
    rows = {}
    for name, found in runs.items():
        for program in found['programs']:
            rows.setdefault(program['name'], {})[name] = cell(program['results'])
    rows['all'] = {name: cell([result for program in found['programs']
                               for result in program['results']]) for name, found in runs.items()}
    first = max(len(row) for row in ['program', *rows])
    widths = {name: max([len(name)] + [len(row.get(name, '-')) for row in rows.values()])
              for name in runs}
    lines = [('program', {name: name for name in runs}), *rows.items()]
    return ['', *('  '.join([f'{row:{first}}', *(f'{cells.get(name, "-"):{widths[name]}}'
                                                 for name in runs)]).rstrip()
                  for row, cells in lines)]


def kept(directories):
    """{mode: run} of what `make run MODES=...` left in these directories, in the table's order.

    Where a program ran in one mode twice, the later directory counts.
    """
    names, found = [mode.name for mode in load()], {}
    for directory in map(Path, directories):
        here = [name for name in names if (directory / name / 'results.json').is_file()]
        if not here:
            raise Problem(f'{directory}: no mode\'s results in there; give the directory of a '
                          '"make run MODES=..."')
        for name in here:
            programs = found.setdefault(name, {})
            for program in results.load(directory / name)['programs']:
                programs[program['name']] = program
    return {name: {'programs': [found[name][program] for program in sorted(found[name])]}
            for name in names if name in found}
