/* SPDX-License-Identifier: GPL-2.0-only */
/* How KVM maps the memory of guests on this machine. */
#ifndef SHADOW_PAGING_H
#define SHADOW_PAGING_H

#include <stdbool.h>

/**
 * shadow_paging() - does KVM shadow the guests' page tables?
 *
 * Return: true if it does, because npt of kvm_amd or ept of kvm_intel is off (the parameters in
 * /sys/module); false if the CPU goes through two dimensions of tables.
 */
bool shadow_paging(void);

/**
 * tdp_mmu_off() - does KVM map guests' memory without its TDP MMU, though the CPU could do it?
 *
 * Return: true if the parameter tdp_mmu of kvm is there and off.
 */
bool tdp_mmu_off(void);

#endif /* SHADOW_PAGING_H */
