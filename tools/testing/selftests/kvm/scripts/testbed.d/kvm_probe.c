// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says what /dev/kvm offers, for people who look at a fresh virtual machine. In the form of
 * init's frames; freestanding of the suite's library, so that it works when that does not build.
 *
 * "kvm_probe hold FD COMMAND..." starts COMMAND with a VM, which nobody uses, as descriptor FD:
 * what the kernel does for the first VM and undoes after the last one (it patches its own code,
 * for one thing) happens once then, and not for each sub-test. docs/emulator.md has the reason.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/kvm.h>

/* The numbers are ABI; older headers lack the names. */
#define CAP_MEMORY_ATTRIBUTES	233
#define CAP_VM_TYPES		235
#define CAP_GUEST_MEMFD_FLAGS	244

/* Without a VM the command runs as well: what is wrong with KVM is for others to say. */
static int hold(int fd, int held, char **command)
{
	int vm = fd < 0 ? -1 : ioctl(fd, KVM_CREATE_VM, 0);

	if (vm >= 0 && vm != held) {
		dup2(vm, held);
		close(vm);
	}
	execv(command[0], command);
	return 127;
}

int main(int argc, char **argv)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (argc > 3 && !strcmp(argv[1], "hold"))
		return hold(fd, atoi(argv[2]), argv + 3);
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
