# SPDX-License-Identifier: GPL-2.0-only
"""Checks that build the suite in all the ways that it promises, and its selfchecks."""

import os
import re
import subprocess

from . import arch, cache, check_style, config, paths, process, suite
from .check import Check, Counts, Failed, Skip

JOBS = f'-j{len(os.sched_getaffinity(0))}'
TOTALS = re.compile(r'(?m)^# Totals: pass:(\d+) fail:(\d+) xfail:(\d+) xpass:(\d+) skip:(\d+) '
                    r'error:(\d+)$')

SELFCHECK = paths.SUITE / 'selfcheck'
FUZZ_SECONDS = 60      # for each fuzzer

# Symbols that exclude each other and give the suite the same: trace events.
EQUIVALENT = {'CONFIG_ENABLE_DEFAULT_TRACERS': 'CONFIG_GENERIC_TRACER'}


def make(bench, *words, directory=paths.SUITE, ksrc=True):
    """The make command of the suite."""
    tree = [f'KSRC={bench.source().path}'] if ksrc else []
    return ['make', JOBS, '-C', directory, *tree, *words]


def selfcheck(bench, *words):
    """Build and run selfcheck/, add up what its programs say."""
    out = bench.scratch()
    bench.run(make(bench, f'OUTPUT={out}', *words, 'all', directory=SELFCHECK), 'does not build')
    code = bench.code(make(bench, f'OUTPUT={out}', *words, 'check', directory=SELFCHECK))
    counts, said = Counts(), bench.log_text()
    for numbers in TOTALS.findall(said):
        passed, fail, xfail, xpass, skip, error = map(int, numbers)
        counts.add(Counts(passed + xfail, fail + xpass + error, skip))
    programs = len(re.findall(r'(?m)^# (\w+_selfcheck|golden|\w+_golden)$', said))
    if len(TOTALS.findall(said)) != programs:
        raise Failed('a program of selfcheck/ ended without its totals')
    if code and not counts.failed:
        raise Failed(f'selfcheck failed with exit code {code} and no failed test')
    return counts


def selfcheck_gcc(bench):
    """Optimised, every warning an error."""
    return selfcheck(bench, 'USERCFLAGS=-Werror', 'CC=gcc')


def selfcheck_sanitize(bench):
    """Under AddressSanitizer and UndefinedBehaviorSanitizer."""
    probe = bench.scratch('probe') / 'probe.c'
    probe.write_text('int main(void) { return 0; }\n', encoding='utf-8')
    flags = ['-fsanitize=address,undefined', probe, '-o', probe.with_suffix('')]
    if bench.output(['gcc', *flags])[0] or bench.output([probe.with_suffix('')])[0]:
        raise Skip('gcc cannot build or run programs with -fsanitize=address,undefined here')
    return selfcheck(bench, 'SANITIZE=1', 'CC=gcc')


def fuzz(bench):
    """Readers and checker on whatever bytes libFuzzer comes to, under ASan and UBSan."""
    probe = bench.scratch('probe') / 'probe.c'
    probe.write_text('int LLVMFuzzerTestOneInput(const void *d, unsigned long n)\n'
                     '{ (void)d; return (int)(n >> 63); }\n', encoding='utf-8')
    flags = ['-fsanitize=fuzzer,address,undefined', probe, '-o', probe.with_suffix('')]
    if bench.output(['clang', *flags])[0]:
        raise Skip('clang cannot build programs with -fsanitize=fuzzer here')
    out = bench.scratch()
    fuzzers = len(list((SELFCHECK / 'fuzz').glob('*_fuzz.c')))
    bench.run(make(bench, f'-j{fuzzers}', f'OUTPUT={out}', f'FUZZ_SECONDS={FUZZ_SECONDS}', 'fuzz',
                   directory=SELFCHECK), 'fuzzing')
    found = re.findall(r'(?m)^(\w+_fuzz): (\d+) inputs$', bench.log_text())
    if len(found) != fuzzers:
        raise Failed('not every fuzzer ran to its end')
    return ', '.join(f'{name} {count} inputs' for name, count in found)


def build(bench, *words, directory=paths.SUITE):
    """Build everything, every warning an error; the output directory."""
    out = bench.scratch()
    bench.run(make(bench, f'OUTPUT={out}', 'USERCFLAGS=-Werror', *words, directory=directory),
              'does not build without warnings')
    return out


def compiler_line(name):
    """What the compiler calls itself."""
    done = subprocess.run([name, '--version'], capture_output=True, text=True, check=False)
    return (done.stdout.splitlines() or [name])[0]


def build_gcc(bench):
    """gcc, dynamic and static."""
    build(bench, 'CC=gcc')
    build(bench, 'CC=gcc', 'STATIC=1')
    return compiler_line('gcc')


