// SPDX-License-Identifier: GPL-2.0-only
/*
 * The launch of a TDX guest: the order of its commands and their errors (arch/x86/kvm/vmx/tdx.c,
 * tdx_vm_ioctl(), tdx_vcpu_unlocked_ioctl(), tdx_vcpu_ioctl()).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/memslot.h"
#include "machine/x86/tdx.h"
#include "scenario/x86/bare_memory.h"

#define GPA	AGENT_TEST_GPA
#define PAGES	4u
#define SIZE	(PAGES * PAGE)

#define ATTRIBUTE_DEBUG	1ull
#define LEAVES_MOST	256u	/* KVM_MAX_CPUID_ENTRIES */

enum stage { CREATED, INITIALISED, VCPU, FINAL };

/* A guest without an agent, with private memory in one memslot. */
struct bare {
	struct vm *vm;
	struct memslot slot;
	uint8_t *from;
	struct vcpu vcpu;
};

static int command(const struct bare *b, uint32_t id, const void *data)
{
	return __tdx_command(b->vm->fd, id, 0, data, NULL);
}

static int vcpu_command(const struct bare *b, uint32_t id, const void *data)
{
	return __tdx_command(b->vcpu.fd, id, 0, data, NULL);
}

static struct bare bare_open(enum stage stage)
{
	struct bare b = { .vm = vm_create_bare(tdx_type()), .vcpu.fd = -1 };
	struct tdx_init_vm *init;

	b.slot = bare_memory_add(b.vm, GPA, SIZE);
	b.from = b.slot.hva;
	tdx_split_irqchip(b.vm);
	if (stage >= INITIALISED) {
		init = tdx_init_args(b.vm);
		verdict_errno("KVM_TDX_INIT_VM", command(&b, TDX_INIT_VM, init), 0);
		free(init);
	}
	if (stage >= VCPU) {
		b.vcpu = (struct vcpu){ .vm = b.vm,
					.fd = vm_ioctl(b.vm, KVM_CREATE_VCPU, 0) };
		verdict_errno("KVM_TDX_INIT_VCPU", vcpu_command(&b, TDX_INIT_VCPU, NULL), 0);
	}
	if (stage >= FINAL)
		verdict_errno("KVM_TDX_FINALIZE_VM", command(&b, TDX_FINALIZE_VM, NULL), 0);
	return b;
}

static void bare_close(struct bare *b)
{
	if (b->vcpu.fd >= 0)
		close(b->vcpu.fd);
	close(b->slot.gmem);
	vm_destroy(b->vm);
	munmap(b->from, SIZE);
}

static void run_capabilities(const struct run *run)
{
	struct bare b = bare_open(CREATED);
	struct tdx_capabilities none = { .leaves.count = 0 }, *caps;

	(void)run;
	verdict_errno("CAPABILITIES without room for leaves", command(&b, TDX_CAPABILITIES, &none),
		      E2BIG);
	verdict_errno("CAPABILITIES with a flag",
		      __tdx_command(b.vm->fd, TDX_CAPABILITIES, 1, &none, NULL), EINVAL);
	verdict_errno("CAPABILITIES to nowhere", command(&b, TDX_CAPABILITIES, NULL), EFAULT);
	caps = tdx_capabilities(b.vm);
	verdict_expect("an attribute to debug the guest", caps->attributes & ATTRIBUTE_DEBUG, 0);
	free(caps);
	bare_close(&b);
}

