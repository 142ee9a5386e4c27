// SPDX-License-Identifier: GPL-2.0-only
#include "guest/x86/hypercall.h"

/* KVM accepts either instruction only by patching the guest's code: use the CPU's own. */
static int cpu_is_amd(void)
{
	uint32_t a = 0, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return b == 0x68747541 || b == 0x6f677948;	/* AuthenticAMD, HygonGenuine */
}

int64_t kvm_hypercall(const uint64_t args[4])
{
	int64_t ret = args[0];

	if (cpu_is_amd())
		__asm__ volatile("vmmcall" : "+a"(ret)
				 : "b"(args[1]), "c"(args[2]), "d"(args[3]) : "memory");
	else
		__asm__ volatile("vmcall" : "+a"(ret)
				 : "b"(args[1]), "c"(args[2]), "d"(args[3]) : "memory");
	return ret;
}

/* Xen's 64-bit convention: rax = number, then rdi, rsi, rdx (xen/include/public/arch-x86). */
int64_t xen_hypercall(const uint64_t args[4])
{
	uint64_t a = args[1], b = args[2], c = args[3];
	int64_t ret = args[0];

	if (cpu_is_amd())
		__asm__ volatile("vmmcall" : "+a"(ret), "+D"(a), "+S"(b), "+d"(c) :: "memory");
	else
		__asm__ volatile("vmcall" : "+a"(ret), "+D"(a), "+S"(b), "+d"(c) :: "memory");
	return ret;
}
