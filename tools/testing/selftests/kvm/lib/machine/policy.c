// SPDX-License-Identifier: GPL-2.0-only
#include "harness/verdict.h"
#include "machine/policy.h"

enum policy_contents policy_contents(const struct vm_type *type, bool in_place, bool to_private)
{
	if (!type->policy)
		verdict_fail(VERDICT_SETUP, "no policy for a conversion of VM type %s",
			     type->name);
	return in_place ? type->policy->in_place[to_private] : type->policy->split[to_private];
}