static void run_order(const struct run *run)
{
	struct tdx_command used = { .id = TDX_CAPABILITIES, .hw_error = 1 };
	struct bare b = bare_open(CREATED);
	struct tdx_init_vm *init = tdx_init_args(b.vm);

	(void)run;
	verdict_errno("FINALIZE before INIT_VM", command(&b, TDX_FINALIZE_VM, NULL), EINVAL);
	verdict_errno("a vCPU before INIT_VM", __vm_ioctl(b.vm, KVM_CREATE_VCPU, 0), EIO);
	verdict_errno("a command of a vCPU to the VM", command(&b, TDX_INIT_VCPU, NULL), EINVAL);
	verdict_errno("a command that nobody knows", command(&b, 1000, NULL), EINVAL);
	verdict_errno("a command with an error of the module's",
		      __vm_ioctl(b.vm, KVM_MEMORY_ENCRYPT_OP, &used), EINVAL);
	verdict_errno("INIT_VM", command(&b, TDX_INIT_VM, init), 0);
	verdict_errno("INIT_VM again", command(&b, TDX_INIT_VM, init), EINVAL);
	free(init);
	bare_close(&b);
}

static void spoil_reserved(struct tdx_init_vm *init)
{
	init->reserved[11] = 1;
}

static void spoil_padding(struct tdx_init_vm *init)
{
	init->leaves.padding = 1;
}

static void spoil_attributes(struct tdx_init_vm *init)
{
	init->attributes = ATTRIBUTE_DEBUG;
}

static void spoil_xfam(struct tdx_init_vm *init)
{
	init->xfam = 1ull << 63;
}

static void spoil_count(struct tdx_init_vm *init)
{
	init->leaves.count = LEAVES_MOST + 1;
}

static void spoil_leaf(struct tdx_init_vm *init)
{
	init->leaves.leaf[init->leaves.count++].function = 0x40000000;
}

static void spoil_width(struct tdx_init_vm *init)
{
	uint32_t i;

	for (i = 0; i < init->leaves.count; i++)
		if (init->leaves.leaf[i].function == 0x80000008)
			init->leaves.leaf[i].eax ^= (TDX_GPAW ^ 47u) << 16;
}

static void no_leaves(struct tdx_init_vm *init)
{
	init->leaves.count = 0;
}

static void run_init(const struct run *run)
{
	static const struct {
		const char *what;
		void (*spoil)(struct tdx_init_vm *init);
		int due;
	} rows[] = {
		{ "INIT_VM with a reserved word", spoil_reserved, EINVAL },
		{ "INIT_VM with padding", spoil_padding, EINVAL },
		{ "INIT_VM of a guest to debug", spoil_attributes, EINVAL },
		{ "INIT_VM with state that nobody has", spoil_xfam, EINVAL },
		{ "INIT_VM with too many leaves", spoil_count, E2BIG },
		{ "INIT_VM with a leaf that may not be chosen", spoil_leaf, EINVAL },
		{ "INIT_VM with 47 address bits", spoil_width, EINVAL },
		{ "INIT_VM without leaves", no_leaves, EINVAL },
	};
	struct bare b = bare_open(CREATED);
	struct tdx_init_vm *init;
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		init = tdx_init_args(b.vm);
		rows[i].spoil(init);
		verdict_errno(rows[i].what, command(&b, TDX_INIT_VM, init), rows[i].due);
		free(init);
	}
	init = tdx_init_args(b.vm);
	verdict_errno("INIT_VM after all that", command(&b, TDX_INIT_VM, init), 0);
	free(init);
	bare_close(&b);
}

static void run_vcpu(const struct run *run)
{
	struct bare b = bare_open(VCPU);
	struct tdx_leaves none = { .count = 0 };

	(void)run;
	verdict_errno("INIT_VCPU again", vcpu_command(&b, TDX_INIT_VCPU, NULL), EINVAL);
	verdict_errno("INIT_VCPU with a flag",
		      __tdx_command(b.vcpu.fd, TDX_INIT_VCPU, 1, NULL, NULL), EINVAL);
	verdict_errno("GET_CPUID without room", vcpu_command(&b, TDX_GET_CPUID, &none), E2BIG);
	verdict_errno("a command of the VM to a vCPU", vcpu_command(&b, TDX_FINALIZE_VM, NULL),
		      EINVAL);
	verdict_errno("KVM_RUN before FINALIZE", __vcpu_ioctl(&b.vcpu, KVM_RUN, NULL), EINVAL);
	bare_close(&b);
}

