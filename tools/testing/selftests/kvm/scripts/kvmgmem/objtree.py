# SPDX-License-Identifier: GPL-2.0-only
"""An object tree of the kernel that is to belong to another source tree from now on."""

import re
import subprocess
from pathlib import Path


def repoint(objdir, old, new):
    """Replace the source tree's path in everything that make compares, keeping the times."""
    found = subprocess.run(['grep', '-rlIF', '--include=.*.cmd', '--include=*.d',
                            '--include=auto.conf.cmd', '--include=Makefile', '-e', old,
                            str(objdir)], capture_output=True, text=True, check=False)
    pattern = re.compile(re.escape(old) + r'(?![\w.-])')
    for name in found.stdout.splitlines():
        path = Path(name)
        status = path.stat()
        text = path.read_text(encoding='utf-8', errors='surrogateescape')
        path.write_text(pattern.sub(lambda _match: new, text), encoding='utf-8',
                        errors='surrogateescape')
        subprocess.run(['touch', '-d', f'@{status.st_mtime_ns / 1e9:.9f}', name], check=True)
    link = objdir / 'source'
    if link.is_symlink():
        link.unlink()
        link.symlink_to(new)
