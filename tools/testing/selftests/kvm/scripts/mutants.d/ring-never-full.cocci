// SPDX-License-Identifier: GPL-2.0-only
// mutant: ring-never-full
// fault: a vCPU whose ring is full goes on
// expect: LOST_WRITE
// killed-by: dirty_ring_test:dirty-ring/full
// file: virt/kvm/dirty_ring.c
//
// Not equivalent: entries that nobody has read are overwritten, and KVM WARNs.

@@
identifier ring;
@@
kvm_dirty_ring_soft_full(struct kvm_dirty_ring *ring)
{
-	return ...;
+	return ring == NULL;
}
