# SPDX-License-Identifier: GPL-2.0-only
"""Rebuild kvm from changed sources, without ever touching the pristine trees.

A mutant tree is a second source tree, hard-linked to the first one, and a copy of its object
tree in which the compile commands name the second source tree instead of the first: make then
finds everything up to date, and a changed file costs seconds rather than a kernel build. Files
are replaced (new inode), never written to, so the linked original stays what it is.

    mutated = rebuild_kvm(kernel, {'virt/kvm/guest_memfd.c': text}, out_dir)

All modules that belong to KVM are copied to out_dir, which `testbed run --kernel-modules` takes;
where KVM is part of the image, the image is.
"""

import dataclasses
import hashlib
import re
import shutil
from pathlib import Path

from . import cache, kernel as kernels, objtree, process
from .problem import Problem
from .progress import Step, live

ALLOWED = re.compile(r'^(virt/kvm|arch/\w+/kvm|virt/lib)/[\w/.-]+$')


def entry_of(kernel):
    """The cache entry that belongs to a kernel."""
    return cache.entry('mutants', kernel.key)


def rebuild_kvm(kernel, patched_files, out_dir):
    """The kernel with {relative path: text} of KVM changed; what differs is in out_dir."""
    for name in patched_files:
        if not ALLOWED.match(name) or '..' in name or not (kernel.srcdir / name).is_file():
            raise Problem(f'{name}: not a KVM source file of this kernel')
    entry = entry_of(kernel)
    with cache.lock(f'mutants-{kernel.key}', say=live.say):
        prepare(kernel, entry)
        changed = patch(kernel, entry, patched_files)
        log = entry / 'build.log'
        log.unlink(missing_ok=True)
        command = kernels.make_command(entry / 'src', entry / 'obj', kernel.arch)
        with Step('rebuild kvm', f'mutant/{kernel.key}') as step:
            process.run_or_explain(f'build of kvm with {", ".join(changed) or "nothing"} changed',
                                   [*command, 'modules' if kernel.arch.kvm
                                    else kernel.arch.target], log, step,
                                   env=process.clean_environment())
        return collect(kernel, entry, out_dir)


def prepare(kernel, entry):
    """Make the tree if it is not there or belongs to another state of the source."""
    mark = {'identity': kernel.identity, 'srcdir': str(kernel.srcdir),
            'built': (kernel.objdir.parent / cache.STAMP).stat().st_mtime_ns}
    if cache.stamp(entry) == mark:
        return
    cache.remove(entry)
    cache.remove_stale(entry.parent)
    entry.mkdir(parents=True)
    log = entry / 'copy.log'
    with Step('copy the kernel tree for mutants', f'mutant-copy/{kernel.key}') as step:
        # Hard links where the file system allows them, copies where not.
        process.run_or_explain('copying the kernel source', [
            'rsync', '-a', '--exclude=/.git', f'--link-dest={kernel.srcdir}/',
            f'{kernel.srcdir}/', f'{entry}/src/'], log, step)
        process.run_or_explain('copying the kernel objects', [
            'cp', '-a', '--reflink=auto', str(kernel.objdir), f'{entry}/obj'], log, step)
        objtree.repoint(entry / 'obj', str(kernel.srcdir), str(entry / 'src'))
    cache.write_json(entry / cache.STAMP, mark)


def patch(kernel, entry, patched_files):
    """Put the previous mutant's files back and this one's in place; names of the changed."""
    state = entry / 'patched.json'
    previous = cache.read_json(state).get('files', [])
    # Noted before the first change: an interrupted run must know what to put back.
    cache.write_json(state, {'files': sorted({*previous, *patched_files})})
    for name in {*previous, *patched_files}:
        text = patched_files.get(name)
        if text is None:
            text = (kernel.srcdir / name).read_text(encoding='utf-8')
        replace(entry / 'src' / name, text)
    cache.write_json(state, {'files': sorted(patched_files)})
    return sorted(patched_files)


def replace(path, text):
    """Replace a file by a new inode; unchanged text keeps its time, so make leaves it alone."""
    if path.read_text(encoding='utf-8') == text:
        return
    temporary = path.with_name(f'{path.name}.new')
    temporary.write_text(text, encoding='utf-8')
    temporary.replace(path)


def collect(kernel, entry, out_dir):
    """Copy the modules of kvm and what they stand on, or the image, to out_dir."""
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    if not kernel.arch.kvm:
        image = shutil.copy2(entry / 'obj' / kernel.arch.image, out / Path(kernel.arch.image).name)
        return dataclasses.replace(kernel, image=Path(image))
    modules = []
    for module in kernel.modules:
        name = module.relative_to(kernel.objdir)
        if ALLOWED.match(str(name)):
            module = Path(shutil.copy2(entry / 'obj' / name, out / name.name))
        modules.append(module)
    return dataclasses.replace(kernel, modules=modules)


def kvm_hash(kernel):
    """What tells one KVM from another; builds are reproducible, see kernel.make_command()."""
    paths = [kernel.image]
    if kernel.arch.kvm:
        paths = sorted(path for path in kernel.modules if path.name.startswith('kvm'))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b'\0' + path.read_bytes())
    return digest.hexdigest()
