# SPDX-License-Identifier: GPL-2.0-only
"""Run mutants: patch, rebuild KVM, boot, test until it is noticed, and judge."""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from . import (arch, cache, feature as feature_list, job, kernel as kernels, mutant as mutants,
               mutant_kills as matrix, mutant_report as report, mutant_tree, paths, suite, vm)
from .mutant_watch import Enough, Watcher
from .problem import Problem
from .progress import live, span

RESULTS = 'results.json'
PATTERNS = 16   # as often may --run be repeated (lib/harness/options.h)


def base():
    """Where everything about mutants of an architecture is left."""
    return paths.build_dir() / 'mutants' / this_arch().name


# What the kernel's command line says, and no module: arm64's KVM is part of the kernel.
BUILT_IN = ('kvm-arm.', 'arm64_sw.', 'id_aa64', 'hugepage')
MEMORY = '2G'


@dataclass
class Bench:
    """What all mutants of one run share."""
    args: object
    kernel: object
    reference: object    # the same, rebuilt in the mutants' own tree
    programs: dict       # name -> path

    def commands(self, mutant):
        """[[program, argument, ...], ...] for a mutant, all seeds; for the control if None."""
        wanted = mutant.programs(self.programs) if mutant else list(self.programs)
        if self.args.programs:
            wanted = self.args.programs
        elif self.args.all:
            wanted = list(dict.fromkeys([*wanted, *self.programs]))
        seeds = range(self.args.seed, self.args.seed + self.args.seeds)
        more = mutant.args() if mutant else []
        some = self.unseen(wanted) if self.args.unseen else dict.fromkeys(wanted, [])
        return [[name, *suite.DEFAULT_ARGS.get(name, []), '--seed', str(seed), *more, *tests]
                for seed in seeds for name, tests in some.items()]

    def unseen(self, names):
        """{program: ['--run', SUB-TEST, ...]} of what no mutant was seen to fail so far."""
        kills = matrix.read()
        matrix.merge(kills, matrix.of_directory(base()))
        found = {}
        for test in matrix.unseen(kills, matrix.listed({n: self.programs[n] for n in names})):
            program, name = test.split(':')
            found.setdefault(program, []).extend(['--run', name])
        return {name: tests if len(tests) <= 2 * PATTERNS else [] for name, tests in found.items()}


def lock():
    """Held by whoever uses base(): it is emptied, and what is built there is compared with."""
    return cache.lock(f'mutants-run-{this_arch().name}', say=live.say)


def this_arch():
    """The architecture that $ARCH names."""
    return arch.find(os.environ.get('ARCH'))


def build_kernel(ksrc):
    """The kernel whose KVM is mutated: the same that the other scripts would run."""
    return kernels.build(ksrc, this_arch(),
                         os.environ.get('VARIANT') or 'plain',
                         os.environ.get('FEATURE'))


def features():
    """Names of the features that $FEATURE puts into the kernel, those that they need included."""
    return [feature.name for feature in feature_list.choose(os.environ.get('FEATURE'))]


def params(mutant):
    """Module parameters of $PARAMS, and those with which a mutant's code is reached."""
    return [*(os.environ.get('PARAMS') or '').split(),
            *(word for word in (mutant.params if mutant else ())
              if not word.startswith(BUILT_IN))]


def kernel_words(mutant):
    """Parameters of a KVM that is no module, for the kernel's command line."""
    return [word for word in (mutant.params if mutant else ()) if word.startswith(BUILT_IN)]


def make_bench(args):
    """Kernel, programs and the good KVM, rebuilt in the mutants' own tree to compare with."""
    kernel = build_kernel(args.ksrc)
    programs = (suite.of_directory(args.suite) if args.suite
                else suite.build(kernel.srcdir, kernel.arch, static=True))
    if args.programs:
        args.programs = suite.choose(programs, args.programs)
    reference = mutant_tree.rebuild_kvm(kernel, {}, fresh(base() / 'reference'))
    return Bench(args, kernel, reference, programs)


