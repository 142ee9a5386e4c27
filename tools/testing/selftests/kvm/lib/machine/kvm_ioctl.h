/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ioctls in pairs: __kvm_ioctl() returns -errno, kvm_ioctl() ends the sub-test when
 * the call fails.  The name of the request is part of the report.
 */
#ifndef KVM_IOCTL_H
#define KVM_IOCTL_H

#include "machine/kvm_uapi.h"

/**
 * __kvm_ioctl() - make an ioctl
 * @fd: of /dev/kvm, a VM or a vCPU
 * @request: KVM_*
 * @arg: its argument
 *
 * Return: the ioctl's result or -errno.
 */
int __kvm_ioctl(int fd, unsigned long request, void *arg);

/**
 * kvm_ioctl_named() - make an ioctl that has to succeed
 * @fd: of /dev/kvm, a VM or a vCPU
 * @request: KVM_*
 * @arg: its argument
 * @name: of the request, for the report
 *
 * Return: the ioctl's result.
 */
int kvm_ioctl_named(int fd, unsigned long request, void *arg, const char *name);

#define kvm_ioctl(fd, request, arg) kvm_ioctl_named(fd, request, arg, #request)

/**
 * kvm_dev() - the system file descriptor of KVM
 *
 * Opened once per process; skips the sub-test, saying why, if there is no usable
 * /dev/kvm.
 *
 * Return: the descriptor.
 */
int kvm_dev(void);

/**
 * kvm_cap() - KVM_CHECK_EXTENSION on the system fd
 * @cap: KVM_CAP_*
 *
 * Return: what KVM says, 0 if it does not know the capability (api.rst, 4.4).
 */
int kvm_cap(int cap);

#endif /* KVM_IOCTL_H */
