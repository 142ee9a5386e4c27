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

/**
 * kvm_machine_note() - what has to be said of the machine wherever a result is shown
 *
 * Return: text to put behind the vendor, empty on hardware.
 */
const char *kvm_machine_note(void);

#endif /* VENDOR_H */
