// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-merges-all
// fault: entries that are no neighbours become one exit
// expect: ABI
// killed-by: snp_page_state_test:snp-page-state/merge
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: pages between them change hands.

@@
expression a, b;
@@
snp_do_psc(...)
{
<...
- if (entry.operation != entry_start.operation || a || b)
+ if (entry.operation != entry_start.operation || b)
	break;
...>
}
