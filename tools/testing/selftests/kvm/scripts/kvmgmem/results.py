# SPDX-License-Identifier: GPL-2.0-only
"""The results of a run that is over, as results.json has them."""

import json
from pathlib import Path

from .problem import Problem

STATUSES = ('pass', 'fail', 'skip', 'xfail')


def load(name):
    """The run in a directory, or in a results.json; Problem if it is none."""
    path = Path(name)
    if path.is_dir():
        path /= 'results.json'
    try:
        run = json.loads(path.read_text(encoding='utf-8'))
    except OSError as error:
        raise Problem(f'{name}: {error.strerror}; give the directory of a run, or its '
                      'results.json') from None
    except ValueError:
        raise Problem(f'{path} is damaged: no JSON') from None
    try:
        for program in run['programs']:
            for result in program['results']:
                if result['status'] not in STATUSES:
                    raise KeyError(result['status'])
                str(result['id'])
            str(program['name'])
    except (KeyError, TypeError):
        raise Problem(f'{path} holds no results of a run') from None
    return run


def by_test(run):
    """{(program, which time it ran, sub-test): result}, in the order of the run."""
    found, times = {}, {}
    for program in run['programs']:
        name = program['name']
        times[name] = times.get(name, 0) + 1
        for result in program['results']:
            found[name, times[name], result['id']] = result
    return found


def label(key):
    """How a person reads it: PROGRAM:SUB-TEST, with the time that it ran if there were several."""
    program, time, test = key
    return f'{program}:{test}' + (f' (run {time})' if time > 1 else '')


def said(result):
    """Status and class of a result in one word or two."""
    if result['status'] == 'fail':
        return f'fail {result.get("klass") or "(no class)"}'
    return result['status']
