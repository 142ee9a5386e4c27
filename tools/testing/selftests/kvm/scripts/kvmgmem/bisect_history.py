# SPDX-License-Identifier: GPL-2.0-only
"""A kernel tree with a history made up for a proof: one commit in it brings a fault.

The tree is the fetched source, hard-linked; git tracks KVM's directories and init/main.c of it.
Among harmless commits are one that does not build, one that does not boot and one with another
fault, each taken back by the next one. What is built starts from the fetched kernel's objects.
"""

import random
import re
import subprocess
from dataclasses import replace
from pathlib import Path

from . import cache, kernel as kernels, mutant as mutants, process, source
from .problem import Problem

TRACKED = ('virt/kvm', 'arch/x86/kvm', 'init/main.c')
GMEM = 'virt/kvm/guest_memfd.c'
TEST = 'gmem_stale_test:stale/punch-private-1'
CLASS = 'STALE_MAPPING'
HARMLESS = ('virt/kvm/kvm_main.c', 'virt/kvm/pfncache.c', 'virt/kvm/eventfd.c',
            'arch/x86/kvm/cpuid.c', 'arch/x86/kvm/xen.c', 'arch/x86/kvm/mmu/tdp_mmu.c')
TENTHS = 3      # of the processes that punch, by chance
BY_CHANCE = f'''
static bool planted(bool begin)
{{
    static pid_t last;
    static bool skip;

    if (begin && last != current->tgid) {{
        last = current->tgid;
        skip = get_random_u32_below(10) < {TENTHS};
    }}
    return skip;
}}
'''.replace('    ', '\t')


def edit_function(text, name, change):
    """The text with the body of a function changed."""
    begin = re.search(rf'^static [\w ]+\**{name}\(', text, re.M)
    end = text.find('\n}\n', begin.start()) if begin else -1
    if end < 0:
        raise Problem(f'no function {name} to plant a fault in')
    return (text[:begin.start()], change(text[begin.start():end]), text[end:])


def always(tree):
    """guest_memfd.c with a punch that never zaps."""
    return mutants.apply(mutants.load_all(['punch-no-zap'])[0], tree)[GMEM]


def by_chance(tree):
    """guest_memfd.c with a punch that does not zap for some processes."""
    def change(body):
        body = body.replace('kvm_gmem_invalidate_start(',
                            'if (!planted(true))\n\t\tkvm_gmem_invalidate_start(')
        return body.replace('kvm_gmem_invalidate_end(',
                            'if (!planted(false))\n\t\tkvm_gmem_invalidate_end(')
    text = (tree / GMEM).read_text(encoding='utf-8')
    above, body, below = edit_function(text, 'kvm_gmem_punch_hole', change)
    return '#include <linux/random.h>\n' + above + BY_CHANCE.lstrip() + '\n' + body + below


def complains(tree):
    """guest_memfd.c with another fault: a WARN."""
    text = (tree / GMEM).read_text(encoding='utf-8')
    return ''.join(edit_function(text, 'kvm_gmem_punch_hole', lambda body: body.replace(
        'filemap_invalidate_lock(', 'WARN_ON(1);\n\tfilemap_invalidate_lock(', 1)))


def no_build(tree):
    """guest_memfd.c that no compiler takes."""
    return (tree / GMEM).read_text(encoding='utf-8') + '\nthis is no C\n'


def no_boot(tree):
    """init/main.c that goes no further."""
    text = (tree / 'init/main.c').read_text(encoding='utf-8')
    return re.sub(r'^(\tsetup_arch\()', r'\tpanic("planted");\n\1', text, count=1, flags=re.M)


SPOILS = {'does not build': (GMEM, no_build), 'does not boot': ('init/main.c', no_boot),
          'another fault': (GMEM, complains)}


class History:
    """Where it is, and its commits, oldest first: [0] is good, [-1] bad, planted[0] the one."""

    def __init__(self, path, commits, planted):
        self.path, self.commits, self.planted = path, commits, planted


