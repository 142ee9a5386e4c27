# SPDX-License-Identifier: GPL-2.0-only
"""Checks that only read the files of the suite."""

import ast
import re
import subprocess
import sys

from . import paths
from .check import Check, Counts, Failed, Skip

COLUMNS, FILE_LINES, FUNCTION_LINES = 100, 300, 80
# Each is one thing that would not get clearer by being two.
LONG_FILES = {}      # name: reason
CODE = ('.c', '.h', '.S', '.lds', '.py', '.sh', '.cocci')


def files():
    """The suite's files: those that git knows or would, else all that is no build result."""
    done = subprocess.run(['git', '-C', str(paths.SUITE), 'ls-files', '--cached', '--others',
                           '--exclude-standard'], capture_output=True, text=True, check=False)
    names = done.stdout.splitlines() if done.returncode == 0 else \
        [str(path.relative_to(paths.SUITE)) for path in paths.SUITE.rglob('*')
         if path.suffix not in ('.o', '.d', '.pyc')]
    found = [paths.SUITE / name for name in sorted(names)]
    return [path for path in found if path.is_file()]


def lines_of(path):
    """Its lines."""
    return path.read_text(encoding='utf-8').splitlines()


def name_of(path):
    """As people say it."""
    return path.relative_to(paths.SUITE)


def interpreter(path):
    """'python3', 'sh', ... of a script; '' of anything else."""
    with open(path, 'rb') as file:
        first = file.readline(100).decode(errors='replace')
    return re.split(r'[/ ]', first.strip())[-1] if first.startswith('#!') else ''


def scripts(*names):
    """Files run by one of these interpreters, or named like such."""
    suffix = '.py' if 'python3' in names else '.sh'
    return [path for path in files() if path.suffix == suffix or interpreter(path) in names]


def complain(bench, found, what):
    """Fail with the first, log all."""
    if found:
        bench.note('\n'.join(found))
        more = f' and {len(found) - 1} more' if len(found) > 1 else ''
        raise Failed(f'{what}: {found[0]}{more}')


def is_code(path):
    """Is it source, by its name or its first line?"""
    return path.suffix in CODE or path.name == 'Makefile' or bool(interpreter(path))


def spdx(bench):
    """The licence in the first three lines of each source file."""
    found = [str(name_of(path)) for path in files() if is_code(path)
             and 'SPDX-License-Identifier: GPL-2.0-only' not in '\n'.join(lines_of(path)[:3])]
    complain(bench, found, 'no SPDX line in')


def too_long(line):
    """Beyond the columns, tabs being 8 wide? Only a string that cannot be split may be."""
    wide = line.expandtabs(8)
    if len(wide) <= COLUMNS:
        return False
    # What is left without the text of its strings has to fit by itself.
    return len(re.sub(r'"(?:[^"\\]|\\.){40,}"', '""', wide)) > COLUMNS or \
        not re.search(r'"(?:[^"\\]|\\.){40,}"\W{0,12}$', wide)


def columns(bench):
    """No line beyond 100 columns but for a string at its end, and no blank at the end of one."""
    long, blank = [], []
    for path in filter(is_code, files()):
        if path.suffix == '.cocci':
            continue    # what their headers say is one line each
        for number, line in enumerate(lines_of(path), 1):
            where = f'{name_of(path)}:{number}'
            if too_long(line):
                long.append(where)
            if line != line.rstrip():
                blank.append(where)
    complain(bench, long, f'more than {COLUMNS} columns')
    complain(bench, blank, 'blank at the end of the line')


def functions(path):
    """(name, lines) of each function of a C or Python file."""
    if path.suffix in ('.c', '.h'):
        start, title = None, ''
        for number, line in enumerate(lines_of(path), 1):
            if line == '{':
                start = number
            elif line.startswith('}') and start:
                yield title, number - start + 1
                start = None
            elif re.match(r'\w.*\w\(', line):
                title = re.findall(r'(\w+)\(', line)[0]
    elif path.suffix == '.py' or interpreter(path) == 'python3':
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.FunctionDef):
                yield node.name, node.end_lineno - node.lineno + 1


def oversized(path):
    """What in a file is longer than the project's own measure."""
    lines = len(lines_of(path))
    if lines > FILE_LINES and str(name_of(path)) not in LONG_FILES:
        yield f'{name_of(path)} {lines} lines'
    for name, size in functions(path):
        if size > FUNCTION_LINES:
            yield f'{name_of(path)} {name}() {size} lines'


