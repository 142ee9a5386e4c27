# SPDX-License-Identifier: GPL-2.0-only
"""A run as one self-contained page of HTML: what failed first, with its witness as a picture."""

import html
import re
from pathlib import Path

from . import cache, paths, report_matrix, report_witness, results
from .progress import span

NAME = 'report.html'
CSS = paths.SUITE / 'scripts/report.css'
SLOWEST = 15
FAILURES_SHOWN = 50
MEANS = {
    'STALE_MAPPING': 'somebody still saw or wrote a page after the call that took it away had '
                     'returned',
    'NOT_SCRUBBED': 'memory that should have been zero held something else',
    'LEAK': 'data of another VM',
    'WRONG_PAGE': 'data of another page, or of another place in the page',
    'LOST_DATA': 'zero where data was due',
    'LOST_WRITE': 'an older value where a newer one was due',
    'PERMISSION': 'an access that had to fail did not, or the reverse',
    'ABI': 'wrong errno, exit reason, flags, address or size',
    'KERNEL': 'a WARN, BUG, lockdep, KASAN or similar report during the sub-test',
    'HANG': 'no progress',
    'CRASH': 'the test process died',
    'SETUP': 'something that the test may count on did not work',
    'ACCOUNTING': 'pages, page tables or what is charged to the cgroup did not come back',
    'XPASS': 'a known fault that shows in every run did not',
}
MARKS = {'pass': '\u2713', 'fail': '\u2717', 'xfail': 'k', 'skip': '\u2013'}
KERNEL_LOG = re.compile(r'(WARNING|BUG|Oops|Call Trace|RIP:|Modules linked in|CPU: \d|possible '
                        r'circular|KASAN|</?TASK>|^\s*\??\s*\w+\+0x)')
esc = html.escape


def tests(run):
    """[(program, result)] in the order of the run."""
    return [(program['name'], result) for program in run['programs']
            for result in program['results']]


def with_status(run, status):
    """Those that ended so."""
    return [(name, result) for name, result in tests(run) if result['status'] == status]


def previous(directory):
    """The run before this one, of the same sort, that has results; or None."""
    directory = Path(directory).resolve()
    number = re.compile(r'^(\d{4}-\d\d-\d\d)-(\d+)$')

    def key(path):
        match = number.match(path.name)
        return (match[1], int(match[2])) if match else ('', 0)
    if not number.match(directory.name):
        return None
    older = [path for path in directory.parent.iterdir()
             if number.match(path.name) and key(path) < key(directory)]
    for path in sorted(older, key=key, reverse=True):
        run = cache.read_json(path / 'results.json')
        if run.get('programs'):
            return path.name, run
    return None


def header(run, name):
    """Title, verdict, where it ran, how to go about the page."""
    word = {0: 'PASS', 4: 'SKIP'}.get(run['exit_code'], 'FAIL')
    counts = {status: len(with_status(run, status)) for status in MARKS}
    facts = ''.join(f'<tr><th scope="row">{esc(str(key))}</th><td>{esc(str(value))}</td></tr>'
                    for key, value in sorted(run.get('facts', {}).items()))
    modelled = '<p><strong>Modelled machine:</strong> the hardware below KVM is software of this ' \
               'project.</p>' if 'modelled' in str(run.get('facts')) else ''
    problems = ''.join(f'<li>{esc(text)}</li>' for text in run.get('problems', []))
    return (f'<h1>kvm-gmem, run {esc(name)}</h1>'
            f'<p><span class="verdict {word.lower()}">{word}</span></p>'
            f'<p class="totals"><span class="pass">{MARKS["pass"]} {counts["pass"]} passed</span>'
            f'<span class="fail">{MARKS["fail"]} {counts["fail"]} failed</span>'
            f'<span class="known">{MARKS["xfail"]} {counts["xfail"]} known</span>'
            f'<span class="skip">{MARKS["skip"]} {counts["skip"]} skipped</span>'
            f'<span>{span(run.get("seconds", 0))}</span></p>{modelled}'
            + (f'<h3>Problems of the run itself</h3><ul>{problems}</ul>' if problems else '')
            + '<nav aria-label="parts">' + ''.join(
                f'<a href="#{part}">{title}</a>' for part, title in
                (('failures', 'Failures'), ('known', 'Known faults'), ('races', 'Races'),
                 ('skips', 'Skips'), ('times', 'Times'), ('where', 'Where it ran'),
                 ('files', 'Files'))) + '</nav>',
            f'<h2 id="where">Where it ran</h2><table>{facts}</table>')


def again(program, run, result):
    """The command that repeats one sub-test."""
    words = next((item['command'] for item in run['programs'] if item['name'] == program),
                 [program])
    seed = next((match[1] for text in result.get('diagnostics') or []
                 for match in [re.search(r'--seed[ =](\S+)', text)] if match), None)
    if not seed and '--seed' in words:
        seed = words[words.index('--seed') + 1]
    return f'scripts/testbed run {program} --run {result["id"]}' + (f' --seed {seed}' if seed
                                                                    else '')


def failure(program, run, result, number):
    """One failure: words, picture, kernel log, how to see it again."""
    said = result.get('diagnostics') or []
    prefix = f'{result["id"]}: '
    said = [text.removeprefix(prefix) for text in said]
    klass = result.get('klass') or 'no class given'
    picture = report_witness.svg(report_witness.parse(said), number)
    first = next((at for at, text in enumerate(said) if KERNEL_LOG.search(text)), len(said))
    words, log = said[:first], said[first:]
    return (f'<article class="failure"><h3>{MARKS["fail"]} {esc(program)}: {esc(result["id"])} '
            f'<span class="fail">{esc(klass)}</span></h3><p>{esc(MEANS.get(klass, ""))}</p>'
            + (f'<div class="scroll">{picture}</div>' if picture else '')
            + (f'<pre>{esc(chr(10).join(words))}</pre>' if words else '')
            + (f'<p>The kernel\'s log:</p><pre>{esc(chr(10).join(log))}</pre>' if log else '')
            + f'<p>Again: <code>{esc(again(program, run, result))}</code></p></article>')


