# SPDX-License-Identifier: GPL-2.0-only
"""Check the commands of the README: run here, run by another check, or named with the reason."""

import os
import re
import shlex
from pathlib import Path

from . import check_vm, paths
from .check import Check, Failed

TOP = paths.SUITE.parents[3]
README = TOP / 'README.md'
KVM = 'tools/testing/selftests/kvm'
BLOCK = re.compile(r'^```\n(.*?)^```', re.M | re.S)
COMMAND = re.compile(r'^(?:make|scripts/|tools/)')
LINK = re.compile(r'\]\(([^)#]+)(?:#[^)]*)?\)')
# By whom a command is run: another check, by its name, or here, with what stands for a placeholder.
ELSEWHERE = (
    (r'make run', 'vm-suite'),
    (r'make check', 'the one who reads this'),
    (rf'{KVM}/scripts/bisect --ksrc \S+ --good \S+ --bad \S+ PROGRAM:SUB-TEST', 'bisect'),
    (rf'{KVM}/scripts/overlay /path/to/linux', 'overlay'),
    (r'make -C /path/to/linux headers', 'overlay, without it, as the tree has its headers'),
    (r'make -C /path/to/linux/tools/testing/selftests TARGETS=kvm-gmem run_tests', 'overlay'),
    (rf'{KVM}/scripts/mutants run [\w -]+', 'mutants'),
)
HERE = (r'make run PROGRAMS=.*', r'make report', rf'{KVM}/scripts/testbed (?:run|status).*',
        rf'{KVM}/scripts/compare RUN RUN', rf'{KVM}/scripts/mutants list')
BUDGET = r'make run BUDGET=10m'
SHORTER = (('--duration 300', '--duration 2'), ('--iterations 200', '--iterations 2'),
           ('RUN RUN', 'build/runs/latest build/runs/latest'), ('BUDGET=10m', 'BUDGET=30s'))


def commands(text):
    """Every command in the README's blocks, without its comment."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return [re.sub(r'\s+# .*$', '', line).strip() for line in lines if COMMAND.match(line)]


def runner(command):
    """'here', the name of another check, or None."""
    if any(re.fullmatch(pattern, command) for pattern in (*HERE, BUDGET)):
        return 'here'
    return next((name for pattern, name in ELSEWHERE if re.fullmatch(pattern, command)), None)


def dead_links(path):
    """Relative links of a document that lead nowhere."""
    found = LINK.findall(path.read_text(encoding='utf-8'))
    return [link for link in found if '://' not in link and not (path.parent / link).exists()]


def readme(bench):
    """Run what no other check runs; complain of what nobody does."""
    check_vm.built(bench)
    text = README.read_text(encoding='utf-8')
    unknown = [command for command in commands(text) if not runner(command)]
    if unknown:
        raise Failed(f'no check runs: {unknown[0]}')
    dead = [f'{path.name}: {link}' for path in (README, *sorted(TOP.glob('docs/*.md')))
            for link in dead_links(path)]
    if dead:
        raise Failed(f'dead link in {dead[0]}')
    # Those that look at a run come after those that leave one.
    here = sorted((command for command in commands(text) if runner(command) == 'here'),
                  key=lambda command: 'report' in command or 'compare' in command)
    for command in here:
        for long, short in SHORTER:
            command = command.replace(long, short)
        words = shlex.split(command)
        few = {'PROGRAMS': 'gmem_stale_test gmem_stress'} if 'BUDGET' in command else {}
        bench.run(words, command, cwd=TOP, env=check_vm.environment(
            XDG_CACHE_HOME=os.environ.get('XDG_CACHE_HOME', ''), **few))
    return f'{len(here)} commands here, {len(commands(text)) - len(here)} by other checks, no ' \
           f'dead link in {1 + len(list(Path(TOP, "docs").glob("*.md")))} documents'


CHECKS = (
    Check('readme', 'commands of the README work here or in another check; no link is dead',
          readme, vm=True, needs=('spatch',)),
)
