// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/policy.h"

/* Software-protected VMs that do as platforms do that encrypt (docs/features.md, hooks). */
static bool conversion_destroys(void)
{
	int fd = open("/sys/module/kvm/parameters/gmem_conversion_destroys", O_RDONLY | O_CLOEXEC);
	char value = 'N';

	if (fd < 0)
		return false;
	if (read(fd, &value, 1) != 1)
		value = 'N';
	close(fd);
	return value == 'Y';
}

enum policy_contents policy_contents(const struct vm_type *type, bool in_place, bool to_private)
{
	if (!type->policy)
		verdict_fail(VERDICT_SETUP, "no policy for a conversion of VM type %s",
			     type->name);
	if (in_place && conversion_destroys())
		return POLICY_UNDEFINED;
	return in_place ? type->policy->in_place[to_private] : type->policy->split[to_private];
}
