# SPDX-License-Identifier: GPL-2.0-only
"""One run out of the shards of a campaign: none lost unsaid, none counted twice."""

import re
import shutil
from collections import Counter
from pathlib import Path

from . import cache, export, report, results
from .problem import FAIL, PASS, SKIP, Problem

MET = re.compile(r'^(?:\S+: )?([a-z-]+) (\d+): met ([a-z].*)$')
SAME = ('count', 'seed', 'commands')


def load(names):
    """([(path, run)], lines) of the directories that hold a shard; Problem for what is none.

    A shard that was killed has left a directory without results: it is said, and not counted.
    """
    found, said = [], []
    for name in names:
        if Path(name).is_dir() and not (Path(name) / 'results.json').exists():
            said.append(f'{name} has no results.json: it was killed, or is still running')
            continue
        run = results.load(name)
        if not isinstance(run.get('shard'), dict):
            raise Problem(f'{name} is no shard of a campaign (no SHARD was given when it ran)')
        found.append((Path(name), run))
    if not found:
        raise Problem(f'no shard has results: {said[0]}')
    first = found[0][1]['shard']
    for path, run in found:
        for key in SAME:
            if run['shard'].get(key) != first.get(key):
                raise Problem(f'{path} belongs to another campaign: its {key} is '
                              f'{run["shard"].get(key)}, not {first.get(key)}')
        kernel, other = run['facts'].get('kernel'), found[0][1]['facts'].get('kernel')
        if kernel != other and kernel and other:
            raise Problem(f'{path} ran on another kernel: {kernel}, not {other}')
    return found, said


def whole(run):
    """Did this shard come to its end?"""
    return not run['problems'] and len(run['programs']) == run['shard']['programs']


def choose(found):
    """({index: (path, run)}, lines about what was left out): of two attempts the whole one."""
    best, said = {}, []
    for path, run in found:
        index = run['shard']['index']
        if index not in best:
            best[index] = (path, run)
            continue
        kept, left = best[index], (path, run)
        if whole(run) and not whole(kept[1]):
            kept, left = left, kept
        best[index] = kept
        said.append(f'shard {index}: {left[0]} is not counted, {kept[0]} is')
    return best, said


def lost(best, count):
    """Lines about shards that are not there, or are but in part."""
    said = []
    for index in range(count):
        if index not in best:
            said.append(f'shard {index} of {count} is lost: no results')
        elif not whole(best[index][1]):
            run = best[index][1]
            why = '; '.join(run['problems']) or 'it ended early'
            said.append(f'shard {index} of {count} is not complete: {len(run["programs"])} of '
                        f'{run["shard"]["programs"]} programs ({why})')
    return said


def met(runs):
    """{(operation, other): times that they were under way at once} over all plans of all shards."""
    total = Counter()
    for run in runs:
        for program in run['programs']:
            for result in program['results']:
                for text in result.get('diagnostics') or []:
                    match = MET.match(text)
                    for part in match[3].split(', ') if match else []:
                        name, _, times = part.rpartition(' ')
                        total[match[1], name] += int(times) if times.isdigit() else 0
    return total


def unite(best, problems):
    """The run that all together are; each program once for each shard."""
    runs = [best[index][1] for index in sorted(best)]
    programs = []
    for index in sorted(best):
        for program in best[index][1]['programs']:
            programs.append({**program, 'shard': index})
    statuses = {result['status'] for program in programs for result in program['results']}
    bad = problems or 'fail' in statuses
    return {
        'where': runs[0]['where'], 'facts': runs[0]['facts'], 'problems': problems,
        'kernel_complaints': [text for run in runs for text in run.get('kernel_complaints') or []],
        'data_races': dict(sum((Counter(run.get('data_races') or {}) for run in runs), Counter())),
        'exit_code': FAIL if bad else PASS if statuses & {'pass', 'xfail'} else SKIP,
        'seconds': round(sum(run['seconds'] for run in runs), 1), 'programs': programs,
        'merged': {'shards': runs[0]['shard']['count'],
                   'met': [[*pair, times] for pair, times in sorted(met(runs).items())]},
    }


def write(out, best, run):
    """The merged run's directory, which must be new."""
    out = Path(out)
    if out.exists() and any(out.iterdir()):
        raise Problem(f'{out} is not empty; name a new directory')
    out.mkdir(parents=True, exist_ok=True)
    for index, (path, _run) in sorted(best.items()):
        source = path if path.is_dir() else path.parent
        for file in sorted(source.rglob('*')):
            if file.is_file() and file.name not in ('results.json', 'report.html', 'junit.xml',
                                                    'flat.ktap'):
                target = out / f'shard-{index}' / file.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, target)
    (out / 'junit.xml').write_text(export.junit(run), encoding='utf-8')
    (out / 'flat.ktap').write_text(export.flat(run), encoding='utf-8')
    report.write(run, out)
    cache.write_json(out / 'results.json', run)     # last: what it stands for is there


def merge(out, names):
    """Merge into a new directory; lines to print, and the exit code."""
    found, killed = load(names)
    best, said = choose(found)
    count = next(iter(best.values()))[1]['shard']['count']
    problems = lost(best, count)
    run = unite(best, problems)
    write(out, best, run)
    counts = Counter(result['status'] for program in run['programs']
                     for result in program['results'])
    pairs = sum(1 for _a, _b, times in run['merged']['met'] if times)
    plans = f'pairs of operations that met in plans: {pairs}' if pairs else 'no plans'
    return [*killed, *said, *problems, plans,
            f'{len(best)} of {count} shards: {counts["pass"]} passed, '
            f'{counts["fail"]} failed, {counts["xfail"]} known, {counts["skip"]} skipped, '
            f'in {out}'], run['exit_code']
