// SPDX-License-Identifier: GPL-2.0-only
/* The modelled machine comes and goes with kvm-amd; /dev/sev, and what tests may ask it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "snpsim.h"

static bool there;
static const struct file_operations device_operations = { .owner = THIS_MODULE };
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR, .name = "sev", .fops = &device_operations, .mode = 0600,
};

/* Pages that guests own: 0 when none is left behind. */
static int assigned_get(char *buffer, const struct kernel_param *unused)
{
	return sysfs_emit(buffer, "%u\n", snpsim_rmp_count(0));
}

static const struct kernel_param_ops assigned_operations = { .get = assigned_get };

module_param_cb(snpsim_assigned, &assigned_operations, NULL, 0444);
MODULE_PARM_DESC(snpsim_assigned, "Modelled machine: pages that are assigned to guests");

/* KVM calls this when it is loaded, and for each guest. */
int snpsim_platform_init(struct sev_platform_init_args *args)
{
	int r;

	if (there)
		return 0;
	r = snpsim_rmp_init();
	if (!r)
		r = misc_register(&device);
	if (r) {
		pr_err("snpsim: no modelled machine: error %d\n", r);
		snpsim_rmp_exit();
		return r;
	}
	there = true;
	pr_info("SNP on a modelled machine (snpsim): neither AMD's hardware nor its firmware\n");
	return 0;
}

void snpsim_platform_shutdown(void)
{
	if (!there)
		return;
	misc_deregister(&device);
	snpsim_rmp_exit();
	there = false;
}

int snpsim_issue_cmd(struct file *file, unsigned int cmd, void *data, int *error)
{
	if (!file || file->f_op != &device_operations)
		return -EBADF;
	return snpsim_do_cmd(cmd, data, error);
}

void *snpsim_copy_user_blob(u64 address, u32 len)
{
	if (!address || !len)
		return ERR_PTR(-EINVAL);
	if (len > SEV_FW_BLOB_MAX_SIZE)
		return ERR_PTR(-EINVAL);
	return memdup_user(u64_to_user_ptr(address), len);
}