static void run_region(const struct run *run)
{
	struct bare b = bare_open(VCPU);
	const uint64_t from = (uintptr_t)b.from;
	const struct {
		const char *what;
		struct tdx_region_args args;
		int due;
	} rows[] = {
		{ "a region from nowhere", { 0, GPA, 1 }, EINVAL },
		{ "a region from an odd address", { from + 8, GPA, 1 }, EINVAL },
		{ "a region at an odd address", { from, GPA + 8, 1 }, EINVAL },
		{ "a region of nothing", { from, GPA, 0 }, EINVAL },
		{ "a region that wraps", { from, GPA, 1ull << 52 }, EINVAL },
		{ "a region of shared addresses", { from, GPA | TDX_SHARED, 1 }, EINVAL },
		{ "a region without a memslot", { from, GPA + SIZE, 1 }, EINVAL },
		{ "a region from what is not mapped", { PAGE, GPA, 1 }, EFAULT },
		{ "a region of pages that are shared", { from, GPA + (PAGES - 1) * PAGE, 1 },
		  EINVAL },
	};
	struct tdx_region_args args;
	unsigned int i;

	(void)run;
	attributes_set(b.vm, GPA + (PAGES - 1) * PAGE, PAGE, 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		args = rows[i].args;
		verdict_errno(rows[i].what, vcpu_command(&b, TDX_INIT_MEM_REGION, &args),
			      rows[i].due);
	}
	args = (struct tdx_region_args){ from, GPA, 1 };
	verdict_errno("a region with a flag that nobody knows",
		      __tdx_command(b.vcpu.fd, TDX_INIT_MEM_REGION, 2, &args, NULL), EINVAL);
	/* The last of them is shared: what was done shows in the arguments. */
	args = (struct tdx_region_args){ from, GPA, PAGES };
	verdict_errno("a region that ends with a shared page",
		      __tdx_command(b.vcpu.fd, TDX_INIT_MEM_REGION, TDX_REGION_MEASURE, &args,
				    NULL),
		      EINVAL);
	verdict_expect("pages left", args.nr_pages, 1);
	verdict_expect("where it stopped", args.gpa, GPA + (PAGES - 1) * PAGE);
	verdict_expect("and in the source", args.source_addr, from + (PAGES - 1) * PAGE);
	bare_close(&b);
}

static void run_final(const struct run *run)
{
	struct bare b = bare_open(VCPU);
	struct tdx_region_args args = { (uintptr_t)b.from, GPA, 1 };

	(void)run;
	verdict_errno("pre-fault before FINALIZE", __vcpu_pre_fault(&b.vcpu, GPA, PAGE),
		      EOPNOTSUPP);
	verdict_errno("FINALIZE", command(&b, TDX_FINALIZE_VM, NULL), 0);
	verdict_errno("FINALIZE again", command(&b, TDX_FINALIZE_VM, NULL), EINVAL);
	verdict_errno("INIT_MEM_REGION after FINALIZE",
		      vcpu_command(&b, TDX_INIT_MEM_REGION, &args), EINVAL);
	verdict_errno("INIT_VCPU after FINALIZE", vcpu_command(&b, TDX_INIT_VCPU, NULL), EINVAL);
	bare_close(&b);
}

static const struct subtest subtests[] = {
	{ "tdx-launch/capabilities", "KVM says what TDX guests may have, and refuses bad requests",
	  run_capabilities },
	{ "tdx-launch/order", "commands out of their order are refused", run_order },
	{ "tdx-launch/init", "INIT_VM refuses what a guest may not have", run_init },
	{ "tdx-launch/vcpu", "a vCPU is initialised once", run_vcpu },
	{ "tdx-launch/region", "INIT_MEM_REGION refuses bad regions, and says where it stopped",
	  run_region },
	{ "tdx-launch/final", "a guest that is closed takes no more memory", run_final },
};

TEST_PROGRAM("tdx_launch_test", subtests)