def sizes(bench):
    """No file above 300 lines without a reason, no function above 80."""
    found = [text for path in files() if is_code(path) for text in oversized(path)]
    complain(bench, found, f'above {FILE_LINES} (file) or {FUNCTION_LINES} (function) lines')
    return f'{len(LONG_FILES)} exceptions with a reason'


def without_comments(text):
    """C without comments, directives and bodies; lines stay where they are."""
    def blank(match):
        return '\n' * match[0].count('\n')
    text = re.sub(r'/\*.*?\*/', blank, text, flags=re.S)
    text = re.sub(r'(?m)^[ \t]*#(?:.*\\\n)*.*$', blank, text)
    while '{' in text:
        text, count = re.subn(r'\{[^{}]*\}', ';', text)
        if not count:
            break
    return text


def prototypes(text):
    """Names of the functions that a header declares, or defines inline."""
    for part in without_comments(text).split(';'):
        part = re.sub(r'__attribute__\s*\(\(.*\)\)|\s+', ' ', part).strip()
        match = re.match(r'[A-Za-z_][\w\s*]*?\b(\w+) ?\(', part)
        if match and not re.match(r'typedef|_Static_assert', part):
            yield match[1]


def documented(bench, tool, headers):
    """Names of the functions that kernel-doc itself documents."""
    code, said = bench.output([tool, '-rst', *headers])
    if code:
        raise Failed(f'scripts/kernel-doc -rst: exit code {code}')
    return set(re.findall(r'(?m)^\.\. c:function:: .*?(\w+) ?\(', said))


def kernel_doc(bench):
    """Each public function has kernel-doc, to which the kernel's own tool has no objection."""
    headers = [path for path in files() if path.suffix == '.h'
               and not path.name.endswith('parts.h')
               and str(name_of(path)).split('/', maxsplit=1)[0] in ('abi', 'guest', 'lib')]
    tool = bench.source().path / 'scripts/kernel-doc'
    if not tool.exists():
        raise Skip(f'{bench.source().path} has no scripts/kernel-doc')
    code, said = bench.output([tool, '-Wall', '-none', *headers])
    wrong = [line for line in said.splitlines() if re.search(r'warning|error', line, re.I)]
    if code or wrong:
        raise Failed(f'scripts/kernel-doc: {(wrong or ["failed"])[0]}')
    known = documented(bench, tool, headers)
    names = [(path, name) for path in headers
             for name in prototypes(path.read_text(encoding='utf-8'))]
    complain(bench, [f'{name_of(path)}: {name}()' for path, name in names if name not in known],
             'no kernel-doc')
    if not names:
        raise Failed('no function found in any header')
    return f'{len(names)} functions in {len(headers)} headers'


def shellcheck(bench):
    """All shell scripts; busybox's shell (SC2187) is near enough to what shellcheck knows."""
    bench.run(['shellcheck', '-e', 'SC2187', *scripts('sh', 'bash'), *ci_scripts()],
              'shellcheck found something')


def ci_scripts():
    """The one beside the root Makefile, where there is one."""
    return [path for path in [paths.SUITE.parents[3] / '.ci' / 'run'] if path.is_file()]


def flake8(bench):
    """All Python."""
    bench.run(['flake8', f'--max-line-length={COLUMNS}', *scripts('python3')],
              'flake8 found something')


def python_tests(bench):
    """The unit tests of scripts/kvmgmem."""
    bench.code([sys.executable, '-m', 'unittest', 'discover', '-s', 'tests', '-v'],
               cwd=paths.SUITE / 'scripts')
    said = bench.log_text()
    ran = re.search(r'(?m)^Ran (\d+) test', said)
    end = re.search(r'(?m)^(OK|FAILED)(?: \((.*)\))?$', said)
    if not ran or not end:
        raise Failed('the unit tests did not come to their end')
    numbers = {name: int(number) for name, number in re.findall(r'(\w+)=(\d+)', end[2] or '')}
    failed = numbers.get('failures', 0) + numbers.get('errors', 0)
    skipped = numbers.get('skipped', 0)
    return Counts(int(ran[1]) - failed - skipped, failed, skipped)


CHECKS = (
    Check('spdx', 'every source file names its licence', spdx),
    Check('columns', f'no line is longer than {COLUMNS} columns', columns),
    Check('sizes', 'no file or function is longer than it should be', sizes),
    Check('kernel-doc', 'every public function is documented', kernel_doc),
    Check('shellcheck', 'shellcheck has nothing to say', shellcheck, needs=('shellcheck',)),
    Check('flake8', 'flake8 has nothing to say', flake8, needs=('flake8',)),
    Check('python-tests', 'unit tests of the scripts', python_tests),
)
