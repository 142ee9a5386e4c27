# SPDX-License-Identifier: GPL-2.0-only
"""Shards of a campaign: who this machine is, and what all of them have seen."""

import json
import tempfile
import unittest
from pathlib import Path

from kvmgmem import merge, shard
from kvmgmem.problem import FAIL, PASS, Problem


class Find(unittest.TestCase):
    """By the manager's own words."""

    def test_managers(self):
        """Slurm, Kubernetes, by hand; by hand goes first; nobody: a run of its own."""
        slurm = {'SLURM_ARRAY_TASK_ID': '14', 'SLURM_ARRAY_TASK_MIN': '10',
                 'SLURM_ARRAY_TASK_STEP': '2', 'SLURM_ARRAY_TASK_COUNT': '8', 'SEED': '1'}
        found = shard.find(slurm)
        self.assertEqual((found.index, found.count), (2, 8))
        self.assertEqual(found.args(), ['--shard', '2/8'])
        pods = shard.find({'JOB_COMPLETION_INDEX': '3', 'JOB_COMPLETIONS': '4', 'SEED': '1'})
        self.assertEqual((pods.index, pods.count), (3, 4))
        self.assertEqual(shard.find({**slurm, 'SHARD': '0/5'}).count, 5)
        self.assertIsNone(shard.find({'SEED': '1'}))

    def test_bad(self):
        """One line says what is wrong."""
        for environ, text in (
                ({'SHARD': '3'}, 'give I/N'), ({'SHARD': '3/3', 'SEED': '1'}, 'from 0 to N-1'),
                ({'SHARD': '0/0', 'SEED': '1'}, 'from 0'), ({'SHARD': '0/2'}, 'give SEED=N'),
                ({'JOB_COMPLETION_INDEX': '1', 'SEED': '1'}, 'JOB_COMPLETIONS is not set'),
                ({'SLURM_ARRAY_TASK_ID': 'x', 'SLURM_ARRAY_TASK_COUNT': '2'}, 'not a number')):
            with self.assertRaisesRegex(Problem, text):
                shard.find(environ)

    def test_mark(self):
        """Another campaign is told by its commands."""
        part = shard.Shard(1, 2, 'SHARD')
        one, other = part.mark([['a']], '7'), part.mark([['a', '--x']], '7')
        self.assertNotEqual(one['commands'], other['commands'])
        self.assertEqual((one['index'], one['count'], one['programs']), (1, 2, 1))


class Merge(unittest.TestCase):
    """Nothing lost, nothing double."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.base = Path(scratch.name)

    def shard(self, name, index, tests, **more):
        """A shard's directory with results of one program."""
        path = self.base / name
        path.mkdir()
        mark = {'index': index, 'count': 3, 'seed': '7', 'programs': 1, 'commands': 'c',
                **more.pop('mark', {})}
        run = {'where': 'vm', 'facts': {'kernel': '7.3.4'}, 'problems': [], 'shard': mark,
               'exit_code': PASS, 'seconds': 1.0, 'kernel_complaints': [], 'programs': [
                   {'name': 'p', 'command': ['p'], 'rc': 0, 'seconds': 1.0, 'verdict': 'pass',
                    'planned': len(tests), 'results': [
                        {'program': 'p', 'id': test, 'status': 'pass', 'ms': 1, 'diagnostics': said}
                        for test, said in tests.items()]}], **more}
        (path / 'results.json').write_text(json.dumps(run), encoding='utf-8')
        (path / '01-p.ktap').write_text('TAP\n', encoding='utf-8')
        return str(path)

    def merged(self, *names):
        """(lines, exit code, merged run)."""
        lines, code = merge.merge(self.base / 'out', names)
        return '\n'.join(lines), code, json.loads(
            (self.base / 'out/results.json').read_text(encoding='utf-8'))

    def test_all(self):
        """All results are there, files go with their shard, what met is summed up."""
        parts = [self.shard(f's{n}', n, {f't/{n}': [f'read 9: met write {n}, punch 1']})
                 for n in range(3)]
        said, code, run = self.merged(*parts)
        self.assertEqual(code, PASS)
        self.assertIn('3 of 3 shards: 3 passed, 0 failed', said)
        self.assertEqual([program['shard'] for program in run['programs']], [0, 1, 2])
        self.assertIn(['read', 'punch', 3], run['merged']['met'])
        self.assertIn(['read', 'write', 3], run['merged']['met'])
        self.assertTrue((self.base / 'out/shard-2/01-p.ktap').is_file())
        self.assertTrue((self.base / 'out/report.html').is_file())

    def test_lost(self):
        """A shard that is not there, and one that was killed, fail the whole, and are named."""
        (self.base / 'killed').mkdir()
        said, code, _run = self.merged(self.shard('s0', 0, {'t/0': []}), str(self.base / 'killed'),
                                       self.shard('s2', 2, {'t/2': []}, problems=['interrupted']))
        self.assertEqual(code, FAIL)
        self.assertIn('shard 1 of 3 is lost', said)
        self.assertIn('shard 2 of 3 is not complete: 1 of 1 programs (interrupted)', said)
        self.assertIn('killed has no results.json', said)

    def test_again(self):
        """Of two attempts one counts: the whole one, in whatever order they are named."""
        broken = self.shard('a', 1, {'t/1': []}, problems=['interrupted'])
        again = self.shard('b', 1, {'t/1': []})
        rest = [self.shard('s0', 0, {'t/0': []}), self.shard('s2', 2, {'t/2': []})]
        said, code, run = self.merged(*rest, broken, again)
        self.assertEqual(code, PASS)
        self.assertIn('a is not counted', said)
        self.assertEqual(len(run['programs']), 3)

    def test_bad(self):
        """Other campaigns, other kernels, no shards, a directory that is taken."""
        one = self.shard('s0', 0, {'t/0': []})
        for name, more in (('seed', {'mark': {'seed': '8'}}), ('kernel', {'facts': {
                'kernel': '6.12'}}), ('no shard', {'shard': None})):
            with self.assertRaisesRegex(Problem, name):
                merge.load([one, self.shard(name, 1, {}, **more)])
        (self.base / 'out').mkdir()
        (self.base / 'out/x').write_text('', encoding='utf-8')
        with self.assertRaisesRegex(Problem, 'not empty'):
            self.merged(one)


if __name__ == '__main__':
    unittest.main()
