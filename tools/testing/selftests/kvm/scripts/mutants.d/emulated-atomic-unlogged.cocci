// SPDX-License-Identifier: GPL-2.0-only
// mutant: emulated-atomic-unlogged
// fault: what an emulated atomic instruction has written is not in the dirty log
// expect: LOST_WRITE
// killed-by: dirty_log_test:dirty-log/exchange
// file: arch/x86/kvm/x86.c
// param: kvm.force_emulation_prefix=1
// level: emulator
//
// Not equivalent: a migration loses the page. The state before 910c57dfa4d1 ("KVM: x86: Mark target gfn of emulated
// atomic instruction as dirty").

@@
@@
emulator_cmpxchg_emulated(...)
{
<...
- kvm_vcpu_mark_page_dirty(...);
...>
}
