# SPDX-License-Identifier: GPL-2.0-only
"""Two runs side by side: is it exactly the same failures?"""

import re

from . import results

MENDED = re.compile(r'mended since ([\d.]+): ')

# Sub-tests that took so many times as long, and so many milliseconds more, are worth a line.
SLOWER, SLOWER_MS = 2.0, 1000


def mended(result):
    """Since when the fault that a failure shows is mended, if it says so."""
    found = [MENDED.search(text) for text in result.get('diagnostics') or []]
    return next((f' (mended since {match[1]}: not backported?)' for match in found if match), '')


def difference(old, new):
    """What a pair of results says, or None if both say the same."""
    before, after = results.said(old), results.said(new)
    if before == after:
        if old['status'] == 'skip' and old.get('reason') != new.get('reason'):
            return 'skipped otherwise', f'{old.get("reason")}; now {new.get("reason")}'
        return None
    text = f'{before}, now {after}' + (mended(new) if new['status'] == 'fail' else '')
    if new['status'] == 'fail':
        return ('fails otherwise' if old['status'] == 'fail' else 'fails now'), text
    if old['status'] == 'fail':
        return 'fails no more', text
    return 'skipped otherwise' if 'skip' in (old['status'], new['status']) else 'known', text


def differences(first, second):
    """{what happened: [line]}, in the order in which a person wants to know."""
    old, new = results.by_test(first), results.by_test(second)
    found = {name: [] for name in ('fails now', 'fails otherwise', 'fails no more',
                                   'skipped otherwise', 'not there any more', 'new', 'known')}
    for key, result in new.items():
        if key not in old:
            kind = 'fails now' if result['status'] == 'fail' else 'new'
            found[kind].append(f'{results.label(key)}: {results.said(result)}' + (
                mended(result) if result['status'] == 'fail' else ''))
            continue
        told = difference(old[key], result)
        if told:
            found[told[0]].append(f'{results.label(key)}: {told[1]}')
    found['not there any more'] = [f'{results.label(key)}: {results.said(result)}'
                                   for key, result in old.items() if key not in new]
    return {name: lines for name, lines in found.items() if lines}


def slower(first, second):
    """Sub-tests that took much longer: for information, time is no verdict."""
    old = results.by_test(first)
    lines = []
    for key, result in results.by_test(second).items():
        before, after = old.get(key, {}).get('ms'), result.get('ms')
        if before and after and after >= SLOWER * before and after - before >= SLOWER_MS:
            lines.append(f'{results.label(key)}: {before} ms, now {after} ms')
    return lines


def where(run):
    """Kernel and place of a run."""
    facts = run.get('facts', {})
    return f'Linux {facts.get("kernel", "?")}, {facts.get("vendor", "?")}, {run.get("where", "?")}'


def text(first, second):
    """The whole comparison, as lines, and whether the verdicts are the same."""
    found = differences(first, second)
    lines = [f'first:  {where(first)}', f'second: {where(second)}']
    known = found.pop('known', [])
    for name, items in found.items():
        lines += ['', f'{name} ({len(items)}):', *(f'  {item}' for item in items)]
    if known:
        lines += ['', f'a known fault shows in one of the two ({len(known)}), no verdict:',
                  *(f'  {item}' for item in known)]
    late = slower(first, second)
    if late:
        lines += ['', f'slower ({len(late)}), no verdict:', *(f'  {item}' for item in late)]
    failed = [key for key, result in results.by_test(second).items() if result['status'] == 'fail']
    lines += ['', 'different' if found else
              f'exactly the same verdicts, {len(failed)} failures in each']
    return lines, not found
