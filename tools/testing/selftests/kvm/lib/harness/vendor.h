/* SPDX-License-Identifier: GPL-2.0-only */
/* Which KVM a result is about. */
#ifndef VENDOR_H
#define VENDOR_H

/**
 * kvm_vendor() - name the vendor module behind /dev/kvm
 *
 * Return: "kvm_amd", "kvm_intel", "kvm_pvm"; "kvm" where KVM has no vendor module (arm64);
 * "unknown" where sysfs shows none of them.
 */
const char *kvm_vendor(void);

#endif /* VENDOR_H */
