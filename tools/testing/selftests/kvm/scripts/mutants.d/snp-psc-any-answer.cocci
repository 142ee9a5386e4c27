// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-any-answer
// fault: any answer of the host to a page state change is taken
// expect: ABI
// killed-by: snp_request_test:snp-request/bad-answer
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
identifier f =~ "^snp_complete_(one_psc|psc_msr)$";
@@
f(...)
{
<...
- if (!kvm_is_valid_map_gpa_range_ret(hypercall_ret))
-	return -EINVAL;
...>
}