def build_clang(bench):
    """clang, static."""
    build(bench, 'CC=clang', 'STATIC=1')
    return compiler_line('clang')


def old_headers(bench):
    """The system's own uAPI headers, where they are older than guest_memfd."""
    code, text = bench.output(['sh', '-c', 'echo "#include <linux/version.h>\nLINUX_VERSION_CODE" '
                                           '| gcc -E -P -'])
    version = int(text.split()[-1]) if code == 0 and text.split()[-1].isdigit() else 0
    words = f'{version >> 16}.{version >> 8 & 255}'
    if not version or version >= 6 << 16 | 8 << 8:
        raise Skip(f'the system\'s headers are of Linux {words}, not older than 6.8')
    empty = bench.scratch('no-headers')
    build(bench, 'CC=gcc', f'KHDR_INCLUDES=-isystem {empty}')
    return f'headers of Linux {words}'


def headers_of(bench):
    """usr/include of the kernel source, made once per source."""
    tree = bench.source()
    base = bench.base / 'kernel-headers'
    if cache.stamp(base).get('identity') != tree.identity:
        bench.scratch('kernel-headers')
        bench.run(['make', JOBS, '-C', tree.path, f'O={base}', 'ARCH=x86', 'headers'],
                  'make headers in the kernel source')
        cache.write_json(base / cache.STAMP, {'identity': tree.identity})
    return base / 'usr/include'


def new_headers(bench):
    """The kernel source's own."""
    include = headers_of(bench)
    build(bench, 'CC=gcc', f'KHDR_INCLUDES=-isystem {include}')
    return f'headers of {bench.source().identity.split(" ")[0]}'


def arch_spelling(bench):
    """Both of the kernel's names for the architecture; others get one line."""
    machine = os.uname().machine
    if machine != 'x86_64':
        raise Skip(f'this machine is {machine}, not x86_64')
    for name in ('x86', 'x86_64'):
        build(bench, f'ARCH={name}')
    code, said = bench.output(make(bench, 'ARCH=vax'))
    if not code or 'ARCH=vax is not supported' not in said:
        raise Failed('ARCH=vax is not refused by name')
    code, said = bench.output(make(bench, f'KSRC={bench.base}', ksrc=False))
    if not code or 'is not a kernel tree' not in said:
        raise Failed('KSRC that is no kernel tree is not refused by name')


def copy_suite(target):
    """The suite's files, and nothing that git would not have."""
    for path in check_style.files():
        new = target / path.relative_to(paths.SUITE)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(path.read_bytes())
        new.chmod(path.stat().st_mode)
    return target


def listing(directory):
    """{path: (size, time)} of all files."""
    return {path: (path.stat().st_size, path.stat().st_mtime_ns)
            for path in directory.rglob('*') if path.is_file()}


def compare(before, directory, what):
    """Fail if a build changed something in a directory of sources."""
    after = listing(directory)
    for how, paths_of in (('removed', before.keys() - after.keys()),
                          ('left', after.keys() - before.keys()),
                          ('changed', {path for path in before.keys() & after.keys()
                                       if before[path] != after[path]})):
        if paths_of:
            raise Failed(f'{what} {how} {min(paths_of).relative_to(directory)} '
                         f'({len(paths_of)} files)')


def out_of_tree(bench):
    """Neither OUTPUT= nor O= nor clean may touch the source."""
    base = bench.scratch()
    tree = copy_suite(base / 'source')
    before = listing(tree)
    for number, word in enumerate(('OUTPUT', 'O')):
        out = base / f'out{number}'
        out.mkdir()
        command = make(bench, f'{word}={out}', directory=tree)
        bench.run(command, f'build with {word}=')
        compare(before, tree, f'build with {word}=')
        if not any(out.rglob('gmem_*_test')):
            raise Failed(f'{word}={out.name} holds no program after the build')
        bench.run([*command, 'clean'], f'clean with {word}=')
        compare(before, tree, f'clean with {word}=')
        left = [path for path in out.rglob('*') if path.is_file()]
        if left:
            raise Failed(f'clean with {word}= leaves {left[0].relative_to(out)}')


def install(bench):
    """What emit_tests names is what install installs, and each answers --list."""
    out = build(bench, 'STATIC=1')
    target = bench.scratch('installed')
    command = make(bench, f'OUTPUT={out}', 'STATIC=1')
    bench.run([*command, 'install', f'INSTALL_PATH={target}'], 'install')
    names = suite.emitted([str(word) for word in command], process.clean_environment())
    programs = {path.name for path in target.iterdir()
                if path.is_file() and path.read_bytes()[:4] == b'\x7fELF'}
    if set(names) != programs:
        raise Failed(f'emit_tests and install differ in '
                     f'{", ".join(sorted(set(names) ^ programs)) or "nothing"}')
    tests = 0
    for name in names:
        tests += list_subtests(bench, target / name)
        refuses_nonsense(bench, target / name)
    if not (target / 'settings').is_file():
        raise Failed('settings was not installed')
    return f'{len(names)} programs, {tests} sub-tests'


