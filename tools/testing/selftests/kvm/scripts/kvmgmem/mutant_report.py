# SPDX-License-Identifier: GPL-2.0-only
"""What became of mutants: the verdict on one, the table and the JSON of all."""

import shutil
from dataclasses import asdict, dataclass

from . import cache
from .problem import FAIL, PASS, Problem

KILLED = 'killed'                  # by the sub-test and with a class that the header names
ELSEWHERE = 'killed elsewhere'     # noticed, but not as the header says
SURVIVED = 'survived'
NOT_APPLICABLE = 'not applicable'  # the patch matches nothing, or the hardware is not there
BROKEN = 'broken'                  # does not patch, build or run: no statement about the suite
CLEAN, DIRTY = 'clean', 'fails'    # for the unpatched control
GOOD = (KILLED, NOT_APPLICABLE, CLEAN)
ORDER = (BROKEN, SURVIVED, DIRTY, ELSEWHERE, KILLED, CLEAN, NOT_APPLICABLE)


@dataclass
class Verdict:
    """The result for one mutant (or for the control, 'good')."""
    mutant: str
    verdict: str
    by: str = ''             # PROGRAM:SUB-TEST
    failure_class: str = ''
    seconds: float = None    # of testing until it was noticed; building and booting not counted
    machine: str = ''        # how the VM ended, if not well: panic, hang, ...
    note: str = ''


def judge(mutant, run):
    """The verdict on a mutant from a Watcher: what failed, when, and how the VM ended."""
    expected = [(seconds, result) for seconds, result in run.failures if mutant.expects(result)]
    for kind, found in ((KILLED, expected), (ELSEWHERE, run.failures)):
        if found:
            seconds, first = found[0]
            verdict = Verdict(mutant.name, kind, f'{first.program}:{first.id}', first.klass,
                              round(seconds, 1), run.machine)
            if kind == ELSEWHERE and mutant.names(first.program, first.id):
                verdict.note = f'expected {" or ".join(mutant.expect)}'
            return verdict
    splats = run.unjudged()
    if run.machine or splats:
        return Verdict(mutant.name, ELSEWHERE, failure_class='' if run.machine else 'KERNEL',
                       machine=run.machine or 'console', note=[*run.problems, *splats][0])
    reason = next((f'{result.program}:{result.id} was skipped: {result.reason}'
                   for result in run.skips() if mutant.names(result.program, result.id)), '')
    return Verdict(mutant.name, SURVIVED, note=reason)


def judge_control(run, count):
    """The verdict on the unpatched kernel: nothing may fail, and something must have run."""
    verdict = Verdict('good', DIRTY, machine=run.machine)
    if run.failures:
        seconds, first = run.failures[0]
        verdict.by, verdict.failure_class = f'{first.program}:{first.id}', first.klass
        verdict.seconds = round(seconds, 1)
        verdict.note = f'{len(run.failures)} failed of {count}'
    elif run.problems or run.unjudged():
        verdict.note = [*run.problems, *run.unjudged()][0]
    elif len(run.skips()) == count:
        verdict.note = 'everything was skipped'
    else:
        verdict.verdict, verdict.note = CLEAN, f'{count} sub-tests'
        if run.splats:
            verdict.note += f', {len(run.splats)} kernel complaints that they know'
    return verdict


def row(verdict):
    """A verdict's cells."""
    seconds = '' if verdict.seconds is None else f'{verdict.seconds:.1f}'
    kind = verdict.failure_class + (f' ({verdict.machine})' if verdict.machine else '')
    return [verdict.mutant, verdict.verdict, verdict.by, kind.strip(), seconds, verdict.note]


def table(head, rows):
    """Rows in aligned columns; the last one is cut to the terminal's width."""
    rows = [head, *rows]
    widths = [max(len(line[n]) for line in rows) for n in range(len(head))]
    columns = shutil.get_terminal_size((200, 24)).columns
    lines = ['  '.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
             for line in rows]
    return '\n'.join(line[:max(columns, 80)] for line in lines)


def summary(verdicts):
    """One line: how many of each."""
    counts = [(kind, sum(v.verdict == kind for v in verdicts)) for kind in ORDER]
    return ', '.join(f'{count} {kind}' for kind, count in counts if count)


def show(verdicts):
    """The table and its summary."""
    head = ['mutant', 'verdict', 'by', 'class', 'seconds', 'note']
    return f'{table(head, map(row, verdicts))}\n{summary(verdicts)}'


def exit_code(verdicts):
    """0 only if everything that applies was killed as expected, and something did apply."""
    told = any(verdict.verdict in (KILLED, CLEAN) for verdict in verdicts)
    return PASS if told and all(v.verdict in GOOD for v in verdicts) else FAIL


def save(path, kernel, planned, verdicts):
    """Write the results; replaced as a whole after each mutant."""
    cache.write_json(path, {'kernel': kernel, 'planned': planned,
                            'verdicts': [asdict(verdict) for verdict in verdicts]})


def read(path):
    """(kernel, names planned, verdicts) of the last results."""
    value = cache.read_json(path)
    try:
        return value['kernel'], value['planned'], [Verdict(**item) for item in value['verdicts']]
    except (KeyError, TypeError):
        raise Problem(f'no results in {path}; run "mutants run" first') from None
