# SPDX-License-Identifier: GPL-2.0-only
"""The witness of an anomaly as a picture: who did what, in the order of the tickets."""

import html
import re
from dataclasses import dataclass

# As lib/oracle/anomaly.c prints it.
LINE = re.compile(r'^ *(?P<role>source|between|proof|state|fault) +'
                  r'(?:at the start|at the barrier \((?P<barrier>\d+)\)): (?P<known>.*)$|'
                  r'^ *(?P<role2>source|between|proof|state|fault) +(?P<begin>\d+)\.\.(?P<end>\d+) '
                  r'(?P<actor>vCPU \d+|host thread \d+|[\w ]+?) '
                  r'(?P<what>(?:may have )?'
                  r'(?:read|wrote|written|exchanged|reset|converted|left)\b.*)$')
TOKEN = re.compile(r'0x[0-9a-f]+ \((?P<words>[^)]*)\)')
ROLES = {'fault': 'what cannot be', 'source': 'where the value is from',
         'between': 'what came in between', 'proof': 'what proves it', 'state': 'whose the page is'}
COLUMN, LANE, LEFT, TOP = 190, 64, 110, 34
START = 'at the start'


@dataclass
class Event:
    """An event of a witness."""
    role: str
    begin: int
    end: int
    actor: str
    what: str


def parse(lines):
    """The Events in the lines of a failure, in the order in which they began."""
    found = []
    for text in lines:
        match = LINE.match(text)
        if not match:
            continue
        if match['known'] is not None:
            ticket = int(match['barrier'] or 0)
            found.append(Event(match['role'], ticket, ticket, START, match['known']))
        else:
            found.append(Event(match['role2'], int(match['begin']), int(match['end']),
                               match['actor'], match['what']))
    return sorted(found, key=lambda event: (event.begin, event.end))


def short(what):
    """A token by who wrote it, and for which page: vCPU 1 #3 (page 0)."""
    def name(match):
        words = re.search(r'VM \d+, (vCPU \d+|host thread \d+|\w[\w ]*), '
                          r'write (\d+), (page \d+)', match['words'])
        return f'{words[1]} #{words[2]} ({words[3]})' if words else match[0].split(' ')[0]
    return TOKEN.sub(name, what)


def wrap(text, width=26):
    """At most three lines."""
    lines = ['']
    for word in text.split():
        if len(lines[-1]) + len(word) >= width and lines[-1]:
            lines.append('')
        lines[-1] = f'{lines[-1]} {word}'.strip()
    return lines[:3]


def places(events):
    """{ticket: column}, so that what lies apart is drawn apart and what is long ago is near."""
    tickets = sorted({ticket for event in events for ticket in (event.begin, event.end)})
    return {ticket: column for column, ticket in enumerate(tickets)}


def svg(events, number=0):
    """The picture; '' if there is nothing to draw."""
    if not events:
        return ''
    lanes = list(dict.fromkeys([event.actor for event in events]))
    column = places(events)
    width = LEFT + COLUMN * max(1, len(column)) + 20
    height = TOP + LANE * len(lanes) + 24
    title = 'Witness: ' + '; '.join(f'{event.actor} {short(event.what)}' for event in events)
    parts = [f'<svg class="witness" role="img" aria-labelledby="w{number}" '
             f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
             f'xmlns="http://www.w3.org/2000/svg"><title id="w{number}">{html.escape(title)}'
             '</title>']
    for row, lane in enumerate(lanes):
        y = TOP + LANE * row
        parts.append(f'<text class="lane" x="4" y="{y + 34}">{html.escape(lane)}</text>'
                     f'<line class="rule" x1="{LEFT - 8}" y1="{y + LANE - 2}" x2="{width - 8}" '
                     f'y2="{y + LANE - 2}"/>')
    for ticket, at in column.items():
        x = LEFT + COLUMN * at
        parts.append(f'<line class="tick" x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 22}"/>'
                     f'<text class="ticket" x="{x + 3}" y="{TOP - 12}">{ticket}</text>')
    for event in events:
        parts.append(bar(event, lanes.index(event.actor), column))
    parts.append(f'<text class="ticket" x="{LEFT}" y="{height - 6}">tickets: an operation that '
                 'ends left of where another begins came first</text></svg>')
    return ''.join(parts)


def bar(event, row, column):
    """One event: a bar from its first ticket to its last."""
    x = LEFT + COLUMN * column[event.begin]
    long = COLUMN * (column[event.end] - column[event.begin])
    y = TOP + LANE * row + 4
    mark = '\u2717 ' if event.role == 'fault' else ''
    words = ''.join(f'<tspan x="{x + 6}" dy="{14 if line else 15}">{html.escape(text)}</tspan>'
                    for line, text in enumerate(wrap(mark + short(event.what))))
    return (f'<g class="{event.role}"><title>{html.escape(ROLES[event.role])}: '
            f'{html.escape(event.actor)} {html.escape(event.what)}</title>'
            f'<rect x="{x}" y="{y}" width="{max(long, COLUMN - 12)}" height="{LANE - 12}" rx="3"/>'
            f'<text y="{y}">{words}</text></g>')
