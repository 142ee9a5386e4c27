# SPDX-License-Identifier: GPL-2.0-only
"""The kernel under test: built once per source, configuration, architecture and compiler.

The object tree stays in the cache. It is only trusted while its stamp, written last, names the
very same inputs; otherwise make brings it up to date, so an interrupted build goes on where it
was, and a tree of the user's own is rebuilt as far as it changed.
"""

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import arch as arches
from . import cache, config, feature as features, objtree, process, source
from .problem import Problem
from .progress import Step, live

LINES_GUESS = 1800   # what make prints for the minimal configuration of 7.3
OF_KVM = re.compile(r'^(virt/kvm|arch/\w+/kvm)/.*\.[ch]$')     # modules, where KVM is one


class Unbuildable(Problem):
    """The tree, not the machine, is why there is no kernel."""


@dataclass(frozen=True)
class Kernel:
    """A built kernel; objdir and srcdir are pristine, nobody writes to them but build()."""
    image: Path
    modules: list
    release: str
    objdir: Path
    srcdir: Path
    key: str
    identity: str
    arch: arches.Arch
    cpu: str = ''   # Source.cpu


def make_command(srcdir, objdir, arch):
    """make, with all that could differ from one machine or tree to the next pinned."""
    return ['make', '-C', str(srcdir), f'O={objdir}', f'ARCH={arch.kernel}',
            f'CROSS_COMPILE={arch.prefix}', 'LOCALVERSION=', 'KBUILD_BUILD_USER=kvm-gmem',
            'KBUILD_BUILD_HOST=testbed', 'KBUILD_BUILD_VERSION=1',
            'KBUILD_BUILD_TIMESTAMP=Thu Jan  1 00:00:00 UTC 1970', *ccache(objdir, arch),
            f'-j{len(os.sched_getaffinity(0))}']


def ccache(objdir, arch):
    """For make, if this machine has ccache; objects that were begun without it go on without."""
    mark = Path(objdir) / '.ccache'
    if not mark.exists():
        if not shutil.which('ccache') or (Path(objdir) / '.config').exists():
            return []
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return [f'CC=ccache {arch.prefix}gcc'] if shutil.which('ccache') else []


