# SPDX-License-Identifier: GPL-2.0-only
"""What each sub-test was seen to fail on: the kill matrix, one line for each sub-test.

A test that cannot fail is a defect. The file `kills` names for each sub-test a mutant of KVM that
makes it fail, a finding that does, or why nothing does. `make check` compares it with what the
programs list and with what mutants.d holds.
"""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from . import mutant as mutants, suite
from .ktap import CLASSES
from .paths import SUITE
from .problem import Problem

KILLS = SUITE / 'scripts' / 'kills'
HEAD = """# SPDX-License-Identifier: GPL-2.0-only
# PROGRAM:SUB-TEST, tab, what it was seen to fail on, tab, the class of that failure.
# A mutant of mutants.d; "finding N" of docs/findings.md; "-" and why nothing is known to.
# A pattern: one of these was seen, and they have their check in common.
# Made by `mutants kills --record` of what `mutants run` leaves; lines of "-" by hand.
"""
# Words that say no more than that something went wrong with the machine.
COLLATERAL = ('SETUP', 'XPASS')
FINDING = re.compile(r'finding \d+$')
# What ktap adds to the loss of a program.
WHILE = re.compile(r'\(while (\S+) ran\)')
# Why a sub-test is expected to fail: lib/harness/known_issues.c.
KNOWN = re.compile(r'docs/findings\.md, (\d+)$')
LINE = re.compile(r'([a-z0-9_]+:\S+)\t([^\t]+)\t([^\t]+)$')


@dataclass(frozen=True)
class Kill:
    """One line."""
    test: str     # PROGRAM:SUB-TEST, or a pattern of them
    by: str       # a mutant, "finding N", or "-"
    klass: str    # of the failure; for "-" the reason

    def text(self):
        """As in the file."""
        return f'{self.test}\t{self.by}\t{self.klass}'


def parse(text):
    """The lines of a file of kills, checked; Problem names the first bad one."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith('#'):
            continue
        match = LINE.match(line)
        if not match:
            raise Problem(f'kills, line {number}: not PROGRAM:SUB-TEST, tab, mutant, tab, class')
        kill = Kill(*match.groups())
        if kill.test in found:
            raise Problem(f'kills, line {number}: {kill.test} a second time')
        found[kill.test] = kill
    return found


def read(path=KILLS):
    """{test: Kill} of the file; none if there is no file."""
    return parse(path.read_text(encoding='utf-8')) if path.is_file() else {}


def write(kills, path=KILLS):
    """Replace the file in one step, sorted."""
    temporary = path.with_name(f'{path.name}.tmp')
    temporary.write_text(HEAD + ''.join(f'{kills[test].text()}\n' for test in sorted(kills)),
                         encoding='utf-8')
    temporary.replace(path)


def of_run(mutant, run):
    """Kills in the results.json of a mutant's run: sub-tests that failed, and how they called it.

    What is expected to fail, does so by a finding: the mutants' KVM has that fault as well.
    HANG counts only if the mutant is to show that way: a busy or dying machine hangs as well.
    """
    for program in run['programs']:
        for result in program['results']:
            klass = result['klass']
            known = KNOWN.search(result['reason'])
            if result['status'] == 'xfail' and known:
                yield Kill(f'{program["name"]}:{result["id"]}', f'finding {known[1]}', 'XFAIL')
            if result['status'] == 'fail' and klass and klass not in COLLATERAL and \
                    (klass != 'HANG' or 'HANG' in mutant.expect):
                name = f'{program["name"]}:{result["id"]}'
                if result['id'] == mutants.LOST:
                    name = lost(program['name'], result)
                if name:
                    yield Kill(name, mutant.name, klass)


def lost(program, result):
    """The sub-test that ran when the kernel died under it; None if it died of something else."""
    found = WHILE.search('\n'.join(result.get('diagnostics', ())))
    return f'{program}:{found[1]}' if result['klass'] == 'KERNEL' and found else None


def of_directory(base):
    """Kills of the mutants whose last runs are below a directory; those it knows, by name."""
    for mutant in mutants.load_all():
        path = base / mutant.name / 'run' / 'results.json'
        if path.is_file():
            yield from of_run(mutant, json.loads(path.read_text(encoding='utf-8')))


def merge(kills, more):
    """How many tests got a line that had none, or "-" alone; lines that exist stay."""
    added = 0
    for kill in more:
        old = kills.get(kill.test)
        if old is None or old.by == '-':
            kills[kill.test] = kill
            added += 1
    return added


def listed(programs):
    """All sub-tests, PROGRAM:SUB-TEST, of {name: path}, as the programs list them."""
    found = []
    for name, path in programs.items():
        tests = suite.subtests(path)
        if not tests:
            raise Problem(f'{name} --list says nothing here; another architecture\'s?')
        found += [f'{name}:{test}' for test in tests]
    return found


def find(kills, test):
    """The line of a test: its own, or a pattern's; None."""
    return kills.get(test) or next((kill for kill in kills.values() if '*' in kill.test and
                                    fnmatchcase(test, kill.test)), None)


def unseen(kills, tests):
    """Tests without a line."""
    return [test for test in tests if find(kills, test) is None]


def unknown(kills, tests, names):
    """What is wrong with lines: no such mutant, no such sub-test of the programs listed."""
    programs = {test.split(':')[0] for test in tests}
    for kill in kills.values():
        if kill.by != '-' and kill.by not in names and not FINDING.match(kill.by):
            yield f'{kill.test}: there is no mutant {kill.by}'
        if kill.by != '-' and kill.klass not in (*CLASSES, 'XFAIL'):
            yield f'{kill.test}: there is no class {kill.klass}'
        program = kill.test.split(':')[0]
        if program in programs and not any(fnmatchcase(test, kill.test) for test in tests):
            yield f'{kill.test}: there is no such sub-test'