def leans(claim):
    """Does a claim need the row above to be understood? --list and KTAP print each alone."""
    words = claim.lower().split()
    return len(words) < 4 or words[0] in ('and', 'but', 'so', 'nor', 'or', 'likewise', 'it') or \
        bool(re.search(r'\bas above\b|\bthe same (?:of|for|by|in|with|without)\b', claim.lower()))


def list_subtests(bench, program):
    """How many sub-tests a program lists; each needs an id and a claim, no id twice."""
    code, said = bench.output([program, '--list'])
    rows = [line.split('\t') for line in said.splitlines()]
    if code or not rows or any(len(row) != 2 or '/' not in row[0] or not row[1] for row in rows):
        raise Failed(f'{program.name} --list: not lines of ID, tab, claim')
    leaning = [row[0] for row in rows if leans(row[1])]
    if leaning:
        raise Failed(f'{program.name} --list: the claim of {leaning[0]} does not stand alone')
    if len({row[0] for row in rows}) != len(rows):
        raise Failed(f'{program.name} --list: an id appears twice')
    return len(rows)


def refuses_nonsense(bench, program):
    """A bad value gets one line that says what is allowed, before the machine is looked at."""
    for option in ('--vm-type', '--level', '--seed', '--duration'):
        code, said = bench.output([program, option, 'nonsense'])
        if code != 2 or len(said.splitlines()) != 1 or option not in said:
            raise Failed(f'{program.name} {option} nonsense: exit {code}, {said!r}')


def merge(bench):
    """The fragments survive on top of each architecture's own default configuration."""
    said = [merge_arch(bench, arch.find('x86'), 'x86_64_defconfig'),
            merge_arch(bench, arch.find('arm64'), 'defconfig')]
    return '; '.join(filter(None, said))


def merge_arch(bench, row, defconfig):
    """What one architecture does not know of them."""
    tree, out = bench.source().path, bench.scratch()
    command = ['make', JOBS, '-C', tree, f'O={out}', f'ARCH={row.kernel}',
               f'CROSS_COMPILE={row.prefix}']
    fragments = [paths.SUITE / 'config', paths.SUITE / f'config.{row.name}']
    bench.run([*command, defconfig], f'{row.kernel} {defconfig}')
    bench.run([tree / 'scripts/kconfig/merge_config.sh', '-O', out, '-y', '-m', out / '.config',
               *fragments], 'merge_config.sh', cwd=tree)
    bench.run([*command, 'olddefconfig'], 'olddefconfig')
    have = config.settings((out / '.config').read_text(encoding='utf-8'))
    wanted = {}
    for path in fragments:
        wanted.update(config.settings(path.read_text(encoding='utf-8')))
    names = [line.split('=')[0] for line in config.lost(wanted, have)]
    names = [name for name in names if have.get(EQUIVALENT.get(name), 'n') == 'n']
    known = config.known_symbols(tree, names) if names else set()
    if known:
        raise Failed(f'{row.kernel} lost: {", ".join(sorted(known))}')
    return f'not known to {row.kernel}: {", ".join(names)}' if names else ''


CHECKS = (
    Check('selfcheck-gcc', 'unit tests and golden files, built by gcc', selfcheck_gcc,
          needs=('gcc',)),
    Check('selfcheck-sanitize', 'the same under ASan and UBSan', selfcheck_sanitize,
          needs=('gcc',)),
    Check('fuzz', 'no bytes upset the readers and the checker', fuzz, needs=('clang',)),
    Check('build-gcc', 'gcc has no warning', build_gcc, needs=('gcc',)),
    Check('build-clang', 'clang has no warning', build_clang, needs=('clang',)),
    Check('headers-old', 'builds with uAPI headers older than guest_memfd', old_headers),
    Check('headers-new', 'builds with the uAPI headers of the kernel source', new_headers,
          needs=('rsync',)),
    Check('arch', 'ARCH=x86 and ARCH=x86_64 are the same, nonsense is refused', arch_spelling),
    Check('out-of-tree', 'OUTPUT= and O= leave the source alone', out_of_tree),
    Check('install', 'install and emit_tests agree', install, needs=('rsync',)),
    Check('kselftest-merge', 'the configuration fragments survive', merge,
          needs=('flex', 'bison')),
)
