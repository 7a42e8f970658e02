/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libFuzzer entry for the parser of pipeline files: any bytes end in a result or in an error with
 * a place and EX_CONFIG, never in a crash.  clang -fsanitize=fuzzer,address -Isrc ... (every word
 * of an accepted text is read once, so that a word outside the arena would show).
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chain/pipeline.h"

static const char *lookup(void *context, const char *name)
{
    (void)context;
    return name[0] == 'N' ? NULL : name[0] == 'E' ? "" : "a value";
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new();
    struct pipeline_file file;
    struct error error = {0};
    char *text = arena_print(arena, "set -eu\n%.*s", (int)n, (const char *)bytes);
    int result = pipeline_parse(arena, "fuzz", text, strlen(text), lookup, NULL, &file, &error);
    if ((result != 0) != (error.code != 0) || (result && error.code != EX_CONFIG))
        abort();
    size_t total = 0;
    for (uint32_t i = 0; result == 0 && i < file.count; i++)
        for (uint32_t c = 0; c < file.pipeline[i].commands; c++)
            for (int w = 0; w < file.pipeline[i].command[c].argc; w++)
                total += strlen(file.pipeline[i].command[c].argv[w]);
    arena_free(arena);
    return total == SIZE_MAX;
}
