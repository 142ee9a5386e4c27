# SPDX-License-Identifier: GPL-2.0-only
"""The Debian mirrors that this machine's apt already trusts, read from its own configuration."""

import re
from pathlib import Path

from .problem import Problem

KEYRING = Path('/usr/share/keyrings/debian-archive-keyring.gpg')
RELEASES = ('bullseye', 'bookworm', 'trixie', 'forky', 'duke')


def os_release(path='/etc/os-release'):
    """os-release as a dictionary."""
    try:
        text = Path(path).read_text(encoding='utf-8')
    except OSError:
        return {}
    pairs = (line.split('=', 1) for line in text.splitlines() if '=' in line)
    return {name: value.strip('"\'') for name, value in pairs}


def list_entries(text):
    """(uri, suite, components, signed-by) of the deb lines of a one-line style file."""
    for line in text.splitlines():
        match = re.match(r'\s*deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)', line)
        if match:
            options, uri, suite, components = match.groups()
            key = re.search(r'signed-by=(\S+)', options or '')
            yield uri, suite, components.split(), key.group(1) if key else ''


def deb822_entries(text):
    """The same of a .sources file: paragraphs of fields, continued lines, comments anywhere."""
    kept = '\n'.join(line for line in text.splitlines() if not line.startswith('#'))
    for paragraph in re.split(r'\n\s*\n', kept):
        joined = re.sub(r'\n[ \t]+', ' ', paragraph)
        fields = {name.lower(): value.split()
                  for name, value in re.findall(r'(?m)^([\w-]+):[ \t]*(.*)$', joined)}
        if 'deb' not in fields.get('types', []) or fields.get('enabled', ['yes'])[0] == 'no':
            continue
        key = ' '.join(fields.get('signed-by', []))
        for uri in fields.get('uris', []):
            for suite in fields.get('suites', []):
                yield uri, suite, fields.get('components', []), key


def configured(apt_dir='/etc/apt'):
    """Every binary source entry of the machine."""
    found = []
    for path in [Path(apt_dir, 'sources.list'), *sorted(Path(apt_dir, 'sources.list.d').glob('*'))]:
        parse = {'.list': list_entries, '.sources': deb822_entries}.get(path.suffix)
        if parse and path.is_file():
            found += parse(path.read_text(encoding='utf-8', errors='replace'))
    return found


def suites(codename, present):
    """Suites to look into: those present, this release's backports, the next one's."""
    wanted = [codename, f'{codename}-backports']
    if codename in RELEASES[:-1]:
        following = RELEASES[RELEASES.index(codename) + 1]
        wanted += [following, f'{following}-backports']
    return wanted + sorted(set(present) - set(wanted))


def trusted(apt_dir, release, what):
    """{uri: [suite, ...]} of the mirrors that Debian's archive keyring signs; what is missing."""
    if release.get('ID') != 'debian' or not KEYRING.exists():
        system = release.get('PRETTY_NAME') or 'this system'
        raise Problem(f'{system} is not Debian with its archive keyring, so {what}')
    found = {}
    for uri, suite, components, key in configured(apt_dir):
        # Security and updates archives are other trees; they hold no backports.
        if 'main' in components and (not key or 'debian-archive' in key) \
                and '/' not in suite and not suite.endswith('-updates'):
            found.setdefault(uri, []).append(suite)
    if not found:
        raise Problem(f'no Debian mirror in {apt_dir}, so {what}')
    return found


def lines(apt_dir='/etc/apt', release=None, suite=None):
    """sources.list lines for the private apt state, all signed by Debian's archive keyring.

    Given a suite, such as experimental, of that one alone.
    """
    release = os_release() if release is None else release
    found = trusted(apt_dir, release, 'no kernel source can be fetched; give one with '
                    'KSRC=/path/to/linux')
    codename = release.get('VERSION_CODENAME', '')
    return [f'deb [signed-by={KEYRING}] {uri} {name} main'
            for uri, present in found.items()
            for name in ([suite] if suite else suites(codename, present))]


def own_lines(what, apt_dir='/etc/apt', release=None):
    """The same of this machine's own release only: what has to fit what is installed."""
    release = os_release() if release is None else release
    codename = release.get('VERSION_CODENAME', '')
    return [f'deb [signed-by={KEYRING}] {uri} {codename} main'
            for uri in trusted(apt_dir, release, what)]
