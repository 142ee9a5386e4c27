
#include <linux/kvm_types.h>
EXPORT_SYMBOL_FOR_KVM(set_direct_map_invalid_noflush);
EXPORT_SYMBOL_FOR_KVM(set_direct_map_default_noflush);