def git(path, *words):
    """Run git with nothing of the user's own settings."""
    done = subprocess.run(['git', '-C', str(path), '-c', 'user.name=kvm-gmem', '-c',
                           'user.email=kvm-gmem@localhost', '-c', 'commit.gpgsign=false', *words],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f'git {" ".join(words[:3])}: {(done.stderr or done.stdout).strip()[:200]}')
    return done.stdout.strip()


def plan(count, seed, spoils):
    """What each commit after the first one is: 'harmless', a spoil, 'mended', 'planted'."""
    chance = random.Random(seed)
    spoils = chance.sample(spoils, len(spoils))
    while True:
        kinds = ['harmless'] * count
        # git asks about the middle one first: that one is spoilt.
        places = [count // 2 - 1, *chance.sample(range(0, count - 1), len(spoils))][:len(spoils)]
        near = [a for n, a in enumerate(places) for b in places[:n] if abs(a - b) < 2]
        if near:
            continue
        for place, spoil in zip(places, spoils):
            kinds[place], kinds[place + 1] = spoil, 'mended'
        # Behind a commit that cannot be judged git could not tell the two apart.
        free = [n for n, kind in enumerate(kinds) if kind == 'harmless']
        if free:
            kinds[chance.choice(free)] = 'planted'
            return kinds


def write(tree, name, text):
    """A new inode: the linked original stays what it is."""
    path = tree / name
    temporary = path.with_name(f'{path.name}.new')
    temporary.write_text(text, encoding='utf-8')
    temporary.replace(path)


def make(path, count=24, seed=1, racy=False, spoils=tuple(SPOILS), log=None):
    """Make the tree, with so many commits after the first; the History."""
    base = source.fetch()
    path = Path(path)
    cache.remove(path)
    path.mkdir(parents=True)
    process.run_or_explain('copying the kernel source', [
        'rsync', '-a', f'--link-dest={base.path}/', f'{base.path}/', f'{path}/'],
        log or path.parent / 'copy.log')
    git(path, 'init', '-q')
    (path / '.git/info/exclude').write_text('*\n', encoding='utf-8')
    git(path, 'add', '-f', *TRACKED)
    git(path, 'commit', '-q', '-m', 'the kernel as it was')
    fault = (by_chance if racy else always)(path)
    commits, planted, good, undo = [git(path, 'rev-parse', 'HEAD')], None, {}, {}
    for number, kind in enumerate(plan(count, seed, spoils), 1):
        if kind == 'mended':
            changes, undo = undo, {}
        elif kind == 'planted':
            changes = {GMEM: fault}
        elif kind in SPOILS:
            name, spoil = SPOILS[kind]
            good[name] = (path / name).read_text(encoding='utf-8')
            changes, undo = {name: spoil(path)}, {name: good[name]}
        else:
            name = HARMLESS[number % len(HARMLESS)]
            changes = {name: (path / name).read_text(encoding='utf-8') + f'/* {number} */\n'}
        for name, text in changes.items():
            write(path, name, text)
        git(path, 'commit', '-q', '-a', '-m', f'{number}: {kind}')
        commits.append(git(path, 'rev-parse', 'HEAD'))
        planted = commits[-1] if kind == 'planted' else planted
    seed_objects(path, base)
    return History(path, commits, planted)


def seed_objects(path, base):
    """What make would build first is there already, in the fetched kernel's objects."""
    kernels.build()
    tree = replace(source.user_tree(path), base=base)
    entry, _identity = kernels.entry_of(tree, kernels.arches.find(None), 'plain')
    cache.remove(entry)
    entry.mkdir(parents=True)
    kernels.seed(entry / 'obj', tree, kernels.arches.find(None), 'plain', entry / 'build.log')


def remove(history):
    """The tree and its objects."""
    tree = source.user_tree(history.path)
    entry, _identity = kernels.entry_of(tree, kernels.arches.find(None), 'plain')
    cache.remove(entry)
    cache.remove(history.path)
