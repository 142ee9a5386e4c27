// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/swap.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include <linux/fs.h>
#include "x86/emulator.h"
#include "x86/swap.h"

#define DISK		"/dev/ram0"
#define PAGE		4096u
#define SIGNATURE	"SWAPSPACE2"

/* What mkswap writes: union swap_header of include/linux/swap.h, version 1. */
struct swap_header {
	uint8_t boot[1024];
	uint32_t version;
	uint32_t last_page;
	uint32_t bad_pages;
	uint8_t rest[PAGE - 1024 - 12 - 10];
	char signature[10];
} __attribute__((packed));

static int write_header(void)
{
	struct swap_header h = { .version = 1 };
	int fd = open(DISK, O_RDWR | O_CLOEXEC);
	uint64_t size;
	int r = -1;

	if (fd < 0)
		return -1;
	memcpy(h.signature, SIGNATURE, sizeof(h.signature));
	if (!ioctl(fd, BLKGETSIZE64, &size) && size >= 2 * PAGE) {
		h.last_page = size / PAGE - 1;
		r = write(fd, &h, sizeof(h)) == sizeof(h) ? 0 : -1;
	}
	close(fd);
	return r;
}

const char *swap_on(void)
{
	struct sysinfo info;

	if (!sysinfo(&info) && info.totalswap)
		return NULL;
	if (!emulator_cpu())
		return "this machine has none (swapon)";
	if (write_header() || swapon(DISK, 0))
		return strerror(errno);
	return NULL;
}