def fresh(directory):
    """An empty directory: nothing of an earlier run may be taken for this one's."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def run(chosen, args, control):
    """Run the control if asked for, then the mutants; returns the verdicts."""
    with lock():
        names = (['good'] if control else []) + [mutant.name for mutant in chosen]
        (base() / RESULTS).unlink(missing_ok=True)
        bench = make_bench(args)
        verdicts = []
        began = time.monotonic()
        try:
            for number, mutant in enumerate([None] * control + chosen, 1):
                live.say(f'# [{number}/{len(names)}] {mutant.name if mutant else "good"}')
                verdict = run_control(bench) if mutant is None else run_one(bench, mutant)
                verdicts.append(verdict)
                report.save(base() / RESULTS, bench.kernel.release, names, verdicts)
                live.say('# ' + ' '.join(filter(None, report.row(verdict))))
        finally:
            live.clear()
            if verdicts:
                print(report.show(verdicts))
                print(f'{len(verdicts)} of {len(names)} in {span(time.monotonic() - began)}, '
                      f'kernel {bench.kernel.release}, details in {base()}')
        return verdicts


def run_control(bench):
    """All programs on the unpatched KVM, as rebuilt like a mutant's."""
    watcher = test(bench, None, fresh(base() / 'good'), bench.reference)
    if not watcher.programs:
        return report.Verdict('good', report.BROKEN, note='; '.join(watcher.problems))
    count = sum(len(program.results) for program in watcher.programs)
    return report.judge_control(watcher, count)


def run_one(bench, mutant):
    """The verdict on one mutant."""
    if not mutant.concerns(bench.kernel.arch):
        return report.Verdict(mutant.name, report.NOT_APPLICABLE, note='another architecture\'s')
    missing = [item for item in mutant.features if item not in features()]
    if missing:
        return report.Verdict(mutant.name, report.NOT_APPLICABLE,
                              note=f'only with FEATURE={",".join(mutant.features)}')
    missing = [item for item in mutant.needs if item not in bench.args.have]
    if missing:
        return report.Verdict(mutant.name, report.NOT_APPLICABLE,
                              note=f'needs {", ".join(missing)}: equivalent without')
    if not bench.commands(mutant):
        note = ('all was seen to fail already' if bench.args.unseen
                else 'killed-by names no program there')
        return report.Verdict(mutant.name, report.BROKEN, note=note)
    directory = fresh(base() / mutant.name)
    try:
        changed = mutants.apply(mutant, bench.kernel.srcdir)
        if not changed:
            return report.Verdict(mutant.name, report.NOT_APPLICABLE, note='matches nothing')
        (directory / 'patch.diff').write_text(mutants.diff(bench.kernel.srcdir, changed),
                                              encoding='utf-8')
        live.say('# patched: ' + ', '.join(mutants.changed_functions(bench.kernel.srcdir, changed)))
        mutated = mutant_tree.rebuild_kvm(bench.kernel, changed, directory / 'modules')
    except (mutants.Broken, Problem) as error:
        return report.Verdict(mutant.name, report.BROKEN, note=str(error).splitlines()[0])
    if mutant_tree.kvm_hash(mutated) == mutant_tree.kvm_hash(bench.reference):
        return report.Verdict(mutant.name, report.BROKEN, note='no change in what is built')
    watcher = test(bench, mutant, directory, mutated)
    if not watcher.programs:
        note = '; '.join(watcher.problems) or 'no program started'
        return report.Verdict(mutant.name, report.BROKEN, note=note)
    return report.judge(mutant, watcher)


def machine_options(mutant, modules=None):
    """What a mutant's machine is like, or the control's, if mutant is None."""
    return SimpleNamespace(emulator=mutant and mutant.emulator(), cpus=2,
                           memory=mutant.memories[0] if mutant and mutant.memories else MEMORY,
                           append=kernel_words(mutant), module_param=params(mutant),
                           kernel_modules=modules)


def test(bench, mutant, directory, kernel):
    """Boot this kernel and run until the verdict is known; the Watcher."""
    commands = bench.commands(mutant)
    programs = {name: bench.programs[name] for name, *_arguments in commands}
    machine = job.machine(kernel, programs, commands, machine_options(mutant))
    watcher = Watcher(directory / 'run', commands, mutant, bench.args.timeout,
                      bench.args.until)
    try:
        vm.run(machine, watcher, min(180.0, bench.args.timeout))
    except Enough as enough:
        if not watcher.problems:
            live.say(f'# {enough}')
    finally:
        watcher.close()
    return watcher


def try_build(mutant, ksrc, changed):
    """Rebuild KVM with a mutant; Broken says why that fails or changes nothing."""
    kernel = build_kernel(ksrc)
    with tempfile.TemporaryDirectory(prefix='kvm-gmem-') as scratch:
        good = mutant_tree.kvm_hash(mutant_tree.rebuild_kvm(kernel, {}, Path(scratch, 'good')))
        try:
            mutated = mutant_tree.rebuild_kvm(kernel, changed, Path(scratch, 'mutant'))
        except Problem as error:
            raise mutants.Broken(f'{mutant.name}: {str(error).splitlines()[0]}') from None
        if mutant_tree.kvm_hash(mutated) == good:
            raise mutants.Broken('no change in what is built')
