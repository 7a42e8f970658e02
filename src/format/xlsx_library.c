/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/xlsx_library.h"

#include <dlfcn.h>
#include <string.h>

/* The one thing here that lasts: the functions of the library, the same for the whole program. */
static struct xlsx_library library;
#define XLSX_NAME(name) #name "\0"
static const char names[] = XLSX_FUNCTIONS(XLSX_NAME);
#undef XLSX_NAME

const struct xlsx_library *xlsx(void)
{
    return &library;
}

int xlsx_library_load(struct error *e)
{
    void *handle = dlopen(XLSXWRITER, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return error_set(e, EX_UNAVAILABLE, NOWHERE,
                         "workbooks need %s, which cannot be loaded; install libxlsxwriter",
                         XLSXWRITER);
    const char *name = names;
    for (size_t i = 0; *name; i++, name += strlen(name) + 1) {
        void *function = dlsym(handle, name);
        if (!function)
            return error_set(e, EX_UNAVAILABLE, NOWHERE, "%s has no %s", XLSXWRITER, name);
        memcpy((char *)&library + i * sizeof function, &function, sizeof function);
    }
    return 0;
}
