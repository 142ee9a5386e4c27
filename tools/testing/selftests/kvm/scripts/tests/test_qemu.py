# SPDX-License-Identifier: GPL-2.0-only
"""The machine that QEMU is asked for: CPUs, nodes, and the CPUs that programs may use."""

import unittest
from pathlib import Path
from types import SimpleNamespace

from kvmgmem import arch, qemu
from kvmgmem.machine import Machine
from kvmgmem.problem import Problem


def words(name, cpus, cpu=''):
    """The command line of a machine with so many CPUs for programs."""
    kernel = SimpleNamespace(arch=arch.find(name), image=Path('image'), cpu=cpu)
    return qemu.command(Machine(kernel, b'', qemu.Qemu, cpus), 'initrd')


def value(line, option):
    """What follows the option, all of them."""
    return [line[at + 1] for at, word in enumerate(line[:-1]) if word == option]


class Cpus(unittest.TestCase):
    """Who runs where."""

    def test_x86_has_one_more(self):
        line = words('x86', 2)
        self.assertEqual(value(line, '-smp'), ['3,sockets=3,cores=1,threads=1'])
        self.assertEqual(value(line, '-numa'), ['node,nodeid=0,memdev=ram0,cpus=0-1',
                                                'node,nodeid=1,memdev=ram1,cpus=2-2'])
        self.assertIn('gmem.affinity=6', value(line, '-append')[0].split())

    def test_arm64_has_not(self):
        line = words('arm64', 2)
        self.assertEqual(value(line, '-smp'), ['2,sockets=2,cores=1,threads=1'])
        self.assertEqual(value(line, '-numa'), ['node,nodeid=0,memdev=ram0,cpus=0-0',
                                                'node,nodeid=1,memdev=ram1,cpus=1-1'])
        self.assertIn('gmem.affinity=3', value(line, '-append')[0].split())

    def test_every_cpu_is_on_one_node_and_no_socket_on_two(self):
        for name in ('x86', 'arm64'):
            spare = arch.find(name).spare
            for cpus in range(1, 17):
                nodes = []
                for node in range(qemu.NODES):
                    edges = qemu.cpus_of(node, cpus, spare).removeprefix(',cpus=')
                    first, last = map(int, edges.split('-')) if edges else (0, -1)
                    nodes.append(list(range(first, last + 1)))
                self.assertEqual(sum(nodes, []), list(range(cpus + spare)))
                cores = int(qemu.topology(cpus + spare).split('cores=')[1].split(',')[0])
                self.assertTrue(all(len(node) % cores == 0 for node in nodes), (name, cpus))

    def test_what_the_kernel_asks_of_the_cpu(self):
        self.assertEqual(value(words('x86', 1), '-cpu'), ['max'])
        self.assertEqual(value(words('x86', 1, 'phys-bits=48'), '-cpu'), ['max,phys-bits=48'])

    def test_how_many(self):
        for cpus in (0, 64):
            with self.assertRaisesRegex(Problem, f'^{cpus} CPUs: give 1 to 63$'):
                words('x86', cpus)


if __name__ == '__main__':
    unittest.main()