def compiler(arch):
    """The compiler's version line, part of the key: objects of two do not mix."""
    name = f'{arch.prefix}gcc'
    try:
        done = subprocess.run([name, '--version'], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Problem(f'{name}: not found; run scripts/setup') from None
    return done.stdout.splitlines()[0]


def entry_of(tree, arch, variant):
    """(cache entry, identity): where the build is kept and what it must have been made from."""
    files = config.fragments(arch, variant)
    digest = hashlib.sha256()
    for text in [compiler(arch), *(path.read_text(encoding='utf-8') for path in files)]:
        digest.update(text.encode() + b'\0')
    # A comma in a path would end an argument of the compiler's preprocessor (-Wp,-MD,...).
    words = variant.replace(',', '+')
    key = f'{tree.name}-{arch.name}-{words}-{digest.hexdigest()[:10]}'
    return cache.entry('kernel', key), tree.identity


def load(entry, identity, arch, srcdir):
    """The Kernel of a complete and matching entry, or None."""
    mark = cache.stamp(entry)
    objdir = entry / 'obj'
    if mark.get('identity') != identity or mark.get('srcdir') != str(srcdir):
        return None
    modules = [objdir / name for name in mark['modules']]
    if not all(path.is_file() for path in [objdir / arch.image, *modules]):
        return None
    return Kernel(objdir / arch.image, modules, mark['release'], objdir, srcdir, entry.name,
                  identity, arch, mark.get('cpu', ''))


def build(ksrc=None, arch=None, variant='plain', feature=None):
    """The kernel of a tree (of the fetched source if ksrc is None), built if it is not yet."""
    arch = arch if isinstance(arch, arches.Arch) else arches.find(arch)
    config.fragments(arch, variant)
    tree = features.apply(source.get(ksrc), feature)
    entry, identity = entry_of(tree, arch, variant)
    if re.search(r'[\s:]', f'{entry}{tree.path}'):
        raise Problem(f'make cannot handle spaces or colons in {tree.path} or {entry.parent}; '
                      'move KSRC, or the cache with XDG_CACHE_HOME')
    ready = load(entry, identity, arch, tree.path)
    if ready:
        return ready
    with cache.lock(f'kernel-{entry.name}', say=live.say):
        ready = load(entry, identity, arch, tree.path)
        if ready:
            return ready
        before = cache.stamp(entry)
        (entry / cache.STAMP).unlink(missing_ok=True)
        try:
            make(entry, tree, arch, variant, only_kvm(before, tree, arch))
        except Problem as problem:
            if 'No space left' in str(problem):
                raise
            raise Unbuildable(str(problem)) from None
        stamp(entry, tree, arch)
    return load(entry, identity, arch, tree.path)


def only_kvm(before, tree, arch):
    """Do the two commits of a git tree differ in KVM's own files alone?  Both were clean."""
    old, new = [text.split(' ')[-2:] for text in (before.get('identity', ''), tree.identity)]
    if not arch.kvm or before.get('srcdir') != str(tree.path) or len(old) != 2 or old[1] != new[1]:
        return False
    done = subprocess.run(['git', '-C', str(tree.path), 'diff', '--name-only', old[0], new[0]],
                          capture_output=True, text=True, check=False)
    return done.returncode == 0 and all(map(OF_KVM.match, done.stdout.splitlines()))


def make(entry, tree, arch, variant, modules_only=False):
    """Configure and build in the entry's object tree."""
    objdir = entry / 'obj'
    log = entry / 'build.log'
    log.unlink(missing_ok=True)
    if not objdir.exists():
        seed(objdir, tree, arch, variant, log)
    objdir.mkdir(parents=True, exist_ok=True)
    command = make_command(tree.path, objdir, arch)
    # Bringing a build up to date says nothing about how long a whole one takes.
    again = '/again' if (objdir / 'vmlinux').exists() else ''
    env = process.clean_environment()
    if not modules_only:
        configure(command, tree, objdir, config.fragments(arch, variant), log, env)
    targets = ['modules'] if modules_only else [arch.target, 'modules']
    with Step(f'build kernel {tree.identity.split(" ")[0]} ({arch.name}, {variant})',
              f'kernel/{arch.name}-{variant}{again}', guess=0 if again else LINES_GUESS) as step:
        process.run_or_explain('kernel build', [*command, *targets], log, step, env=env)


def like(variant):
    """The variant that differs in little, if there is one: make brings its objects up to date."""
    rest = [name for name in variant.split(',') if name != 'no-vm-attributes']
    return (','.join(rest) or 'plain') if 'no-vm-attributes' in variant.split(',') else None


def seed(objdir, tree, arch, variant, log):
    """Begin with objects of a kernel that is much the same, if there is one."""
    for other, name in [(tree.base, variant), (tree, like(variant)), (tree.base, like(variant))]:
        if other and name:
            entry, identity = entry_of(other, arch, name)
            ready = load(entry, identity, arch, other.path)
            if ready:
                break
    else:
        return
    temporary = objdir.with_name('obj.new')
    cache.remove(temporary)
    temporary.parent.mkdir(parents=True, exist_ok=True)
    process.run_or_explain('copying the kernel objects', [
        'cp', '-a', '--reflink=auto', str(ready.objdir), str(temporary)], log)
    if ready.srcdir != tree.path:
        objtree.repoint(temporary, str(ready.srcdir), str(tree.path))
        features.renew(tree)
    temporary.rename(objdir)


def configure(command, tree, objdir, files, log, env):
    """tinyconfig, the fragments, olddefconfig; and a check that all of it was taken."""
    merge = [str(tree.path / 'scripts/kconfig/merge_config.sh'), '-O', str(objdir), '-m',
             str(objdir / '.config'), *map(str, files)]
    for step in ([*command, 'tinyconfig'], merge, [*command, 'olddefconfig']):
        process.run_or_explain('kernel configuration', step, log, env=env, cwd=tree.path)
    unknown = config.check(files, tree.path, objdir)
    if unknown:
        live.say(f'# this kernel does not know {", ".join(unknown)}; going on without')


def stamp(entry, tree, arch):
    """Write what the finished build is, last of all."""
    objdir = entry / 'obj'
    order = (objdir / 'modules.order').read_text(encoding='utf-8').split()
    modules = [str(Path(name).with_suffix('.ko')) for name in order]
    release = (objdir / 'include/config/kernel.release').read_text(encoding='utf-8').strip()
    if not (objdir / arch.image).is_file() or (arch.kvm and arch.kvm not in modules):
        raise Problem(f'the kernel build left no image or no kvm.ko, see {entry / "build.log"}')
    cache.write_json(entry / cache.STAMP, {
        'identity': tree.identity, 'srcdir': str(tree.path), 'release': release,
        'modules': modules, 'arch': arch.name, 'cpu': tree.cpu})
