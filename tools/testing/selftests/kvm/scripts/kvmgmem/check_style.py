# SPDX-License-Identifier: GPL-2.0-only
"""Checks that only read the files of the suite."""

import ast
import re
import subprocess
import sys

from . import paths
from .check import Check, Counts, Failed

COLUMNS, FILE_LINES, FUNCTION_LINES = 100, 300, 80
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


def columns(bench):
    """No line beyond 100 columns, tabs being 8 wide, and no blank at the end of one."""
    long, blank = [], []
    for path in filter(is_code, files()):
        if path.suffix == '.cocci':
            continue    # what their headers say is one line each
        for number, line in enumerate(lines_of(path), 1):
            where = f'{name_of(path)}:{number}'
            if len(line.expandtabs(8)) > COLUMNS and not re.search(r'"[^"]{40,}', line):
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


def sizes(bench):
    """Reported, not judged: what is longer than the project's own measure."""
    code = [path for path in files() if is_code(path)]
    long = [f'{name_of(path)} {len(lines_of(path))} lines' for path in code
            if len(lines_of(path)) > FILE_LINES]
    long += [f'{name_of(path)} {name}() {size} lines' for path in code
             for name, size in functions(path) if size > FUNCTION_LINES]
    bench.note('\n'.join(long))
    return f'above {FILE_LINES} (file) or {FUNCTION_LINES} (function): ' \
        f'{", ".join(long) or "nothing"}'


def prototypes(path):
    """(first line's index, text) of each declaration of a function in a header."""
    lines, start = lines_of(path), None
    for number, line in enumerate(lines):
        if start is None and re.match(r'[A-Za-z_]', line):
            start = number
        if start is not None and re.search(r'[;{]$', line):
            text = ' '.join(lines[start:number + 1])
            if text.endswith(';') and re.search(r'\w\(', text) and \
                    not re.match(r'static|_Static|typedef|struct \w+ \{|#', text):
                yield start, text
            start = None
        elif not line or line.startswith(('#', ' *', '/*')):
            start = None


def undocumented(path):
    """Declarations in a header that neither a comment precedes nor one that has a comment."""
    lines, covered = lines_of(path), -1
    for start, text in prototypes(path):
        if start and (lines[start - 1].rstrip().endswith('*/') or start - 1 == covered):
            covered = start + next(offset for offset, line in enumerate(lines[start:])
                                   if line.endswith(';'))
        else:
            yield text


def kernel_doc(bench):
    """Each public function has words, and those of kernel-doc form are well-formed."""
    headers = [path for path in files() if path.suffix == '.h' and path.parent.name != 'guest']
    found = [f'{name_of(path)}: {line}' for path in headers
             if path.parent == paths.SUITE / 'include'
             for line in undocumented(path)]
    complain(bench, found, 'no comment before')
    tool = bench.source().path / 'scripts/kernel-doc'
    if not tool.exists():
        return 'without the kernel\'s own scripts/kernel-doc'
    code, said = bench.output([tool, '-none', *headers])
    wrong = [line for line in said.splitlines() if re.search(r'warning|error', line, re.I)]
    if code or wrong:
        raise Failed(f'scripts/kernel-doc: {(wrong or ["failed"])[0]}')
    return ''


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
    Check('sizes', 'files and functions that are longer than they should be', sizes),
    Check('kernel-doc', 'every public function is documented', kernel_doc),
    Check('shellcheck', 'shellcheck has nothing to say', shellcheck, needs=('shellcheck',)),
    Check('flake8', 'flake8 has nothing to say', flake8, needs=('flake8',)),
    Check('python-tests', 'unit tests of the scripts', python_tests),
)
