# SPDX-License-Identifier: GPL-2.0-only
"""Checks that boot the virtual machine: the suite on the good kernel, on mutants, and the
testbed when things go wrong.
"""

import json
import os
import re
import signal
import subprocess
import time
import uuid
from pathlib import Path

from . import paths, process
from .check import Check, Counts, Failed, Skip

SCRIPTS = paths.SUITE / 'scripts'
TESTBED = SCRIPTS / 'testbed'
BUILD_LIMIT = 2700
MARK = 'KVM_GMEM_CHECK'
MUTANTS = ('punch-no-zap', 'guest-no-clear')
SECOND_BUILD = 5.0     # seconds
FAILURES = re.compile(r'(?m)^Failures \(\d+\):\n(?:  .+\n)+')     # of a summary


class Kernel:
    """Whether a kernel could be built; asked by every check, tried once."""

    states = {}     # by architecture: 'good', or why not


def environment(**extra):
    """For the scripts under test: the user's kernel tree, always in the virtual machine."""
    given = os.environ.get('KSRC')
    return {'KVM_ENV': 'vm', **({'KSRC': given} if given else {}), **extra}


def need_machine(arch=''):
    """Skip what cannot be tried here."""
    if os.environ.get('KVM_ENV') == 'host':
        raise Skip('KVM_ENV=host: no virtual machine wanted')
    state = Kernel.states.get(arch, 'good')
    if state != 'good':
        raise Skip(f'no kernel to boot: {state}')


def built(bench, arch=''):
    """Build the kernel (of another architecture) unless an earlier check did."""
    need_machine(arch)
    if arch in Kernel.states:
        return
    Kernel.states[arch] = 'its build failed'
    bench.run([TESTBED, 'build'], 'testbed build', limit=BUILD_LIMIT, env=environment(ARCH=arch))
    Kernel.states[arch] = 'good'


def testbed_build(bench):
    """The second build, with nothing changed, takes no time."""
    built(bench)
    began = time.monotonic()
    code, said = bench.output([TESTBED, 'build'], env=environment())
    seconds = time.monotonic() - began
    if code or seconds > SECOND_BUILD:
        raise Failed(f'a second build took {seconds:.1f} s (exit code {code})')
    return said.split('\n', maxsplit=1)[0].split('  ')[-1]


def bench_suite(bench):
    """A directory with the program that misbehaves on demand."""
    directory = bench.scratch() / 'suite'
    directory.mkdir()
    bench.run(['gcc', '-static', '-O1', SCRIPTS / 'tests/misbehaved.c', '-o',
               directory / 'misbehaved'], 'build of a static program')
    return directory


def testbed_command(bench, what, *options):
    """testbed run of the good program, then of the bad one."""
    suite = bench_suite(bench)
    return [str(word) for word in
            (TESTBED, 'run', '--suite', suite, '--out', suite.parent / 'out', *options,
             'misbehaved', '--', 'misbehaved', what)]


def marked(mark):
    """{pid: name} of living processes with this mark in their environment."""
    found = {}
    for path in Path('/proc').glob('[0-9]*'):
        try:
            if f'{MARK}={mark}'.encode() in (path / 'environ').read_bytes():
                found[int(path.name)] = (path / 'comm').read_text(encoding='utf-8').strip()
        except OSError:
            continue
    return found


def nothing_left(mark):
    """No process may survive its testbed for more than a moment."""
    for _attempt in range(50):
        left = marked(mark)
        if not left:
            return
        time.sleep(0.1)
    raise Failed(f'left running: {", ".join(left.values())}')


def expect(bench, code, said, *patterns):
    """A failure that says what it should, partial results included, and no traceback."""
    bench.note(said)
    if not code:
        raise Failed('exit code 0')
    if 'Traceback' in said:
        raise Failed('a traceback instead of one clear line')
    for pattern in patterns:
        if not re.search(pattern, said):
            raise Failed(f'nothing says /{pattern}/')


def run_marked(bench, command, **extra):
    """(exit code, output) with all its processes gone."""
    mark = uuid.uuid4().hex
    code, said = bench.output(['timeout', '-k', '5', '300', *command],
                              env=environment(**{MARK: mark}, **extra))
    nothing_left(mark)
    return code, said


PARTIAL = r'ok 2 demo/second[\s\S]*misbehaved +2 +0 +0'   # what came before is reported


def testbed_panic(bench):
    """While a program runs, and before init."""
    built(bench)
    command = testbed_command(bench, 'panic')
    expect(bench, *run_marked(bench, command), PARTIAL,
           r'kernel panic while misbehaved ran: sysrq triggered crash')
    command = testbed_command(bench, 'good', '--append', 'rdinit=/nowhere')
    expect(bench, *run_marked(bench, command), r'kernel panic before the first program')


def testbed_hang(bench):
    """A program that is silent for too long."""
    built(bench)
    command = testbed_command(bench, 'hang', '--stall', '8')
    expect(bench, *run_marked(bench, command), PARTIAL, r'hung while misbehaved ran')


def testbed_oom(bench):
    """The machine's memory runs out."""
    built(bench)
    command = testbed_command(bench, 'oom', '--memory', '512M')
    expect(bench, *run_marked(bench, command), PARTIAL, r'the kernel ran out of memory')


