// SPDX-License-Identifier: GPL-2.0-only
/* The usual operations of an agent, which have to succeed. */
#include <errno.h>
#include "harness/diagnose.h"
#include "harness/options.h"
#include "machine/agent.h"

/* Values of FILL and VERIFY carry page and slot; of a plain read nothing is known. */
static enum verdict_class mismatch_class(const struct agent *a, enum verdict_class cls)
{
	const struct agent_result *r = &a->mb->result;
	uint64_t offset = r->gpa - a->mb->op.arg;
	enum verdict_class found;

	found = diagnose_class(r->value, r->expected, a->vcpu->vm->number,
			       offset / TOKEN_PAGE_SIZE, offset % TOKEN_PAGE_SIZE / 8);
	/* Where zero was due, whose data it is matters; from which page it came does not. */
	if (!r->expected && found != VERDICT_LEAK)
		return cls;
	/* "A token of this very place" says less than what the test knows. */
	return found == VERDICT_STALE_MAPPING ? cls : found;
}

uint64_t agent_expect_ok(struct agent *a, const struct agent_op *op, enum verdict_class cls,
			 const char *what)
{
	const struct agent_result *r = agent_run(a, op);
	char text[400];

	if (r->status == AGENT_OK)
		return r->value;
	if (r->status == AGENT_MISMATCH)
		cls = mismatch_class(a, cls);
	else
		cls = VERDICT_PERMISSION;
	agent_describe(a, text, sizeof(text));
	verdict_fail(cls, "%s (VM type %s, vCPU %u): %s", what, a->vcpu->vm->type->name,
		     a->vcpu->id, text);
}

bool agent_access_refused(struct agent *a, const struct agent_op *op)
{
	return agent_run(a, op)->status == AGENT_ABORTED ||
	       (a->vcpu->vm->level == VM_LEVEL_EMULATOR && a->mmio);
}

uint64_t agent_read(struct agent *a, uint64_t gpa)
{
	struct agent_op op = { .opcode = AGENT_OP_READ, .gpa = gpa };

	return agent_expect_ok(a, &op, VERDICT_PERMISSION, "guest read");
}

void agent_write(struct agent *a, uint64_t gpa, uint64_t value)
{
	struct agent_op op = { .opcode = AGENT_OP_WRITE, .gpa = gpa, .value = value };

	agent_expect_ok(a, &op, VERDICT_PERMISSION, "guest write");
}

void agent_fill(struct agent *a, uint64_t region, uint64_t gpa, uint64_t size, uint64_t token)
{
	struct agent_op op = {
		.opcode = AGENT_OP_FILL, .gpa = gpa, .size = size, .value = token, .arg = region,
	};

	agent_expect_ok(a, &op, VERDICT_PERMISSION, "guest fill");
}

void agent_verify(struct agent *a, uint64_t region, uint64_t gpa, uint64_t size, uint64_t token,
		  const char *what)
{
	struct agent_op op = {
		.opcode = AGENT_OP_VERIFY, .gpa = gpa, .size = size, .value = token, .arg = region,
	};

	agent_expect_ok(a, &op, VERDICT_LOST_WRITE, what);
}

void agent_check_zero(struct agent *a, uint64_t gpa, uint64_t size, const char *what)
{
	struct agent_op op = {
		.opcode = AGENT_OP_CHECK_ZERO, .gpa = gpa, .size = size, .arg = gpa,
	};

	agent_expect_ok(a, &op, VERDICT_NOT_SCRUBBED, what);
}

void agent_pre_fault(struct agent *a, uint64_t gpa, uint64_t size)
{
	const int r = __vcpu_pre_fault(a->vcpu, gpa, size);

	if (r == -EOPNOTSUPP && options_level())
		verdict_skip("no pre-fault of a vCPU whose memory L1 maps");
	if (r)
		verdict_fail(VERDICT_ABI, "KVM_PRE_FAULT_MEMORY on memory that is there: error %d",
			     r);
}
