/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM's emulator makes the agent's loads, stores and exchanges of words in test memory (what the
 * guest executes it fetches, and stores, by itself): with kvm.force_emulation_prefix a guest
 * may ask for that (handle_ud() in arch/x86/kvm/x86.c).  The emulator walks the guest's page tables
 * and reaches memory by the memslot's host address, not by what KVM has mapped for the guest.
 */
#ifndef FORCED_EMULATION_H
#define FORCED_EMULATION_H

#include "machine/vcpu.h"

/**
 * forced_emulation_prepare() - have a vCPU's agent ask for emulation
 * @vcpu: where the agent is about to start
 * @mailbox: its control address
 *
 * All vCPUs of a VM have to do the same.  Skips the sub-test where KVM does not obey, and in a VM
 * with private memory, whose shared copy the emulator takes.
 */
void forced_emulation_prepare(struct vcpu *vcpu, uint64_t mailbox);

#endif /* FORCED_EMULATION_H */
