/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

int library_load(const char *soname, const char *package, const char *names, void *calls,
                 struct error *e)
{
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; *names; i++, names += strlen(names) + 1) {
        void *function = library ? dlsym(library, names) : NULL;
        if (!function)
            return error_set(e, EX_UNAVAILABLE, NOWHERE,
                             "this needs the library %s, which is not installed (the package %s "
                             "has it)",
                             soname, package);
        memcpy((char *)calls + i * sizeof function, &function, sizeof function);
    }
    return 0;
}
