// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "scenario/pin.h"

/* A pipe refers to the page until somebody reads it or both ends are closed: vmsplice(2). */
static const char *splice_hold(struct pin *pin, void *page, uint64_t size)
{
	const struct iovec part = { page, size };

	verdict_require(!pipe(pin->fd), "pipe");
	verdict_require(vmsplice(pin->fd[1], &part, 1, 0) == (ssize_t)size, "vmsplice");
	return NULL;
}

static void splice_let_go(struct pin *pin)
{
	close(pin->fd[0]);
	close(pin->fd[1]);
}

/* Registered buffers are pinned for as long as they are registered: io_uring_register(2). */
static const char *uring_hold(struct pin *pin, void *page, uint64_t size)
{
	const struct iovec part = { page, size };
	struct io_uring_params params = { 0 };

	pin->fd[0] = syscall(SYS_io_uring_setup, 4, &params);
	if (pin->fd[0] < 0)
		return "no io_uring (io_uring_setup)";
	if (!syscall(SYS_io_uring_register, pin->fd[0], IORING_REGISTER_BUFFERS, &part, 1))
		return NULL;
	verdict_require(errno == EFAULT || errno == EOPNOTSUPP, "IORING_REGISTER_BUFFERS");
	close(pin->fd[0]);
	return "io_uring does not take a guest_memfd's page as a buffer (IORING_REGISTER_BUFFERS)";
}

static void uring_let_go(struct pin *pin)
{
	verdict_require(!syscall(SYS_io_uring_register, pin->fd[0], IORING_UNREGISTER_BUFFERS,
				 NULL, 0), "IORING_UNREGISTER_BUFFERS");
	close(pin->fd[0]);
}

/* CONFIG_GUP_TEST's file in debugfs (mm/gup_test.h). */
struct longterm {
	uint64_t address;
	uint64_t size;
	uint32_t flags;		/* 1: for writing */
};

#define LONGTERM_START	_IOW('g', 7, struct longterm)
#define LONGTERM_STOP	_IO('g', 8)

static const char *gup_hold(struct pin *pin, void *page, uint64_t size)
{
	const struct longterm part = { (uintptr_t)page, size, 1 };

	pin->fd[0] = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
	if (pin->fd[0] < 0)
		return "no /sys/kernel/debug/gup_test (CONFIG_GUP_TEST)";
	if (!ioctl(pin->fd[0], LONGTERM_START, &part))
		return NULL;
	close(pin->fd[0]);
	return "a guest_memfd's page cannot be pinned for long (PIN_LONGTERM_TEST_START)";
}

static void gup_let_go(struct pin *pin)
{
	verdict_require(!ioctl(pin->fd[0], LONGTERM_STOP), "PIN_LONGTERM_TEST_STOP");
	close(pin->fd[0]);
}

const struct pin_way pin_ways[] = {
	{ "vmsplice", splice_hold, splice_let_go },
	{ "io-uring", uring_hold, uring_let_go },
	{ "gup-test", gup_hold, gup_let_go },
	{ }
};

const struct pin_way *pin_way_find(const char *name)
{
	const struct pin_way *way;

	for (way = pin_ways; way->name; way++)
		if (!strcmp(way->name, name))
			return way;
	verdict_fail(VERDICT_SETUP, "'%s' is no way to hold a page", name);
}
