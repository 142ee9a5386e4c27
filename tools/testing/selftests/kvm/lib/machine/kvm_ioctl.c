// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/kvm_ioctl.h"

int __kvm_ioctl(int fd, unsigned long request, void *arg)
{
	int r = ioctl(fd, request, arg);

	return r < 0 ? -errno : r;
}

int kvm_ioctl_named(int fd, unsigned long request, void *arg, const char *name)
{
	int r = __kvm_ioctl(fd, request, arg);

	if (r < 0)
		verdict_fail(VERDICT_ABI, "%s failed: %s, expected success", name, strerror(-r));
	return r;
}

static int dev_fd = -1;

static void dev_open(void)
{
	dev_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (dev_fd < 0)
		verdict_skip("/dev/kvm cannot be opened: %m");
	if (ioctl(dev_fd, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		verdict_skip("/dev/kvm does not speak KVM API version %d", KVM_API_VERSION);
}

int kvm_dev(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, dev_open);
	return dev_fd;
}

int kvm_cap(int cap)
{
	int r = __kvm_ioctl(kvm_dev(), KVM_CHECK_EXTENSION, (void *)(long)cap);

	return r < 0 ? 0 : r;
}
