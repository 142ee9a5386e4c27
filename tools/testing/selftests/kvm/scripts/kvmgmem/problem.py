# SPDX-License-Identifier: GPL-2.0-only
"""How a script ends when it cannot go on: one line for a person, and an exit code."""

import errno
import signal
import sys

PASS, FAIL, USAGE, SKIP = 0, 1, 2, 4


class Problem(Exception):
    """Something a person has to know or change; the text is one complete line."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, unwound like Ctrl-C so that the same clean-up runs."""


def _terminate(_number, _frame):
    # Once: what ends us may tell the whole group as well, and the clean-up is bounded in time.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)
    raise Terminated


def guard(name, main):
    """Run main(), turn what a person may cause into one line, and exit with its code."""
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGHUP, _terminate)
    try:
        sys.exit(main())
    except Problem as problem:
        code, text = USAGE, str(problem)
    except Terminated:
        code, text = 143, 'terminated'
    except KeyboardInterrupt:
        code, text = 130, 'interrupted'
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
            raise
        code, text = USAGE, f'{error.filename or "writing"}: {error.strerror}'
    print(f'{name}: {text}', file=sys.stderr)
    sys.exit(code)
