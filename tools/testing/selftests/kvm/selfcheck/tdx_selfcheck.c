// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TDX guest says, byte for byte: numbers from Intel's documents (348551, "TDX Module ABI";
 * 348552, "Guest-Host-Communication Interface") and machine code from the SDM's tables.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "abi/array.h"
#include "abi/x86/agent_arch.h"
#include "abi/x86/tdx.h"
#include "kselftest_harness.h"

/* Registers in the order of struct tdx_call. */
static void expect_call(struct __test_metadata *_metadata, struct tdx_call call,
			const uint64_t due[14])
{
	const uint64_t *found = (const uint64_t *)&call;
	unsigned int i;

	ASSERT_EQ(14 * 8, sizeof(call));
	for (i = 0; i < 14; i++)
		EXPECT_EQ(due[i], found[i]) {
			TH_LOG("register %u of rax rbx rcx rdx rsi rdi r8 to r15", i);
		}
}

#define EXPECT_CALL(call, ...)	\
	expect_call(_metadata, call, (const uint64_t[14]){ __VA_ARGS__ })

/* R10 standard, R11 function; R10 to R15 shown, which is bits 10 to 15 of RCX. */
TEST(vmcalls)
{
	EXPECT_CALL(tdx_io_write(0xd0b, 0x12345678), 0, 0, 0xfc00, 0, 0, 0, 0, 0,
		    0, 30, 4, 1, 0xd0b, 0x12345678);
	EXPECT_CALL(tdx_wrmsr(0x80f, 0x1ff), 0, 0, 0xfc00, 0, 0, 0, 0, 0,
		    0, 32, 0x80f, 0x1ff, 0, 0);
	EXPECT_CALL(tdx_mmio_read(0x100000008), 0, 0, 0xfc00, 0, 0, 0, 0, 0,
		    0, 48, 8, 0, 0x800100000008, 0);
	EXPECT_CALL(tdx_mmio_write(0x100000008, 0x55), 0, 0, 0xfc00, 0, 0, 0, 0, 0,
		    0, 48, 8, 1, 0x800100000008, 0x55);
}

/* The address has the shared bit, 47 of 48, if the pages are to become shared. */
TEST(map_gpa)
{
	EXPECT_CALL(tdx_map_gpa(0x100000000, 0x3000, 1), 0, 0, 0xfc00, 0, 0, 0, 0, 0,
		    0, 0x10001, 0x100000000, 0x3000, 0, 0);
	EXPECT_CALL(tdx_map_gpa(0x100000000, 0x3000, 0), 0, 0, 0xfc00, 0, 0, 0, 0, 0,
		    0, 0x10001, 0x800100000000, 0x3000, 0, 0);
}

/* Leaves 3 and 6 of TDCALL; the level is in bits 2:0 of RCX. */
TEST(module_calls)
{
	EXPECT_CALL(tdx_accept(0x100003000, 0), 6, 0, 0x100003000);
	EXPECT_CALL(tdx_accept(0x100200000, 1), 6, 0, 0x100200001);
	EXPECT_CALL(tdx_ve_info(), 3);
}

/* SDM, volume 2: LGDT 0F 01 /2, MOV CRn 0F 20 and 22, OR 83 /1 and 0D, JMP EA and FF /4. */
static const uint8_t code[] = {
	0x0f, 0x01, 0x15, 0x18, 0xf0, 0xff, 0xff,	/* lgdt [fffff018] */
	0x0f, 0x20, 0xe0,				/* mov eax, cr4 */
	0x83, 0xc8, 0x20,				/* or eax, 20 */
	0x0f, 0x22, 0xe0,				/* mov cr4, eax */
	0xa1, 0x20, 0xf0, 0xff, 0xff,			/* mov eax, [fffff020] */
	0x0f, 0x22, 0xd8,				/* mov cr3, eax */
	0x0f, 0x20, 0xc0,				/* mov eax, cr0 */
	0x0d, 0x00, 0x00, 0x01, 0x80,			/* or eax, 80010000 */
	0x0f, 0x22, 0xc0,				/* mov cr0, eax */
	0xea, 0x2a, 0xfe, 0xff, 0xff, 0x08, 0x00,	/* jmp 8:fffffe2a */
	0xb8, 0x10, 0x00, 0x00, 0x00,			/* mov eax, 10 */
	0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xe0,		/* mov ds, es, fs, ... */
	0x8e, 0xe8, 0x8e, 0xd0,				/* ... gs, ss */
	0xbb, 0x00, 0xf0, 0xff, 0xff,			/* mov ebx, fffff000 */
	0x89, 0xf6,					/* mov esi, esi */
	0x48, 0xc1, 0xe6, 0x04,				/* shl rsi, 4 */
	0x48, 0x8b, 0x64, 0x33, 0x40,			/* mov rsp, [rbx + rsi + 40] */
	0x48, 0x8b, 0x7c, 0x33, 0x48,			/* mov rdi, [rbx + rsi + 48] */
	0xff, 0x63, 0x28,				/* jmp [rbx + 28] */
};

static const uint8_t reset_vector[] = { 0xe9, 0x0b, 0xfe, 0xff, 0xff };	/* jmp fffffe00 */

