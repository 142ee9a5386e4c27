// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-populate-error-first
// fault: an error after some pages hides that these were done
// expect: ABI
// killed-by: snp_launch_page_test:snp-launch-page/partial
// file: virt/kvm/guest_memfd.c
// feature: snpsim
//
// Not equivalent: the caller launches them again.

@@
@@
kvm_gmem_populate(...)
{
<...
- return ret && !i ? ret : i;
+ return ret ? ret : i;
...>
}
