/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes csv_read against libcsv (see tests/io/csv_differ.h): `make fuzz`, or by hand
 *
 *     clang -std=c11 -D_POSIX_C_SOURCE=200809L -Isrc -g -O1 -fsanitize=fuzzer,address,undefined \
 *         -o build/csv-fuzz tests/fuzz/csv_fuzz.c src/io/csv_*.c src/io/{utf8,input,pipe}.c \
 *         src/base/{arena,memory,error,text,number,digits,real}.c -lcsv -lz -lcmocka -lm
 *     build/csv-fuzz -max_total_time=300 -max_len=200 -dict=tests/fuzz/csv.dict
 */
#include "../io/csv_differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    csv_differ((const char *)bytes, n);
    return 0;
}
