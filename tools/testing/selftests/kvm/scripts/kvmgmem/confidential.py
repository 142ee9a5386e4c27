# SPDX-License-Identifier: GPL-2.0-only
"""What a machine offers to confidential guests, and what keeps us from using it."""

import ctypes
import fcntl
import os
import struct
from pathlib import Path

# include/uapi/linux/psp-sev.h: SEV_ISSUE_CMD with struct sev_issue_cmd; SNP_PLATFORM_STATUS.
SEV_ISSUE_CMD = 0xC0105300
SNP_PLATFORM_STATUS = 9
# api_major, api_minor, state, flags, build_id, bits, guests, two TCB versions
SNP_STATUS = '<BBBBIIIQQ'

# arch/x86/include/uapi/asm/kvm.h, linux/kvm.h: KVM_GET_DEVICE_ATTR of /dev/kvm.
KVM_GET_DEVICE_ATTR = 0x4018AEE2
KVM_X86_GRP_SEV = 1
KVM_X86_SNP_POLICY_BITS = 1


def words(path):
    """The first word of each line of a file, with the second as a number."""
    try:
        lines = path.read_text(encoding='utf-8').split('\n')
    except OSError:
        return {}
    pairs = (line.split() for line in lines)
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def keys(root, name):
    """ASIDs or private key ids, by the misc controller (admin-guide/cgroup-v2.rst)."""
    groups = root / 'sys/fs/cgroup'
    capacity = words(groups / 'misc.capacity').get(name)
    if capacity is None:
        return ''
    used = words(groups / 'misc.current').get(name, 0)
    return f': {used} of {capacity} in use'


def enabled(root, module, option):
    """Is a parameter of a module on?"""
    path = root / 'sys/module' / module / 'parameters' / option
    return path.exists() and path.read_text(encoding='utf-8').strip() in ('Y', '1')


def snp_firmware(device):
    """Version of the firmware, or why nobody may ask."""
    try:
        handle = os.open(device, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return f'/dev/sev cannot be opened ({error.strerror}): SNP guests need it'
    status = bytearray(struct.calcsize(SNP_STATUS))
    pointer = address_of(status)
    command = bytearray(struct.pack('<IQI', SNP_PLATFORM_STATUS, pointer, 0))
    try:
        fcntl.ioctl(handle, SEV_ISSUE_CMD, command)
    except OSError as error:
        return f'firmware does not tell its version ({error.strerror})'
    finally:
        os.close(handle)
    major, minor, _, _, build = struct.unpack(SNP_STATUS, status)[:5]
    return f'firmware {major}.{minor} build {build}'


def address_of(buffer):
    """Where a buffer lies: the kernel writes to it."""
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))


def snp_policy(device):
    """Bits of a guest's policy that KVM knows, as text; empty if it does not say."""
    value = bytearray(8)
    attribute = bytearray(struct.pack('<IIQQ', 0, KVM_X86_GRP_SEV, KVM_X86_SNP_POLICY_BITS,
                                      address_of(value)))
    try:
        handle = os.open(device, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return ''
    try:
        fcntl.ioctl(handle, KVM_GET_DEVICE_ATTR, attribute)
    except OSError:
        return ''
    finally:
        os.close(handle)
    return f', policy bits {struct.unpack("<Q", value)[0]:#x}'


def snp(root):
    """What is to be said of SNP; None if it is off."""
    if (root / 'sys/module/kvm_amd/parameters/snpsim_assigned').exists():
        return 'modelled machine'
    if not enabled(root, 'kvm_amd', 'sev_snp'):
        return None
    return (f'{snp_firmware(root / "dev/sev")}{snp_policy(root / "dev/kvm")}, '
            f'ASIDs{keys(root, "sev_es") or " not counted (no misc controller)"}')


def tdx(root):
    """What is to be said of TDX; None if it is off."""
    if not enabled(root, 'kvm_intel', 'tdx'):
        return None
    version = root / 'sys/devices/faux/tdx_host/version'
    module = version.read_text(encoding='utf-8').strip() if version.exists() else '?'
    return f'module {module}, key ids{keys(root, "tdx") or " not counted (no misc controller)"}'


def facts(root=Path('/')):
    """{'snp': text, 'tdx': text}, without what is off."""
    found = {'snp': snp(root), 'tdx': tdx(root)}
    return {name: text for name, text in found.items() if text}
