# SPDX-License-Identifier: GPL-2.0-only
"""The test programs: built by the suite's Makefile, chosen by name, run with these arguments."""

import fnmatch
import os
import shlex
import subprocess
from pathlib import Path

from . import cache, foreign, initramfs, paths, process
from .problem import Problem
from .progress import Step, live

# What a program gets when nobody says otherwise: the stress is bounded by time.
# The matrix alone is quick, and leaves pairs out where the machine is not: here it runs them all.
DEFAULT_ARGS = {'gmem_stress': ['--duration', '1.5'], 'gmem_race_test': ['--duration', '0.038']}


def build(ksrc, arch, static):
    """Build and install flat; {name: path} in the order of the Makefile's own list."""
    base = paths.build_dir() / 'suite' / (arch.name + ('' if static else '-host'))
    base.mkdir(parents=True, exist_ok=True)
    if not (paths.SUITE / 'Makefile').is_file():
        raise Problem(f'{paths.SUITE} has no Makefile')
    log = base / 'build.log'
    log.unlink(missing_ok=True)
    command = ['make', '-C', str(paths.SUITE), f'KSRC={ksrc}', f'OUTPUT={base}/obj',
               f'ARCH={arch.kernel}', *(['STATIC=1'] if static else []),
               *foreign.make_arguments(arch)]
    env = process.clean_environment()
    (base / 'obj').mkdir(exist_ok=True)
    with cache.lock('suite', say=live.say), \
            Step('build the suite', f'suite/{base.name}') as step:
        jobs = f'-j{len(os.sched_getaffinity(0))}'
        process.run_or_explain('build of the suite', [*command, jobs], log, step, env=env)
        process.run_or_explain('installation of the suite', [
            *command, 'install', f'INSTALL_PATH={base}/bin'], log, step, env=env)
    names = emitted(command, env)
    programs = {name: base / 'bin' / name for name in names}
    missing = [name for name, path in programs.items() if not path.is_file()]
    if missing or not programs:
        raise Problem(f'the suite\'s Makefile did not install {", ".join(missing) or "anything"}, '
                      f'see {log}')
    return programs


def emitted(command, env):
    """Program names of the Makefile's "collection:program" lines."""
    done = subprocess.run([*command, '-s', 'emit_tests'], capture_output=True, text=True,
                          check=False, env=env)
    if done.returncode:
        raise Problem(f'make emit_tests failed: {(done.stderr.splitlines() or ["?"])[0]}')
    names = [line.split(':', 1)[1].strip() for line in done.stdout.splitlines()
             if ':' in line and not line.startswith('make')]
    # The stress comes last: what the others say is known by then.  But for what ends lockdep.
    return sorted(names, key=lambda name: ('timer' in name, 'stress' in name))


def of_directory(directory):
    """{name: path} of the executables in a directory; they must be static ELF programs."""
    found = {path.name: path for path in sorted(Path(directory).glob('*'))
             if path.is_file() and os.access(path, os.X_OK)}
    if not found:
        raise Problem(f'{directory} holds no programs')
    for name, path in found.items():
        if path.read_bytes()[:2] != b'#!' and not initramfs.is_static(path):
            raise Problem(f'{name} in {directory} is not a static program (build with STATIC=1)')
    return found


def subtests(program):
    """Ids that a program lists; none if it does not run here, as another architecture's."""
    try:
        done = subprocess.run([str(program), '--list'], capture_output=True, text=True,
                              check=False, timeout=60)
    except OSError:
        return []
    return [] if done.returncode else [line.split('\t')[0] for line in done.stdout.splitlines()]


def choose(programs, patterns):
    """Names that match one of the patterns (all without patterns), in the suite's order."""
    for pattern in patterns:
        if not fnmatch.filter(programs, pattern):
            raise Problem(f'no program matches {pattern}; there are {", ".join(programs)}')
    return [name for name in programs
            if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]


def default_commands(programs, patterns=(), seed=None, extra=''):
    """[[name, argument, ...], ...] of a whole run."""
    try:
        more = shlex.split(extra or '')
    except ValueError as error:
        raise Problem(f'SUITE_ARGS={extra}: {error}') from None
    if seed:
        more = ['--seed', seed, *more]
    return [[name, *DEFAULT_ARGS.get(name, []), *more] for name in choose(programs, patterns)]


def split_commands(words, programs):
    """PROGRAM ARGS -- PROGRAM ARGS as commands; every program must exist."""
    commands, current = [], []
    for word in [*words, '--']:
        if word != '--':
            current.append(word)
        elif current:
            commands.append(current)
            current = []
    for name, *_arguments in commands:
        if name not in programs:
            raise Problem(f'no program {name}; there are {", ".join(programs)}')
    return commands
