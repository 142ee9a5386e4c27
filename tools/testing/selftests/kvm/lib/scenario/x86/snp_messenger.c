// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "harness/page.h"
#include "machine/attributes.h"
#include "machine/x86/kvm_uapi_x86.h"
#include "machine/x86/snp.h"
#include "scenario/x86/snp_messenger.h"

/* struct snp_guest_msg_hdr (arch/x86/include/asm/sev.h), bytes; AMD 56860, 7.3. */
#define MESSAGE_NUMBER	32u
#define MESSAGE_TYPE	52u

struct snp_messenger snp_messenger_open(bool certificates)
{
	struct snp_messenger m = { .vm = vm_create(snp_type()) };
	unsigned int i;

	if (certificates) {
		const int r = __snp_command(m.vm, SNP_ENABLE_CERTS, NULL, NULL);

		if (r == -EINVAL)
			verdict_skip("this kernel does not let the host add certificates");
		verdict_errno("KVM_SEV_SNP_ENABLE_REQ_CERTS", r, 0);
	}
	m.ram = memory_create(m.vm, MEMORY_SPLIT, SNP_MESSENGER_GPA, SNP_MESSENGER_PAGES * PAGE);
	attributes_set(m.vm, SNP_MESSENGER_GPA, SNP_MESSENGER_PAGES * PAGE, 0);
	for (i = 0; i < SNP_MESSENGER_VCPUS; i++) {
		m.agent[i] = agent_create(m.vm, i, i);
		m.ghcb[i] = ghcb_page_create(m.agent[i]);
	}
	memset(m.ram->hva, 0xee, m.ram->size);
	return m;
}

void snp_messenger_close(struct snp_messenger *m)
{
	unsigned int i;

	for (i = 0; i < SNP_MESSENGER_VCPUS; i++)
		agent_destroy(m->agent[i]);
	memory_destroy(m->ram);
	vm_destroy(m->vm);
}

void snp_message_write(struct snp_messenger *m, uint32_t page, uint8_t type, uint64_t number)
{
	uint8_t *at = memory_at(m->ram, page);

	memset(at, (uint8_t)number ^ page, PAGE);
	memcpy(at + MESSAGE_NUMBER, &number, sizeof(number));
	at[MESSAGE_TYPE] = type;
}

void snp_message_check(const struct snp_messenger *m, uint32_t from, uint32_t to)
{
	uint8_t due[4096];
	uint64_t number;

	memcpy(due, memory_at(m->ram, from), sizeof(due));
	memcpy(&number, due + MESSAGE_NUMBER, sizeof(number));
	number++;
	memcpy(due + MESSAGE_NUMBER, &number, sizeof(number));
	due[MESSAGE_TYPE]++;
	if (memcmp(due, memory_at(m->ram, to), sizeof(due)))
		verdict_fail(VERDICT_LOST_DATA, "the answer to message %llu is another one",
			     (unsigned long long)number - 1);
}

struct vcpu_exit snp_message_run(struct vcpu *vcpu)
{
	struct vcpu_exit exit;

	do {
		exit = vcpu_run(vcpu);
	} while (exit.kind == VCPU_EXIT_INTERRUPTED);
	return exit;
}

struct vcpu_exit snp_message_send(struct snp_messenger *m, unsigned int i)
{
	m->agent[i]->mb->op = (struct agent_op){
		.opcode = AGENT_OP_VMGEXIT, .arg = m->ghcb[i].address,
	};
	__atomic_store_n(&m->agent[i]->mb->state, AGENT_POSTED, __ATOMIC_RELEASE);
	return snp_message_run(m->agent[i]->vcpu);
}

uint64_t snp_message(struct snp_messenger *m, unsigned int i, uint64_t from, uint64_t to)
{
	struct ghcb_page *g = &m->ghcb[i];

	ghcb_page_begin(g, GHCB_GUEST_REQUEST, from, to);
	verdict_expect("the exit that ends a guest request", snp_message_send(m, i).kind,
		       VCPU_EXIT_DOORBELL);
	verdict_expect("SW_EXITINFO1 of a guest request", (uint32_t)g->field[GHCB_INFO_1], 0);
	return g->field[GHCB_INFO_2];
}
