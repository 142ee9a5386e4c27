# SPDX-License-Identifier: GPL-2.0-only
"""Which part of a campaign this machine has, by what the fleet's own manager says."""

import hashlib
import re
from dataclasses import dataclass

from .problem import Problem

MOST = 1000000


@dataclass(frozen=True)
class Shard:
    """The index-th of count machines, from 0, and who says so."""
    index: int
    count: int
    source: str

    def args(self):
        """For every program."""
        return ['--shard', f'{self.index}/{self.count}']

    def mark(self, commands, seed):
        """What results.json has about it: shards of one campaign differ in their index alone."""
        words = '\n'.join(' '.join(command) for command in commands)
        return {'index': self.index, 'count': self.count, 'seed': seed,
                'programs': len(commands),
                'commands': hashlib.sha256(words.encode()).hexdigest()[:16]}


def number(environ, name, default=None):
    """A number that a manager has set; Problem if it is none."""
    text = environ.get(name, default)
    if text is None:
        raise Problem(f'{name} is not set: how many machines are there? SHARD=I/N says both')
    if not re.fullmatch(r'\d{1,9}', text):
        raise Problem(f'{name}={text} is not a number')
    return int(text)


def find(environ):
    """The Shard, or None for a run of its own. SHARD=I/N goes first."""
    text = environ.get('SHARD')
    if text:
        match = re.fullmatch(r'(\d{1,7})/(\d{1,7})', text)
        if not match:
            raise Problem(f'SHARD={text}: give I/N, I from 0 to N-1')
        found = Shard(int(match[1]), int(match[2]), 'SHARD')
    elif environ.get('SLURM_ARRAY_TASK_ID'):
        first = number(environ, 'SLURM_ARRAY_TASK_MIN', '0')
        step = max(1, number(environ, 'SLURM_ARRAY_TASK_STEP', '1'))
        found = Shard((number(environ, 'SLURM_ARRAY_TASK_ID') - first) // step,
                      number(environ, 'SLURM_ARRAY_TASK_COUNT'), 'SLURM_ARRAY_TASK_ID')
    elif environ.get('JOB_COMPLETION_INDEX'):
        found = Shard(number(environ, 'JOB_COMPLETION_INDEX'), number(environ, 'JOB_COMPLETIONS'),
                      'JOB_COMPLETION_INDEX')
    else:
        return None
    if not 0 <= found.index < found.count <= MOST:
        raise Problem(f'{found.source}: shard {found.index} of {found.count}: give I/N, I from 0 '
                      f'to N-1, N at most {MOST}')
    if not environ.get('SEED'):
        raise Problem(f'{found.source} makes this shard {found.index} of {found.count}: give '
                      'SEED=N, the same for all of them')
    return found
