# SPDX-License-Identifier: GPL-2.0-only
"""The race matrix as a heat map: for each kind of memory, which pairs met how often."""

import html
import re

RACE = re.compile(r'^race/([^/]+)/([^+]+)\+(.+)$')
MET = re.compile(r'(\d+) races, (\d+) overlapped|(\d+) attempts, (\d+) overlaps')
STEPS = (3, 10, 50, 250)     # from here on a darker shade


def races(results):
    """{kind: {(a, b): (text, class, title)}} of the results of gmem_race_test."""
    found = {}
    for result in results:
        match = RACE.match(result['id'])
        if match:
            kind, first, second = match.groups()
            found.setdefault(kind, {})[first, second] = cell(result)
    return {kind: pairs for kind, pairs in found.items()
            if any(look != 'skip' for _text, look, _title in pairs.values())}


def met(result):
    """(races, overlaps), or None where nothing says so."""
    for text in result.get('diagnostics') or []:
        match = MET.search(text)
        if match:
            return int(match[1] or match[3]), int(match[2] or match[4])
    return None


def cell(result):
    """What a pair's cell shows: text, look, and what is said when somebody points at it."""
    status, counts = result['status'], met(result)
    title = f'{result["id"]}: {counts[0]} races, {counts[1]} overlapped' if counts else result['id']
    if status == 'fail':
        return '\u2717', 'fail', f'{title}, {result.get("klass") or "failed"}'
    if status == 'xfail':
        return 'k', 'known', f'{title}, {result.get("reason")}'
    if status == 'skip':
        missed = 'not exercised' in (result.get('reason') or '')
        return '0' if missed else '\u2013', 'missed' if missed else 'skip', \
            f'{title}, {result.get("reason")}'
    if not counts:
        return '', 'none', title
    return number(counts[1]), f'h{shade(counts[1])}', title


def number(value):
    """Three characters at the most."""
    return str(value) if value < 1000 else f'{value // 1000}k'


def shade(overlaps):
    """1 to 5, by order of magnitude."""
    return 1 + sum(overlaps >= step for step in STEPS)


def tables(results):
    """The heat maps, one for each kind of memory that was raced."""
    parts = []
    for kind, pairs in races(results).items():
        sides = list(dict.fromkeys([side for pair in pairs for side in pair]))
        looks = [look for _text, look, _title in pairs.values()]
        said = (f'{len(pairs)} pairs, {sum(look[0] == "h" for look in looks)} met, '
                f'{looks.count("missed")} not exercised, {looks.count("fail")} failed, '
                f'{looks.count("known")} known')
        head = ''.join(f'<th scope="col"><span>{html.escape(side)}</span></th>' for side in sides)
        rows = ''
        for first in sides:
            cells = ''
            for second in sides:
                text, look, title = pairs.get((first, second)) or pairs.get((second, first)) or \
                    ('', 'none', '')
                cells += f'<td class="{look}" title="{html.escape(title)}">{text}</td>'
            rows += f'<tr><th scope="row">{html.escape(first)}</th>{cells}</tr>'
        parts.append(f'<table class="heat"><caption>{html.escape(kind)} memory: {said}</caption>'
                     f'<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>')
    return ''.join(parts)
