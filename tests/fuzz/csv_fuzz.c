/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes csv_read against libcsv on every path (see tests/io/csv_differ.h): `make fuzz`, and in the
 * end says how much each path has read.
 */
#include "../io/csv_differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct differ differ;

static void tell(void)
{
    differ_tell(&differ);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    differ_begin(&differ);
    return atexit(tell);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    csv_differ_more(&differ, (const char *)bytes, n);
    return 0;
}
