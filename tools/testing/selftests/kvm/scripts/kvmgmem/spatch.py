# SPDX-License-Identifier: GPL-2.0-only
"""Coccinelle: apply a semantic patch to one file of the kernel."""

import re
import subprocess
import tempfile
from pathlib import Path

from . import process

LIMIT = 120
# arch/x86/kvm/mmu/paging_tmpl.h is included once for each format of page tables.
MADE = re.compile(r'\b(FNAME)\((\w+)\)')
MADE_BACK = re.compile(r'\b(FNAME)__(\w+)')


class Broken(Exception):
    """A semantic patch that cannot be used, as opposed to one that matches nothing."""


def apply(patch, path):
    """The text of a source file with the semantic patch applied."""
    with tempfile.TemporaryDirectory(prefix='kvm-gmem-') as scratch:
        copy = Path(scratch, Path(path).name)
        # Names of functions that a macro makes are no C to Coccinelle.
        copy.write_text(MADE.sub(r'\1__\2', Path(path).read_text(encoding='utf-8')),
                        encoding='utf-8')
        command = ['spatch', '--sp-file', str(patch), '--very-quiet', '--no-show-diff',
                   '--in-place', str(copy)]
        child = process.spawn(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors='replace')
        try:
            text, _none = child.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            raise Broken(f'spatch needs more than {LIMIT} s') from None
        finally:
            process.kill_group(child)
        if child.returncode:
            lines = [line.strip() for line in text.splitlines()
                     if line.strip() and not line.startswith('warning:')]
            raise Broken(f'spatch: {lines[0] if lines else f"exit code {child.returncode}"}')
        return MADE_BACK.sub(r'\1(\2)', copy.read_text(encoding='utf-8'))
