# SPDX-License-Identifier: GPL-2.0-only
"""The suite inside a kernel tree, put there by scripts/overlay."""

import re
import shutil

from . import paths
from .check import Check, Failed
from .check_build import JOBS, compare, listing

OVERLAY = paths.SUITE / 'scripts' / 'overlay'
NAME = 'kvm-gmem'
# What the kselftest make rules read of a kernel tree.
PARTS = ('Kbuild', 'Makefile', 'scripts/subarch.include', 'tools/testing/selftests/Makefile',
         'tools/testing/selftests/lib.mk', 'tools/testing/selftests/run_kselftest.sh')


def small_tree(bench):
    """A private copy of as much of the kernel tree as kselftest needs."""
    source, tree = bench.source().path, bench.scratch() / 'linux'
    selftests = source / 'tools/testing/selftests'
    names = [source / part for part in PARTS]
    names += [*selftests.glob('*.h'), *(selftests / 'kselftest').iterdir()]
    for name in names:
        if name.is_file():
            target = tree / name.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, target)
    return tree


def overlay(bench):
    """In, built, installed, run in the kernel's own way, and out again without a trace."""
    tree = small_tree(bench)
    before = listing(tree)
    makefile = tree / 'tools/testing/selftests/Makefile'
    original = makefile.read_bytes()
    bench.run([OVERLAY, tree], 'overlay')
    bench.run([OVERLAY, tree], 'overlay, a second time')
    if makefile.read_text(encoding='utf-8').count(f'TARGETS += {NAME}\n') != 1:
        raise Failed(f'TARGETS += {NAME} is not once in the selftests\' Makefile')
    command = ['make', JOBS, '-C', makefile.parent, f'TARGETS={NAME}', 'FORCE_TARGETS=1']
    # With O= nothing of this may land in the tree, so this comes first.
    clean = listing(tree)
    objects = bench.base / bench.name / 'objects'
    bench.run([*command, f'O={objects}'], 'build with O=')
    compare(clean, tree, 'build with O=')
    built = {path.name for path in (objects / 'kselftest' / NAME).glob('*_*')
             if path.suffix == '' and path.is_file()}
    run_tests(bench, command, built)
    installed(bench, command, built)
    bench.run([*command, 'clean'], 'clean')
    compare(clean, tree, 'build and clean')
    bench.run([OVERLAY, tree, '--remove'], 'overlay --remove')
    if makefile.read_bytes() != original or set(before) != set(listing(tree)):
        raise Failed('overlay --remove does not restore the tree')
    refusals(bench, tree)
    return f'{len(built)} programs'


def run_tests(bench, command, programs):
    """run_tests finds and starts each program; --list, so that it works without KVM."""
    bench.run([*command, 'run_tests'], 'run_tests', env={'KSELFTEST_ARGS': '--list', **{
        f'KSELFTEST_{name.upper()}_ARGS': '--list' for name in programs}})
    good = set(re.findall(rf'(?m)^(?:# )*ok \d+ selftests: {NAME}: (\w+)', bench.log_text()))
    if good != programs or not programs:
        raise Failed(f'run_tests ran {", ".join(sorted(good)) or "nothing"}, built were '
                     f'{", ".join(sorted(programs)) or "none"}')


def installed(bench, command, programs):
    """install makes a directory whose run_kselftest.sh knows the programs."""
    target = bench.base / bench.name / 'installed'
    bench.run([*command, 'install', f'KSFT_INSTALL_PATH={target}'], 'install')
    code, said = bench.output([target / 'run_kselftest.sh', '-l'])
    names = {line.split(':', 1)[1].strip() for line in said.splitlines()
             if line.startswith(f'{NAME}:')}
    if code or names != programs:
        raise Failed(f'run_kselftest.sh -l lists {", ".join(sorted(names)) or "nothing"}')


def refusals(bench, tree):
    """Each mistake gets one line and a non-zero exit."""
    foreign = tree / 'tools/testing/selftests/foreign'
    foreign.mkdir()
    for words in ([], [bench.base], [tree, '--name', 'kvm'], [tree, '--name', '../x'],
                  [tree, '--name', 'foreign'], [tree, '--nonsense']):
        code, said = bench.output([OVERLAY, *words])
        if not code or len(said.splitlines()) != 1:
            raise Failed(f'overlay {" ".join(map(str, words))}: exit code {code}, '
                         f'{len(said.splitlines())} lines')


CHECKS = (
    Check('overlay', 'the suite works inside a kernel tree and leaves it again', overlay,
          needs=('git', 'rsync')),
)
