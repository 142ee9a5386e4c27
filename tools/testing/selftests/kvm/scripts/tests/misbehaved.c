// SPDX-License-Identifier: GPL-2.0-only
/* A program for the virtual machine that does what its argument says after one good result. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	char *p;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..2\nok 1 demo/first\n");
	if (!strcmp(what, "panic") && write(open("/proc/sysrq-trigger", O_WRONLY), "c", 1))
		pause();
	while (!strcmp(what, "hang"))
		pause();
	while (!strcmp(what, "oom") && (p = malloc(1 << 24)))
		memset(p, 1, 1 << 24);
	printf("ok 2 demo/second\n");
	return 0;
}
