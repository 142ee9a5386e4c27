# SPDX-License-Identifier: GPL-2.0-only
"""Packages from the machine's own mirrors, without any change to the machine.

apt does the download and the signature check, in a private state made for this one call.
"""

import os
import subprocess
from pathlib import Path

from . import process
from .problem import Problem
from .progress import Step


def private(work, lines, architecture=None):
    """Environment for an apt that keeps all it writes under work and trusts only Debian's key.

    Of the machine's configuration only how to reach the network is taken over. Given another
    architecture, apt takes that for the machine's.
    """
    for name in ('lists/partial', 'cache/archives/partial'):
        (work / name).mkdir(parents=True)
    (work / 'sources.list').write_text('\n'.join(lines) + '\n', encoding='utf-8')
    dump = subprocess.run(['apt-config', 'dump'], capture_output=True, text=True, check=True)
    wanted = ('Acquire::',) if architecture else ('Acquire::', 'APT::Architecture ')
    kept = [line for line in dump.stdout.splitlines()
            if line.startswith(wanted) and 'AllowInsecure' not in line]
    if architecture:
        kept += [f'APT::Architecture "{architecture}";',
                 f'APT::Architectures {{ "{architecture}"; }};']
    kept += ['Dir::Etc::Parts "/dev/null";', 'Dir::Etc::Main "/dev/null";',
             'Dir::Etc::SourceParts "/dev/null";', 'Dir::Etc::PreferencesParts "/dev/null";',
             f'Dir::Etc::SourceList "{work}/sources.list";', f'Dir::State::Lists "{work}/lists";',
             f'Dir::Cache "{work}/cache";', 'Acquire::AllowInsecureRepositories "false";',
             'Acquire::Languages "none";', 'APT::Sandbox::User "root";']
    (work / 'apt.conf').write_text('\n'.join(kept) + '\n', encoding='utf-8')
    return dict(os.environ, LC_ALL='C', APT_CONFIG=str(work / 'apt.conf'))


def update(env, what):
    """Fetch the package lists; the log says what went wrong, if anything."""
    log = Path(env['APT_CONFIG']).with_name('log')
    with Step(what, 'apt-update') as step:
        # A suite that the mirror does not have makes apt fail, but the others are there.
        process.run_logged(['apt-get', 'update'], log, step, env=env)
    return log


def download(env, packages, size=0):
    """apt-get download; apt checks each package against the signed index. Returns the files."""
    work = Path(env['APT_CONFIG']).parent
    log = work / 'log'
    name = ', '.join(package.replace('=', ' ') for package in packages)
    what = f'download {name}' + (f', {size >> 20} MB' if size else '')
    with Step(what, f'download/{packages[0]}', size) as step, open(log, 'ab') as out:
        out.write(f'$ apt-get download {" ".join(packages)}\n'.encode())
        child = process.spawn(['apt-get', 'download', *packages], cwd=work, env=env,
                              stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            while child.poll() is None:
                try:
                    child.wait(timeout=0.5)
                except subprocess.TimeoutExpired:
                    step.done = sum(path.stat().st_size for path in work.glob('**/*.deb'))
                    step.show()
        finally:
            process.kill_group(child)
        found = sorted(work.glob('*.deb'))
        if child.returncode or len(found) < len(packages):
            raise Problem('download failed: ' + process.first_errors(log, 1)[0])
        step.done = size
    return found
