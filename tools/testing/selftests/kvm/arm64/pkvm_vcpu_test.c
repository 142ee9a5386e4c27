// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host may do to a protected vCPU.  Before its first run the host sets it up.  Since Linux
 * 7.4 its registers are the guest's alone from then on; 7.3 leaves all of them to the host
 * (sync_hyp_vcpu() in hyp/nvhe/hyp-main.c), and says so by refusing nothing.
 */
#include <errno.h>
#include <string.h>
#include "harness/runner.h"
#include "machine/arm64/kvm_uapi_arm64.h"
#include "machine/arm64/registers.h"
#include "scenario/arm64/pkvm_guest.h"

static int get_register(struct vcpu *vcpu)
{
	uint64_t value;
	struct kvm_one_reg reg = { .id = REG_PC, .addr = (uintptr_t)&value };

	return __vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &reg);
}

/* To what it is, as far as the host knows: nothing changes where it is allowed. */
static int set_register(struct vcpu *vcpu)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = REG_X(19), .addr = (uintptr_t)&value };

	return __vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &reg);
}

static int debug(struct vcpu *vcpu)
{
	struct kvm_guest_debug none = { 0 };

	return __vcpu_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &none);
}

/* A data abort from outside; where it is allowed the guest gets it, so this is the last call. */
static int inject_abort(struct vcpu *vcpu)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };

	return __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
}

static int init(struct vcpu *vcpu)
{
	struct kvm_vcpu_init init;

	vm_ioctl(vcpu->vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= 1u << KVM_ARM_VCPU_PSCI_0_2;
	return __vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

/* All of them, or none: a kernel that takes the registers away leaves no way to them. */
static void run_refused(const struct run *run)
{
	static const struct {
		const char *name;
		int (*call)(struct vcpu *vcpu);
	} calls[] = {
		{ "KVM_GET_ONE_REG", get_register }, { "KVM_SET_ONE_REG", set_register },
		{ "KVM_SET_GUEST_DEBUG", debug }, { "KVM_SET_VCPU_EVENTS", inject_abort },
		{ "KVM_ARM_VCPU_INIT", init },
	};
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	unsigned int i, refused = 0, allowed = 0;
	int r;

	(void)run;
	pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(0));
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		r = calls[i].call(vcpu);
		if (r && r != -EPERM)
			verdict_fail(VERDICT_ABI, "%s of a protected vCPU that ran: %s, expected EPERM",
				     calls[i].name, strerror(-r));
		refused += !!r;
		if (!r)
			allowed = i;
	}
	if (refused && refused < ARRAY_SIZE(calls))
		verdict_fail(VERDICT_ABI,
			     "%u of %zu calls that reach a protected vCPU are refused, %s is not",
			     refused, ARRAY_SIZE(calls), calls[allowed].name);
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
	if (!refused)
		verdict_skip("registers of protected vCPUs are the host's (a kernel before 7.4)");
}

/* What a guest that goes on finds is its own, whatever the host has asked for meanwhile. */
static void run_goes_on(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(i));
		get_register(vcpu);
		debug(vcpu);
		set_register(vcpu);
		verdict_expect("what the guest wrote before",
			       pkvm_guest_call(vcpu, PKVM_LOAD, pkvm_gpa(1), 0), PKVM_TOKEN(i));
	}
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
}

static const struct subtest subtests[] = {
	{ "pkvm-vcpu/refused", "of calls that reach a protected vCPU's registers all are refused, or none",
	  run_refused },
	{ "pkvm-vcpu/goes-on", "a protected guest goes on after calls that change nothing",
	  run_goes_on },
};

TEST_PROGRAM("pkvm_vcpu_test", subtests)
