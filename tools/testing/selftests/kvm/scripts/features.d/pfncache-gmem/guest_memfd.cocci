// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/guest_memfd.c
//
// Caches are let go before mmu_lock is taken: their lock is held with interrupts off, and the
// list of caches has a lock of its own.

@include@
@@
#include "kvm_mm.h"
+ #include "gpc_gmem.h"

@begin_rule@
identifier f, first, last;
@@
 static void __kvm_gmem_invalidate_start(struct gmem_file *f, pgoff_t first, pgoff_t last, ...)
 {
  ...
  unsigned long index;
+	gpc_gmem_invalidate_begin(kvm, &f->bindings, first, last);
  ...
 }

@end_rule@
identifier f, first, last;
@@
 static void __kvm_gmem_invalidate_end(struct gmem_file *f, pgoff_t first, pgoff_t last)
 {
  struct kvm *kvm = f->kvm;
  ...
+	gpc_gmem_invalidate_end(kvm);
 }
