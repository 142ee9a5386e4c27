// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <fcntl.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/physical.h"
#include "harness/verdict.h"

/* Documentation/admin-guide/mm/pagemap.rst: bits 0 to 54 are the pfn, bit 63: it is there. */
#define PAGEMAP_PFN	((1ull << 55) - 1)
#define PAGEMAP_PRESENT	(1ull << 63)

uint64_t physical_address(const void *address)
{
	const uint64_t at = (uintptr_t)address;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;
	ssize_t n;

	if (fd < 0)
		verdict_skip("no /proc/self/pagemap (CONFIG_PROC_PAGE_MONITOR)");
	n = pread(fd, &entry, sizeof(entry), at / page_size() * sizeof(entry));
	close(fd);
	if (n != sizeof(entry) || !(entry & PAGEMAP_PRESENT) || !(entry & PAGEMAP_PFN))
		verdict_skip("/proc/self/pagemap does not tell where a page is (CAP_SYS_ADMIN)");
	return (entry & PAGEMAP_PFN) * page_size() + at % page_size();
}

/* The part of the file that shows an address, found by the program headers (fs/proc/kcore.c). */
static int64_t kcore_offset(int fd, uint64_t address)
{
	Elf64_Ehdr head;
	Elf64_Phdr part;
	unsigned int i;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head))
		return -1;
	for (i = 0; i < head.e_phnum; i++) {
		if (pread(fd, &part, sizeof(part), head.e_phoff + i * sizeof(part)) != sizeof(part))
			return -1;
		if (part.p_type == PT_LOAD && part.p_paddr != (Elf64_Addr)-1 &&
		    address >= part.p_paddr && address - part.p_paddr < part.p_memsz)
			return part.p_offset + (address - part.p_paddr);
	}
	return -1;
}

struct physical_view physical_open(uint64_t address)
{
	struct physical_view view = {
		.fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC), .address = address,
	};

	if (view.fd < 0)
		verdict_skip("physical memory cannot be read (/proc/kcore: %m)");
	view.offset = kcore_offset(view.fd, address);
	return view;
}

void physical_copy(const struct physical_view *view, void *to, size_t size)
{
	if (view->offset < 0 || pread(view->fd, to, size, view->offset) != (ssize_t)size)
		verdict_skip("/proc/kcore does not show the memory at %#llx",
			     (unsigned long long)view->address);
}

void physical_close(const struct physical_view *view)
{
	close(view->fd);
}

uint64_t physical_read(uint64_t address)
{
	const struct physical_view view = physical_open(address);
	uint64_t value;

	physical_copy(&view, &value, sizeof(value));
	physical_close(&view);
	return value;
}