def failures(run):
    """All of them; those with a witness first, as they prove most."""
    found = with_status(run, 'fail')
    found.sort(key=lambda item: not report_witness.parse(item[1].get('diagnostics') or []))
    parts = [failure(program, run, result, number)
             for number, (program, result) in enumerate(found[:FAILURES_SHOWN])]
    more = f'<p>... and {len(found) - FAILURES_SHOWN} more, see the files.</p>' \
        if len(found) > FAILURES_SHOWN else ''
    return '<h2 id="failures">Failures</h2>' + (''.join(parts) + more or '<p>None.</p>')


def grouped(found, how):
    """A table of a reason and what it stands for, the most frequent first."""
    groups = {}
    for program, result in found:
        groups.setdefault(how(result), []).append(f'{program}:{result["id"]}')
    rows = ''.join(
        f'<tr><td class="n">{len(names)}</td><td>{esc(reason)}</td><td>{esc(", ".join(names[:6]))}'
        f'{", ..." if len(names) > 6 else ""}</td></tr>'
        for reason, names in sorted(groups.items(), key=lambda item: -len(item[1])))
    return f'<table><tr><th class="n">number</th><th>why</th><th>which</th></tr>{rows}</table>' \
        if rows else '<p>None.</p>'


def times(run, before):
    """Programs and the slowest sub-tests, against the run before this one."""
    name, old = before or (None, {'programs': []})
    seconds = {program['name']: program['seconds'] for program in old['programs']}
    longest = max([program['seconds'] for program in run['programs']] + [0.1])

    def row(title, now, then, scale=None):
        drawn = f'<span class="bar" style="width:{100 * now / scale:.1f}%"></span>' if scale else ''
        change = f'{then:.1f}' if then is not None else ''
        ratio = f'{now / then:.2f}' if then and then >= 0.05 else ''
        return (f'<tr><td>{esc(title)}</td><td class="n">{now:.1f}</td><td class="n">{change}</td>'
                f'<td class="n">{ratio}</td>' + (f'<td style="width:16rem">{drawn}</td>'
                                                 if scale else '') + '</tr>')
    head = '<tr><th>{}</th><th class="n">seconds</th><th class="n">before</th>' \
           '<th class="n">ratio</th>{}</tr>'
    rows = ''.join(row(program['name'], program['seconds'], seconds.get(program['name']), longest)
                   for program in run['programs'])
    mine, theirs = results.by_test(run), results.by_test(old)
    slow = sorted(mine, key=lambda key: -(mine[key].get('ms') or 0))[:SLOWEST]
    slowest = ''.join(row(results.label(key), (mine[key].get('ms') or 0) / 1000,
                          (theirs.get(key, {}).get('ms') or 0) / 1000 if key in theirs else None)
                      for key in slow)
    compared = f'Before: run {esc(name)}.' if name else 'No earlier run to compare with.'
    return (f'<h2 id="times">Times</h2><p>{compared}</p>'
            f'<table>{head.format("program", "<th></th>")}{rows}'
            f'</table><h3>The slowest sub-tests</h3><table>{head.format("sub-test", "")}{slowest}'
            '</table>')


def races(run):
    """The matrix, if it was raced."""
    found = [result for name, result in tests(run) if name == 'gmem_race_test']
    maps = report_matrix.tables(found)
    key = '<p>A number: how often the two sides overlapped (darker: more). 0: not exercised. ' \
          '\u2717: failed. k: known fault. \u2013: skipped. Empty: KVM does not allow the pair.</p>'
    return '<h2 id="races">Races</h2>' + (key + f'<div class="scroll">{maps}</div>' if maps
                                          else '<p>None in this run.</p>')


def files(directory):
    """What else there is."""
    names = sorted(path for path in Path(directory).rglob('*')
                   if path.is_file() and path.name != NAME and path.stat().st_size)
    shown = [path.relative_to(directory).as_posix() for path in names][:200]
    return '<h2 id="files">Files</h2><ul>' + ''.join(
        f'<li><a href="{esc(name)}">{esc(name)}</a></li>' for name in shown) + '</ul>'


def page(run, directory, before=None):
    """The whole text."""
    name = Path(directory).resolve().name
    top, where = header(run, name)
    complaints = run.get('kernel_complaints') or []
    log = '<h3>Complaints of the kernel on the console</h3><pre>' + esc('\n'.join(complaints)) + \
        '</pre>' if complaints else ''
    body = (top + failures(run) + log
            + '<h2 id="known">Known faults of this kernel</h2>'
            + grouped(with_status(run, 'xfail'), lambda result: result.get('reason') or '?')
            + races(run) + '<h2 id="skips">Skips</h2>'
            + grouped(with_status(run, 'skip'), lambda result: result.get('reason') or '?')
            + times(run, before) + where + files(directory))
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="icon" href="data:,">'
            f'<title>kvm-gmem {esc(name)}</title><style>{CSS.read_text(encoding="utf-8")}</style>'
            f'</head><body><main>{body}</main></body></html>\n')


def write(run, directory):
    """RUN/report.html; its path."""
    path = Path(directory) / NAME
    path.write_text(page(run, directory, previous(directory)), encoding='utf-8')
    return path
