# SPDX-License-Identifier: GPL-2.0-only
"""Runs as a whole, as `make run` and `testbed run` do them: prepare, run, summarise."""

import os
import re
from pathlib import Path

from . import emulator, host, initramfs, summary, vm
from .machine import Machine
from .problem import FAIL, Problem
from .progress import live
from .recorder import Recorder

ENVIRONMENTS = ('auto', 'vm', 'host')
PARAMETER = re.compile(r'^kvm(_amd|_intel)?\.\w+=\S+$')


def choose_environment(wanted, arch):
    """(vm or host, why) for KVM_ENV."""
    wanted = wanted or 'auto'
    if wanted not in ENVIRONMENTS:
        raise Problem(f'KVM_ENV={wanted} is unknown; use {", ".join(ENVIRONMENTS)}')
    if wanted == 'vm':
        return 'vm', 'as asked for'
    usable, why = host.probe(arch)
    if wanted == 'host':
        if not arch.native:
            raise Problem(f'KVM_ENV=host, but {why}')
        if not os.access('/dev/kvm', os.R_OK | os.W_OK):
            raise Problem(f'KVM_ENV=host, but {why}')
        return 'host', f'as asked for; {why}'
    return ('host' if usable else 'vm'), why


def modules_of(kernel, replacements=None):
    """The kernel's modules, those of the same name in a directory taken instead."""
    if replacements is None:
        return kernel.modules
    directory = Path(replacements)
    found = {path.name: path for path in directory.glob('*.ko')}
    if not found.keys() & {path.name for path in kernel.modules}:
        raise Problem(f'{replacements} holds no module of this kernel (such as kvm.ko)')
    return [found.get(path.name, path) for path in kernel.modules]


def files_of(options):
    """Files that go along with the programs, by the name that they have there."""
    files = {Path(name).name: Path(name) for name in getattr(options, 'file', None) or []}
    for path in files.values():
        if not path.is_file():
            raise Problem(f'--file {path}: no such file')
    return files


def machine(kernel, programs, commands, options):
    """A Machine for these programs. options: emulator, cpus, memory, append, module_param, ..."""
    for parameter in options.module_param:
        if not PARAMETER.match(parameter):
            raise Problem(f'module parameter {parameter}: give MODULE.NAME=VALUE with MODULE '
                          'one of kvm, kvm_amd, kvm_intel')
    emulated = emulator.find(getattr(options, 'emulator', None))
    emulated.version(kernel.arch)   # says so before anything is prepared if there is none
    archive = initramfs.build(kernel, modules_of(kernel, options.kernel_modules),
                              {**programs, **files_of(options)}, commands)
    return Machine(kernel, archive, emulated, options.cpus, options.memory,
                   [*options.append, *options.module_param])


def run_in_vm(kernel, programs, commands, options, directory):
    """Run commands in the virtual machine; returns the exit code after the summary."""
    used = {name: programs[name] for name, *_arguments in commands}
    booted = machine(kernel, used, commands, options)
    recorder = Recorder(directory, commands, 'vm', bool(getattr(options, 'suite', None)),
                        getattr(options, 'shard', None))
    return summarised(recorder, lambda: vm.run(booted, recorder, options.stall))


def run_on_host(programs, commands, options, directory):
    """Run commands on this machine; returns the exit code after the summary."""
    recorder = Recorder(directory, commands, 'host', shard=getattr(options, 'shard', None))
    return summarised(recorder, lambda: host.run(programs, recorder, options.stall))


def summarised(recorder, run):
    """Run, and whatever happens, say at the end what there is."""
    try:
        run()
    finally:
        live.clear()
        code = finish(recorder)
    return code


def finish(recorder):
    """Judge, write results.json, print the summary."""
    try:
        recorder.finish()
    except OSError as error:
        recorder.problems.append(f'results.json was not written: {error.strerror}')
    print('\n'.join(summary.text(recorder)), flush=True)
    return recorder.exit_code() if not recorder.problems else FAIL
