// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-populate-shared
// fault: pages are launched where the VM's attributes say shared
// expect: ABI
// killed-by: snp_launch_page_test:snp-launch-page/shared
// file: virt/kvm/guest_memfd.c
// feature: snpsim

@@
expression ret;
@@
__kvm_gmem_populate(...)
{
<...
- if (!kvm_range_has_memory_attributes(...)) {
-	ret = -EINVAL;
-	goto out_put_folio;
- }
...>
}
