// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/statistics.h"

#define VALUES_MAX	64u

static void read_at(int fd, void *to, size_t size, uint64_t offset)
{
	verdict_require(pread(fd, to, size, offset) == (ssize_t)size, "read of KVM's statistics");
}

static uint64_t sum(int fd, const struct kvm_stats_header *header,
		    const struct kvm_stats_desc *desc)
{
	uint64_t values[VALUES_MAX], total = 0;
	unsigned int i;

	verdict_require(desc->size && desc->size <= VALUES_MAX, "statistics with a sane size");
	read_at(fd, values, desc->size * sizeof(values[0]), header->data_offset + desc->offset);
	for (i = 0; i < desc->size; i++)
		total += values[i];
	return total;
}

uint64_t statistics_read(const struct vm *vm, const char *name)
{
	const int fd = __vm_ioctl(vm, KVM_GET_STATS_FD, NULL);
	struct kvm_stats_header header;
	struct kvm_stats_desc *desc;
	uint64_t value = 0;
	uint32_t i;
	size_t size;
	bool found = false;

	if (fd < 0)
		verdict_skip("no binary statistics (KVM_GET_STATS_FD: %s)", strerror(-fd));
	read_at(fd, &header, sizeof(header), 0);
	size = sizeof(*desc) + header.name_size;
	desc = malloc(size);
	verdict_require(desc, "out of memory");
	for (i = 0; i < header.num_desc && !found; i++) {
		read_at(fd, desc, size, header.desc_offset + i * size);
		found = !strcmp(desc->name, name);
		if (found)
			value = sum(fd, &header, desc);
	}
	free(desc);
	close(fd);
	if (!found)
		verdict_skip("KVM does not count %s", name);
	return value;
}