TEST(reset_code)
{
	static const uint8_t zero[4096];
	const size_t end = TDX_RESET_CODE + sizeof(code);

	EXPECT_EQ(0, memcmp(tdx_reset_page, zero, TDX_RESET_CODE));
	EXPECT_EQ(0, memcmp(tdx_reset_page + TDX_RESET_CODE, code, sizeof(code)));
	EXPECT_EQ(0, memcmp(tdx_reset_page + end, zero, 0xff0 - end));
	EXPECT_EQ(0, memcmp(tdx_reset_page + 0xff0, reset_vector, sizeof(reset_vector)));
}

TEST(reset_parameters)
{
	static const uint8_t due[] = {
		0, 0, 0, 0, 0, 0, 0, 0,
		0xff, 0xff, 0, 0, 0, 0x9b, 0xaf, 0,	/* code, 64 bits, accessed */
		0xff, 0xff, 0, 0, 0, 0x93, 0xcf, 0,	/* data, 4 GiB */
		23, 0, 0x00, 0xf0, 0xff, 0xff, 0, 0,	/* limit, base */
		0x00, 0x20, 0x12, 0, 0, 0, 0, 0,	/* root */
		0x00, 0x00, 0x10, 0, 0, 0, 0, 0,	/* entry */
		0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,			/* vCPU 0: stack, mailbox */
		0, 0, 0, 0, 0, 0, 0, 0,
		0x00, 0x40, 0x20, 0, 0, 0, 0, 0,	/* vCPU 1 */
		0x00, 0x50, 0x20, 0, 0, 0, 0, 0,
	};
	uint8_t page[4096];

	memset(page, 0xff, sizeof(page));
	tdx_reset_fill(page, 0x122000, 0x100000);
	tdx_reset_vcpu(page, 1, 0x204000, 0x205000);
	EXPECT_EQ(0, memcmp(page, due, sizeof(due)));
	EXPECT_EQ(0, memcmp(page + TDX_RESET_CODE, tdx_reset_page + TDX_RESET_CODE,
			    4096 - TDX_RESET_CODE));
	EXPECT_LE(sizeof(struct tdx_reset), TDX_RESET_CODE);
}

/* As in arch/x86/include/uapi/asm/kvm.h and linux/kvm.h. */
TEST(layout)
{
	EXPECT_EQ(40, sizeof(struct tdx_leaf_bits));
	EXPECT_EQ(16, offsetof(struct tdx_capabilities, vmcall_info));
	EXPECT_EQ(2048, offsetof(struct tdx_capabilities, leaves));
	EXPECT_EQ(256, offsetof(struct tdx_init_vm, leaves));
	EXPECT_EQ(8, offsetof(struct tdx_leaves, leaf));
}

FIXTURE(init) {
	struct tdx_capabilities *caps;
	struct tdx_init_vm *init;
	struct tdx_leaves *cpu;
};

FIXTURE_SETUP(init)
{
	const size_t leaves = 4 * sizeof(struct tdx_leaf_bits);

	self->caps = calloc(1, sizeof(*self->caps) + leaves);
	self->init = calloc(1, sizeof(*self->init) + leaves);
	self->cpu = calloc(1, sizeof(*self->cpu) + leaves);
	self->caps->attributes = 1u << 28;
	self->caps->xfam = 0x602e7;
}

FIXTURE_TEARDOWN(init)
{
	free(self->caps);
	free(self->init);
	free(self->cpu);
}

/* Bits that may be chosen and that the CPU has; 48 address bits; no TSX, no WAITPKG. */
TEST_F(init, chosen)
{
	self->caps->leaves.count = 3;
	self->caps->leaves.leaf[0] = (struct tdx_leaf_bits){
		.function = 7, .flags = 1, .ebx = 0xffffffff, .ecx = 0xffffffff };
	self->caps->leaves.leaf[1] = (struct tdx_leaf_bits){
		.function = 0x80000008, .eax = 0x00ff00ff };
	self->caps->leaves.leaf[2] = (struct tdx_leaf_bits){ .function = 0x1f, .eax = 0xf };
	self->cpu->count = 2;
	self->cpu->leaf[0] = (struct tdx_leaf_bits){
		.function = 0x80000008, .eax = 0x3034 };
	self->cpu->leaf[1] = (struct tdx_leaf_bits){
		.function = 7, .ebx = 0x819, .ecx = 0x24 };
	ASSERT_EQ(0, tdx_init_vm_fill(self->init, self->caps, self->cpu));
	EXPECT_EQ(0, self->init->attributes);
	EXPECT_EQ(3, self->init->xfam);
	EXPECT_EQ(3, self->init->leaves.count);
	EXPECT_EQ(1, self->init->leaves.leaf[0].flags);
	EXPECT_EQ(0x9, self->init->leaves.leaf[0].ebx);
	EXPECT_EQ(0x4, self->init->leaves.leaf[0].ecx);
	EXPECT_EQ(0x00300034, self->init->leaves.leaf[1].eax);
	EXPECT_EQ(0, self->init->leaves.leaf[2].eax);
}

TEST_F(init, no_width)
{
	EXPECT_EQ(-1, tdx_init_vm_fill(self->init, self->caps, self->cpu));
}

TEST_HARNESS_MAIN
