# SPDX-License-Identifier: GPL-2.0-only
"""What a person reads at the end of a run."""

import time

from .progress import span

FAILURES_SHOWN = 20
LINES_SHOWN = 8
HANG_LINES_SHOWN = 40   # the stacks of the threads are all that there is to judge by


def text(run):
    """The summary of a finished run (a Recorder), as lines."""
    lines = ['', '=' * 72, f'Where: {place(run)}', *table(run)]
    lines += failures(run) + known(run) + skips(run) + repeats(run)
    if run.problems:
        lines += ['', 'Problems of the run itself:', *(f'  {item}' for item in run.problems)]
    if run.splats:
        judged = len(run.splats) - len(run.unjudged())
        lines += ['', f'Kernel complaints on the console ({len(run.splats)}, of which {judged} '
                      'are part of a sub-test\'s verdict):',
                  *(f'  {item}' for item in run.splats[:LINES_SHOWN])]
    lines += data_races(run)
    lines += ['', f'Logs:   {run.directory}', f'Report: {run.directory}/report.html', result(run)]
    return lines


def data_races(run):
    """What KCSAN reported, the most frequent first; no verdict."""
    if not run.data_races:
        return []
    return ['', f'Data races reported by KCSAN ({len(run.data_races)} kinds), not judged:',
            *(f'  {count} x {text}' for text, count in run.data_races.most_common())]


def place(run):
    """Where it ran, in one line."""
    facts = run.facts
    paging = ', '.join(f'{name}={facts[name]}'
                       for name in ('npt', 'ept', 'tdp_mmu') if name in facts)
    if 'mode' in facts:
        paging = f'{facts["mode"]} mode'
    kernel = f'Linux {facts.get("kernel", "?")}, {facts.get("vendor", "?")}'
    kernel += f' ({paging})' if paging else ''
    kernel += ''.join(f', {name.upper()}: {facts[name]}' for name in ('snp', 'tdx')
                      if name in facts)
    if run.where == 'host':
        return f'this machine, {kernel}'
    return (f'virtual machine, {kernel}, {facts.get("emulator", "emulator ?")}, '
            f'{facts.get("cpus", "?")} CPUs, {facts.get("memory", "?")} memory')


def table(run):
    """One line per program."""
    width = max([len(program.name) for program in run.programs] + [len('program')])
    lines = ['', f'  {"program":{width}}  passed  failed  known  skipped  seconds']
    for program in run.programs:
        lines.append(f'  {program.name:{width}}  {program.count("pass"):6}'
                     f'  {program.count("fail"):6}  {program.count("xfail"):5}'
                     f'  {skipped(program):7}  {program.seconds:7.1f}')
    return lines


def skipped(program):
    """Skipped sub-tests; a program that skips itself as a whole counts as one."""
    return program.count('skip') + (program.skip_all is not None)


def failures(run):
    """Each failure with its class and the first lines of what was said about it."""
    failed = [item for program in run.programs for item in program.results if item.status == 'fail']
    lines = ['', f'Failures ({len(failed)}):'] if failed else []
    for item in failed[:FAILURES_SHOWN]:
        lines.append(f'  {item.program} {item.id}  {item.klass or "no class given"}')
        said = [text for text in item.diagnostics if item.id in text] or item.diagnostics
        shown = HANG_LINES_SHOWN if item.klass == 'HANG' else LINES_SHOWN
        lines += [f'      {text[:160]}' for text in said[:shown]]
    if len(failed) > FAILURES_SHOWN:
        lines.append(f'  ... and {len(failed) - FAILURES_SHOWN} more, see the logs')
    return lines


def known(run):
    """Expected failures: faults of this kernel that have been reported already."""
    groups = {}
    for item in (item for program in run.programs for item in program.results):
        if item.status == 'xfail':
            groups.setdefault(item.reason, []).append(item.id)
    lines = ['', 'Known faults of this kernel seen again:'] if groups else []
    return lines + [f'  {reason}: {", ".join(names)}' for reason, names in groups.items()]


def skips(run):
    """Skipped sub-tests, grouped by their reason."""
    groups = {}
    for program in run.programs:
        if program.skip_all is not None:
            groups.setdefault(program.skip_all, []).append(program.name)
        for item in program.results:
            if item.status == 'skip':
                groups.setdefault(item.reason, []).append(item.id)
    lines = ['', 'Skipped:'] if groups else []
    for reason, names in sorted(groups.items(), key=lambda group: -len(group[1])):
        more = f', ... {len(names) - 4} more' if len(names) > 4 else ''
        lines.append(f'  {len(names)} x {reason}: {", ".join(names[:4])}{more}')
    return lines


def repeated(run):
    """Results of sub-tests that were tried again."""
    return [item for program in run.programs for item in program.results if item.repeats]


def repeats(run):
    """Attempts that the emulator spoilt: they say nothing about KVM, but somebody has to know."""
    found = repeated(run)
    times = sum(item.repeats for item in found)
    lines = ['', f'Disturbed by the emulator and tried again ({len(found)} sub-tests, '
                 f'{times} attempts lost, see docs/emulator.md):'] if found else []
    lines += [f'  {item.program} {item.id}  {item.repeats} x, then {item.status}'
              for item in found]
    rounds = [item for program in run.programs for item in program.results if item.lost]
    lines += ['', 'Rounds spoilt by the emulator and not judged (see docs/emulator.md):'] \
        if rounds else []
    return lines + [f'  {item.program} {item.id}  {item.lost}' for item in rounds]


def result(run):
    """The last line."""
    counts = [sum(program.count(status) for program in run.programs)
              for status in ('pass', 'fail', 'xfail')]
    seen = f', {counts[2]} known' if counts[2] else ''
    again = f', {len(repeated(run))} tried again' if repeated(run) else ''
    word = {0: 'PASS', 4: 'SKIP'}.get(run.exit_code(), 'FAIL')
    problems = f', {len(run.problems)} problems' if run.problems else ''
    return (f'{word}: {counts[0]} passed, {counts[1]} failed{seen}, '
            f'{sum(map(skipped, run.programs))} skipped{again}{problems} '
            f'in {span(time.monotonic() - run.began)}')
