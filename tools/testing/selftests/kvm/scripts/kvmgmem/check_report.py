# SPDX-License-Identifier: GPL-2.0-only
"""Check the page of a run in a real browser: no error, nothing missing, all links alive."""

import html.parser
import json
import os
import re
from pathlib import Path

from . import report
from .check import Check, Failed, Skip

RUN = Path(__file__).resolve().parent.parent / 'tests/run.json'
FILE = '01-gmem_stress.ktap'
SMALLEST = 30000      # bytes of a screenshot with something on it


class Page(html.parser.HTMLParser):
    """Ids, links and tags of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.tags = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note what there is."""
        self.tags.append(tag)
        for name, value in attrs:
            if name == 'id':
                self.ids.add(value)
            elif name in ('href', 'src') and not value.startswith('data:'):
                self.links.append(value)


def dead(page, directory):
    """Links that lead nowhere; one that leaves the directory is dead, too."""
    return [link for link in page.links
            if (link[1:] not in page.ids if link.startswith('#')
                else '..' in link or not (directory / link).is_file())]


def browse(bench, path, *words):
    """What the browser says, headless."""
    code, said = bench.output(['chromium', '--headless', '--no-sandbox', '--disable-gpu',
                               '--enable-logging=stderr', f'--user-data-dir={bench.base}/browser',
                               '--window-size=1300,2400', *words, path.as_uri()],
                              env={'HOME': os.environ.get('HOME', '/')})
    if code:
        raise Failed(f'the browser ended with exit code {code}')
    return said


def browser(bench):
    """A page with a witness, races, skips and times, as it is shown and as it is printed."""
    directory = bench.scratch()
    (directory / FILE).write_text('TAP version 13\n', encoding='utf-8')
    path = report.write(json.loads(RUN.read_text(encoding='utf-8')), directory)
    said = browse(bench, path, '--dump-dom')
    errors = re.findall(r'CONSOLE.*', said)
    if errors:
        raise Failed(f'the browser complains: {errors[0][:120]}')
    page = Page(said[said.index('<html'):])
    missing = [tag for tag in ('svg', 'rect', 'table', 'pre', 'caption') if tag not in page.tags]
    if missing or 'script' in page.tags:
        raise Failed(f'the page lacks {", ".join(missing)}' if missing else 'it has a script')
    lost = dead(page, directory)
    if lost or FILE not in page.links:
        raise Failed(f'links that lead nowhere: {", ".join(lost) or FILE}')
    picture, paper = directory / 'report.png', directory / 'report.pdf'
    browse(bench, path, f'--screenshot={picture}', '--hide-scrollbars')
    browse(bench, path, f'--print-to-pdf={paper}')
    if picture.stat().st_size < SMALLEST or not paper.read_bytes().startswith(b'%PDF'):
        raise Failed('nothing to be seen on it, or no print')
    return f'{len(page.links)} links, screenshot in {picture}'


def seen(bench):
    """Only where there is a browser."""
    try:
        return browser(bench)
    except FileNotFoundError as error:
        raise Skip(str(error)) from None


CHECKS = (
    Check('report', 'the page of a run: a browser shows and prints it, links are alive', seen,
          needs=('chromium',)),
)
