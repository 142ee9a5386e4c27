// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-end-reread
// fault: KVM reads a request's last index again, after it has checked it
// expect: ABI
// killed-by: snp_race_test:snp-race/resized
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression idx, sev_es;
symbol guest_psc;
@@
snp_do_psc(...)
{
<...
(
- idx <= sev_es->psc.end_idx
+ idx <= READ_ONCE(guest_psc->hdr.end_entry)
|
- idx > sev_es->psc.end_idx
+ idx > READ_ONCE(guest_psc->hdr.end_entry)
)
...>
}
