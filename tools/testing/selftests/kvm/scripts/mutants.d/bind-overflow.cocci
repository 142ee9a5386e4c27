// SPDX-License-Identifier: GPL-2.0-only
// mutant: bind-overflow
// fault: a guest_memfd offset whose sum with the slot's size wraps at 2^64 is not refused
// expect: ABI
// killed-by: gmem_bind_test:api/bind-offset
// file: virt/kvm/kvm_main.c
//
// Not equivalent on kernels with an unsigned offset (uoff_t) in guest_memfd.c, where the wrapped sum passes
// the comparison with the file's size. Equivalent on older ones: they refuse a negative offset there as well.

@@
expression mem;
@@
- mem->guest_memfd_offset + mem->memory_size < mem->guest_memfd_offset
+ false
