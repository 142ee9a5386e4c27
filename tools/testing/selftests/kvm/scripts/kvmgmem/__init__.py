# SPDX-License-Identifier: GPL-2.0-only
"""What the scripts of the KVM guest-memory suite share: testbed, runs, mutants, checks."""
