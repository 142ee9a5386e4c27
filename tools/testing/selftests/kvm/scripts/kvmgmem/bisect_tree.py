# SPDX-License-Identifier: GPL-2.0-only
"""The user's git tree of Linux: what has to be so before it is bisected, and git's part in it."""

import re
import subprocess
from pathlib import Path

from . import source
from .problem import Problem

FOUND = re.compile(r'^# first bad commit: \[([0-9a-f]+)\]', re.M)
POSSIBLE = re.compile(r'^# possible first bad commit: \[([0-9a-f]+)\]', re.M)


class Tree:
    """A git work tree; questions to git raise Problem where it refuses to answer."""

    def __init__(self, path):
        if not path:
            raise Problem('which tree? give --ksrc TREE, a git tree of Linux')
        self.path = Path(path).expanduser().resolve()
        if self.ask('rev-parse', '--show-toplevel', default='') != str(self.path):
            raise Problem(f'--ksrc {path}: not the top of a git tree')
        source.user_tree(path)

    def git(self, *words):
        """The finished process."""
        return subprocess.run(['git', '-C', str(self.path), *words], capture_output=True,
                              text=True, errors='replace', check=False)

    def ask(self, *words, default=None):
        """What git prints; the default if it fails, or a Problem."""
        done = self.git(*words)
        if done.returncode and default is None:
            said = (done.stderr or done.stdout).strip().splitlines() or ['?']
            raise Problem(f'git {" ".join(words)}: {said[0]}')
        return default if done.returncode else done.stdout.strip()

    def commit(self, option, name):
        """The commit that a revision names."""
        done = self.git('rev-parse', '--verify', '--quiet', '--end-of-options',
                        f'{name}^{{commit}}')
        if done.returncode:
            raise Problem(f'{option} {name}: no such revision in {self.path}')
        return done.stdout.strip()

    def title(self, commit):
        """Abbreviation and subject."""
        return self.ask('log', '-1', '--format=%h %s', commit)

    def between(self, good, bad):
        """How many commits are suspected."""
        if good == bad:
            raise Problem('--good and --bad name the same commit')
        if self.git('merge-base', '--is-ancestor', good, bad).returncode:
            raise Problem('--good is no ancestor of --bad: name the commit where they part '
                          f'(git -C {self.path} merge-base GOOD BAD)')
        return int(self.ask('rev-list', '--count', f'{good}..{bad}'))

    def must_be_clean(self):
        """A checkout would carry changes from one commit to the next."""
        changed = self.ask('status', '--porcelain', '--untracked-files=no').splitlines()
        if changed:
            raise Problem(f'{self.path} has changes ({changed[0].strip()}'
                          f'{", ..." if len(changed) > 1 else ""}): commit or stash them')

    def bisecting(self):
        """Is git in the middle of a bisection here?"""
        return (self.path / self.ask('rev-parse', '--git-path', 'BISECT_START')).exists()

    def here(self):
        """The branch, or else the commit, to come back to."""
        return self.ask('symbolic-ref', '--short', '-q', 'HEAD', default='') or \
            self.ask('rev-parse', 'HEAD')

    def checkout(self, name):
        """Another commit into the work tree."""
        self.ask('checkout', '-q', '--detach' if re.fullmatch('[0-9a-f]{40}', name) else '-q', name)

    def suspects(self):
        """(the first bad commit or None, those of which it is one) of a bisection that is over."""
        log = self.ask('bisect', 'log')
        found = FOUND.search(log)
        return (found[1], [found[1]]) if found else (None, POSSIBLE.findall(log))
