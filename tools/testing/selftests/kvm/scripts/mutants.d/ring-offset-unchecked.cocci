// SPDX-License-Identifier: GPL-2.0-only
// mutant: ring-offset-unchecked
// fault: a reset believes the offsets of a dirty ring's entries
// expect: KERNEL
// killed-by: dirty_ring_test:dirty-ring/spoilt
// file: virt/kvm/dirty_ring.c

@@
expression memslot, offset, mask;
@@
kvm_reset_dirty_gfn(...)
{
...
- if (!memslot || offset >= memslot->npages || offset + __fls(mask) >= memslot->npages)
+ if (!memslot)
	return;
...
}
