# SPDX-License-Identifier: GPL-2.0-only
"""The results of a run for other people's parsers: JUnit XML, and KTAP without levels."""

import xml.etree.ElementTree as xml

from . import results


def clean(text):
    """Without the characters that XML 1.0 has no way to write."""
    return ''.join(c if c in '\t\n' or c >= ' ' and c not in '\ufffe\uffff' else '?'
                   for c in str(text))


def junit(run):
    """JUnit XML: a testsuite for each program, a testcase for each sub-test."""
    root = xml.Element('testsuites', name='kvm-gmem')
    for program in run['programs']:
        cases = program['results']
        suite = xml.SubElement(root, 'testsuite', name=clean(program['name']),
                               tests=str(len(cases)),
                               failures=str(count(cases, 'fail')), skipped=str(
                                   count(cases, 'skip') + count(cases, 'xfail')),
                               time=f'{program.get("seconds", 0):.3f}')
        for result in cases:
            case = xml.SubElement(suite, 'testcase', classname=clean(program['name']),
                                  name=clean(result['id']),
                                  time=f'{(result.get("ms") or 0) / 1000}')
            told = clean('\n'.join(result.get('diagnostics') or []))
            if result['status'] == 'fail':
                part = xml.SubElement(case, 'failure', type=result.get('klass') or 'FAIL',
                                      message=clean((told.splitlines() or [''])[0]))
                part.text = told
            elif result['status'] in ('skip', 'xfail'):
                word = 'known fault: ' if result['status'] == 'xfail' else ''
                xml.SubElement(case, 'skipped', message=clean(word + (result.get('reason') or '')))
    xml.indent(root)
    return xml.tostring(root, encoding='unicode') + '\n'


def count(cases, status):
    """How many have this status."""
    return sum(result['status'] == status for result in cases)


def flat(run):
    """KTAP with every sub-test of every program on one level."""
    lines, number = [], 0
    for key, result in results.by_test(run).items():
        number += 1
        for text in result.get('diagnostics') or []:
            lines.append(f'# {text}')
        word = 'not ok' if result['status'] == 'fail' else 'ok'
        directive = {'fail': f' # {result.get("klass") or "FAIL"}',
                     'skip': f' # SKIP {result.get("reason") or ""}',
                     'xfail': f' # XFAIL {result.get("reason") or ""}'}.get(result['status'], '')
        lines.append(f'{word} {number} {results.label(key)}{directive.rstrip()}')
    return '\n'.join(['TAP version 13', f'1..{number}', *lines]) + '\n'