def testbed_no_qemu(bench):
    """QEMU is not installed."""
    built(bench)
    tools = bench.scratch('no-qemu')
    for directory in reversed([*os.environ['PATH'].split(':'), '/usr/sbin', '/sbin']):
        for path in Path(directory or '.').glob('*'):
            if not path.name.startswith('qemu-system'):
                (tools / path.name).unlink(missing_ok=True)
                (tools / path.name).symlink_to(path)
    command = [str(TESTBED), 'boot']
    expect(bench, *run_marked(bench, command, PATH=str(tools)), r'qemu-system-\w+ is not installed')


def listen():
    """In a child: Ctrl-C is heard, also where a shell has started us in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def while_it_runs(bench, number, target='testbed'):
    """Send a signal to the testbed or to QEMU while a program hangs; (exit code, output)."""
    command, mark = testbed_command(bench, 'hang'), uuid.uuid4().hex
    out = bench.base / bench.name / 'said'
    with open(out, 'wb') as said:
        child = subprocess.Popen(command, env=process.clean_environment(
            **environment(**{MARK: mark})), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            preexec_fn=listen)
    try:
        deadline = time.monotonic() + 120
        while b'run misbehaved hang' not in out.read_bytes():
            if child.poll() is not None or time.monotonic() > deadline:
                raise Failed('the program did not start')
            bench.show()
            time.sleep(0.1)
        qemu = [pid for pid, name in marked(mark).items() if name.startswith('qemu')]
        if not qemu:
            raise Failed('no QEMU runs')
        os.kill(child.pid if target == 'testbed' else qemu[0], number)
        code = child.wait(timeout=30)
        nothing_left(mark)
    finally:
        for pid in marked(mark):
            os.kill(pid, signal.SIGKILL)
        child.wait()
    return code, out.read_text(encoding='utf-8', errors='replace')


def testbed_interrupt(bench):
    """Ctrl-C, SIGTERM, kill -9, and the death of QEMU."""
    built(bench)
    expect(bench, *while_it_runs(bench, signal.SIGINT), PARTIAL, r'testbed: interrupted')
    expect(bench, *while_it_runs(bench, signal.SIGTERM), PARTIAL, r'testbed: terminated')
    expect(bench, *while_it_runs(bench, signal.SIGKILL))
    expect(bench, *while_it_runs(bench, signal.SIGKILL, 'qemu'), PARTIAL,
           r'QEMU ended while misbehaved ran \(killed by signal 9\)')


def suite_in_vm(bench, arch=''):
    """All programs on the good kernel: nothing may fail."""
    built(bench, arch)
    code = bench.code([SCRIPTS / 'run-suite'], limit=BUILD_LIMIT,
                      env=environment(ARCH=arch))
    return judge_run(bench, code)


def judge_run(bench, code):
    """Counts of a run of programs whose summary is in the log."""
    logs = re.findall(r'(?m)^Logs: +(.+)$', bench.log_text())
    if not logs:
        raise Failed(f'run-suite came to no summary (exit code {code})')
    run = json.loads((Path(logs[-1]) / 'results.json').read_text(encoding='utf-8'))
    counts, known, again = Counts(), 0, 0
    for program in run['programs']:
        for result in program['results']:
            known += result['status'] == 'xfail'
            again += result['repeats'] > 0
            counts.add(Counts(result['status'] in ('pass', 'xfail'), result['status'] == 'fail',
                              result['status'] == 'skip'))
        if not program['results']:
            counts.skipped += 1
    if run['problems']:
        raise Failed(run['problems'][0])
    if (code == 0) == bool(counts.failed):
        raise Failed(f'exit code {code} with {counts.text()}')
    if not counts.passed:
        raise Failed(f'nothing passed: {counts.text()}')
    counts.failures += FAILURES.findall(bench.log_text())[-1:] if counts.failed else []
    seen = f', {known} of the passed are known faults of this kernel' if known else ''
    seen += f', {again} tried again' if again else ''
    counts.detail = f'{seen}, {len(run["programs"])} programs, first test after ' \
                    f'{run["first_output_seconds"]} s'
    return counts


def mutants(bench, names=MUTANTS, arch='', features=''):
    """Kernels with a planted fault: the expected sub-test has to notice."""
    built(bench, arch)
    code = bench.code([SCRIPTS / 'mutants', 'run', *names], limit=BUILD_LIMIT,
                      env=environment(ARCH=arch, FEATURE=features))
    said = bench.log_text()
    rows = [line.split() for line in said.splitlines() if line.startswith(names)]
    killed = {row[0] for row in rows if 'killed' in row[1:3]}
    counts = Counts(passed=len(killed), failed=len(names) - len(killed))
    if code and not counts.failed:
        raise Failed(f'mutants run ended with exit code {code}')
    if counts.failed:
        counts.detail = f', not killed: {", ".join(sorted(set(names) - killed))}'
    return counts


CHECKS = (
    Check('testbed-build', 'the kernel builds; nothing is built twice', testbed_build, vm=True),
    Check('testbed-panic', 'a panic is told in one line, earlier results stay', testbed_panic,
          vm=True),
    Check('testbed-hang', 'a hang is told in one line, earlier results stay', testbed_hang,
          vm=True),
    Check('testbed-oom', 'an OOM kill is told in one line', testbed_oom, vm=True),
    Check('testbed-no-qemu', 'QEMU not installed is told in one line', testbed_no_qemu, vm=True),
    Check('testbed-interrupt', 'Ctrl-C, kill, and QEMU\'s death leave no QEMU behind',
          testbed_interrupt, vm=True),
    Check('vm-suite', 'no program fails on the good kernel', suite_in_vm, vm=True),
    Check('mutants', f'{" and ".join(MUTANTS)} are killed', mutants, vm=True, needs=('spatch',)),
)
