
EXPORT_SYMBOL_FOR_KVM(flush_tlb_kernel_range);
