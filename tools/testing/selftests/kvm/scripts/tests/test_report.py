# SPDX-License-Identifier: GPL-2.0-only
"""The page of a run: witnesses drawn, races mapped, what is hostile escaped."""

import json
import re
import tempfile
import unittest
from pathlib import Path

from kvmgmem import check_report, paths, report, report_matrix, report_witness
from kvmgmem.ktap import CLASSES

WITNESS = '''LOST_DATA: page 33 word 1: nothing made the word zero since it held data
  state   at the start: page 33 is shared
  between 301732..311916 host thread 0 reset pages 32-63
  source  311962..311963 vCPU 0 wrote 0xa100000fc0004201 (VM 1, vCPU 0, write 252, page 33, word 1)
  proof   311970..311990 host thread 1 may have written 0x1 (no token) (shared copy)
  between at the barrier (311995): the word may hold zero
  fault   322019..322020 vCPU 1 exchanged: found zero'''.splitlines()


class Witness(unittest.TestCase):
    """From the lines of a failure to a picture."""

    def test_events(self):
        """Every line but the headline is an event, in the order of the tickets."""
        events = report_witness.parse(WITNESS)
        self.assertEqual([event.role for event in events],
                         ['state', 'between', 'source', 'proof', 'between', 'fault'])
        self.assertEqual(events[0].actor, report_witness.START)
        self.assertEqual((events[1].begin, events[1].end, events[1].actor, events[1].what),
                         (301732, 311916, 'host thread 0', 'reset pages 32-63'))
        self.assertEqual(events[3].what, 'may have written 0x1 (no token) (shared copy)')
        self.assertEqual(events[5].actor, 'vCPU 1')
        self.assertEqual(report_witness.short(events[2].what), 'wrote vCPU 0 #252 (page 33)')

    def test_order(self):
        """What ended before another began is drawn left of it; nothing is drawn of no witness."""
        events = report_witness.parse(WITNESS)
        column = report_witness.places(events)
        self.assertLess(column[311916], column[311962])
        self.assertEqual(report_witness.svg([]), '')
        self.assertEqual(report_witness.svg(events).count('<rect'), 6)


class Matrix(unittest.TestCase):
    """The heat map."""

    def test_cells(self):
        """A number, a failure, a miss, a known fault, a skip."""
        def cell(status, **more):
            return report_matrix.cell({'id': 'race/x/a+b', 'status': status, **more})
        self.assertEqual(cell('pass', diagnostics=['q: 90 races, 40 overlapped; 1'])[:2],
                         ('40', 'h3'))
        self.assertEqual(cell('pass', diagnostics=['31000 attempts, 12345 overlaps'])[:2],
                         ('12k', 'h5'))
        self.assertEqual(cell('fail', klass='LEAK')[1], 'fail')
        self.assertEqual(cell('xfail', reason='docs/findings.md, 4')[1], 'known')
        self.assertEqual(cell('skip', reason='not exercised: 9 attempts, no overlap')[1], 'missed')
        self.assertEqual(cell('skip', reason='no NUMA')[1], 'skip')


class Page(unittest.TestCase):
    """The whole page."""

    def setUp(self):
        self.run_ = json.loads(check_report.RUN.read_text(encoding='utf-8'))
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = Path(scratch.name) / '2026-01-02-10'
        self.directory.mkdir()

    def test_links(self):
        """All lead somewhere; one that does not is noticed."""
        page = check_report.Page(report.page(self.run_, self.directory))
        self.assertEqual(check_report.dead(page, self.directory), [])
        page.links += ['#nowhere', 'gone.log', '../other']
        self.assertEqual(check_report.dead(page, self.directory),
                         ['#nowhere', 'gone.log', '../other'])

    def test_hostile(self):
        """What a program prints is text, whatever it looks like."""
        self.run_['programs'][-1]['results'][0]['diagnostics'] = ['<script>alert(1)</script>']
        self.run_['programs'][-1]['results'][0]['reason'] = '"><img src=x>'
        text = report.page(self.run_, self.directory)
        self.assertNotIn('<script', text)
        self.assertNotIn('<img', text)

    def test_before(self):
        """The run before is by number, not by name, and has to have results."""
        for number, run in ((8, self.run_), (9, {}), (2, self.run_)):
            path = self.directory.parent / f'2026-01-02-{number}'
            path.mkdir()
            (path / 'results.json').write_text(json.dumps(run), encoding='utf-8')
        self.assertEqual(report.previous(self.directory)[0], '2026-01-02-8')
        self.assertIn('Before: run 2026-01-02-8',
                      report.page(self.run_, self.directory, report.previous(self.directory)))

    def test_classes(self):
        """Every class is explained, here as in docs/reports.md."""
        self.assertEqual(set(report.MEANS), set(CLASSES))
        readme = paths.SUITE.parents[3] / 'docs/reports.md'
        if readme.is_file():
            known = re.findall(r'\b[A-Z_]{3,}\b', readme.read_text(encoding='utf-8'))
            self.assertLessEqual(set(CLASSES), set(known))


if __name__ == '__main__':
    unittest.main()
