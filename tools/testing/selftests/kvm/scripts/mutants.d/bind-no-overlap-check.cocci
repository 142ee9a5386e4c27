// SPDX-License-Identifier: GPL-2.0-only
// mutant: bind-no-overlap-check
// fault: a slot may be bound to a file range that another slot of the VM is bound to already
// expect: ABI
// killed-by: gmem_bind_test:api/bind-overlap
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: the later binding replaces the earlier one in the xarray, the call returns 0 where EEXIST
// is due, and a punch then zaps one of the two slots only.

@@
identifier bind =~ "^kvm_gmem_(bind|commit_memory_region)$";
expression bindings, first, last, mark;
statement S;
@@
bind(...) {
<...
if (
- !xa_empty(bindings) && xa_find(bindings, first, last, mark)
+ false && !xa_empty(bindings) && xa_find(bindings, first, last, mark)
 ) S
...>
}
