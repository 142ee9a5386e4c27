/* SPDX-License-Identifier: GPL-2.0-only */
/* What the writer and the reader of plans share. */
#ifndef PLAN_TEXT_H
#define PLAN_TEXT_H

/* The first line: this and the version. */
#define PLAN_HEADER	"# kvm-gmem plan "
#define PLAN_VERSION	"1"

#endif /* PLAN_TEXT_H */
