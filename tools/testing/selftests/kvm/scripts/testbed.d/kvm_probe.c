// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says what /dev/kvm offers, for people who look at a fresh virtual machine. In the form of
 * init's frames; freestanding of the suite's library, so that it works when that does not build.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

/* The numbers are ABI; older headers lack the names. */
#define CAP_MEMORY_ATTRIBUTES	233
#define CAP_VM_TYPES		235
#define CAP_GUEST_MEMFD_FLAGS	244

int main(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("@@ fact kvm no /dev/kvm: %s\n", strerror(errno));
		return 1;
	}
	printf("@@ fact kvm API %d\n", ioctl(fd, KVM_GET_API_VERSION, 0));
	printf("@@ fact vm_types %#x\n", ioctl(fd, KVM_CHECK_EXTENSION, CAP_VM_TYPES));
	printf("@@ fact attributes %#x\n", ioctl(fd, KVM_CHECK_EXTENSION, CAP_MEMORY_ATTRIBUTES));
	printf("@@ fact gmem_flags %#x\n", ioctl(fd, KVM_CHECK_EXTENSION, CAP_GUEST_MEMFD_FLAGS));
	return 0;
}
