# SPDX-License-Identifier: GPL-2.0-only
"""Children end when they are told to, one way or the other, and with all that they started."""

import errno
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from kvmgmem import process

LONG = 600     # seconds that nothing here is meant to take


def alive(pid):
    """Does it run? A zombie does not."""
    try:
        text = Path('/proc', str(pid), 'stat').read_text(encoding='utf-8')
    except OSError:
        return False
    return text.rpartition(')')[2].split()[0] != 'Z'


class KillGroup(unittest.TestCase):
    """kill_group() on children of all tempers."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.base = Path(directory.name)

    def start(self, *command):
        """A child that has said "ready PID", and that PID, of one of its own children."""
        child = process.spawn(command, cwd=self.base, env=process.clean_environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(child.stdout.close)
        self.addCleanup(process.signal_group, child, signal.SIGKILL)
        word, pid = child.stdout.readline().split()
        self.assertEqual(word, 'ready')
        return child, int(pid)

    def shell(self, before):
        """A shell that has run this and now waits for its child."""
        return self.start('sh', '-c', f'{before}\nsleep {LONG} & echo ready $!; wait; wait')

    def gone(self, pid):
        """Signals take a moment to arrive."""
        deadline = time.monotonic() + 10
        while alive(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(alive(pid))

    def test_one_that_ends_when_asked(self):
        child, inner = self.shell('trap "exit 3" TERM')
        process.kill_group(child)
        self.assertEqual(child.returncode, 3)
        self.gone(inner)

    def test_one_that_ignores_it_is_killed(self):
        # What is ignored stays so across exec: sleep ignores it as well.
        child, inner = self.shell('trap "" TERM')
        with mock.patch.object(process, 'GRACE', 0.3):
            began = time.monotonic()
            process.kill_group(child)
        self.assertGreaterEqual(time.monotonic() - began, 0.3)
        self.assertEqual(child.returncode, -signal.SIGKILL)
        self.gone(inner)

    def test_no_second_chance_after_a_second_interrupt(self):
        child, inner = self.shell('trap "" TERM')
        wait = child.wait

        def interrupted(timeout=None):
            if timeout:
                raise KeyboardInterrupt
            return wait()
        with mock.patch.object(child, 'wait', interrupted), self.assertRaises(KeyboardInterrupt):
            process.kill_group(child)
        self.assertEqual(child.returncode, -signal.SIGKILL)
        self.gone(inner)

    def test_what_an_ended_child_left_behind(self):
        child, inner = self.start('sh', '-c', f'sleep {LONG} >&- & echo ready $!')
        child.wait()
        self.assertTrue(alive(inner))
        process.kill_group(child)
        self.assertEqual(child.returncode, 0)
        self.gone(inner)

    def test_make_removes_what_is_half_written(self):
        (self.base / 'Makefile').write_text(
            f'target:\n\t@echo half > $@; sleep {LONG} & echo ready $$!; wait\n',
            encoding='utf-8')
        child, inner = self.start('make', '-s')
        self.assertTrue((self.base / 'target').exists())
        process.kill_group(child)
        self.assertFalse((self.base / 'target').exists())
        self.gone(inner)


class Logged(unittest.TestCase):
    """run_logged() and its log."""

    def test_full_disk_names_the_log(self):
        with self.assertRaises(OSError) as caught:
            process.run_logged(['echo', 'x'], '/dev/full')
        self.assertEqual((caught.exception.errno, caught.exception.filename),
                         (errno.ENOSPC, '/dev/full'))


class Interrupted(unittest.TestCase):
    """A script that is told to end."""

    def test_twice_is_as_once(self):
        """Both signals arrive while the first is being dealt with."""
        text = ('import os, signal, sys\nfrom kvmgmem import problem\n'
                'def main():\n    try:\n        os.kill(os.getpid(), signal.SIGTERM)\n'
                '    finally:\n        os.kill(os.getpid(), signal.SIGTERM)\n'
                '        print("clean")\n'
                'problem.guard("demo", main)\n')
        done = subprocess.run(['python3', '-c', text], capture_output=True, text=True, check=False,
                              cwd=Path(__file__).parents[1], env=dict(os.environ))
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (143, 'clean\n', 'demo: terminated\n'))


if __name__ == '__main__':
    unittest.main()
