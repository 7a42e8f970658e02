/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/zip.h"

#include <limits.h>
#include <stdlib.h>

#include <minizip/unzip.h>

#include "base/memory.h"

static const uint64_t ratio_grace = 64u * 1024 * 1024;
enum { MOST_RATIO = 200, CASE_SENSITIVE = 1 };

struct zip {
    unzFile file;
    const char *name;
    bool entered;
    uint64_t packed, made; /* bytes of the present entry */
};

static int refuse(struct zip *z, struct error *e, const char *what)
{
    return error_set(e, EX_DATAERR, (struct place){z->name, 0, 0}, "%s", what);
}

struct zip *zip_open(const char *path, const char *name, struct error *e)
{
    unzFile file = unzOpen64(path);
    if (!file) {
        error_set(
            e, EX_DATAERR, (struct place){name, 0, 0},
            "it is no whole zip file: its list of contents is missing; the file is cut short");
        return NULL;
    }
    struct zip *z = memory_zalloc(sizeof *z);
    z->file = file;
    z->name = name;
    return z;
}

static void leave(struct zip *z)
{
    if (z->entered)
        unzCloseCurrentFile(z->file);
    z->entered = false;
}

void zip_close(struct zip *z)
{
    if (!z)
        return;
    leave(z);
    unzClose(z->file);
    free(z);
}

const char *zip_name(const struct zip *z)
{
    return z->name;
}

bool zip_has(struct zip *z, const char *entry)
{
    leave(z);
    return unzLocateFile(z->file, entry, CASE_SENSITIVE) == UNZ_OK;
}

int zip_enter(struct zip *z, const char *entry, struct error *e)
{
    unz_file_info64 info;
    if (!zip_has(z, entry))
        return error_set(e, EX_DATAERR, (struct place){z->name, 0, 0},
                         "it holds no '%s'; the file is damaged", entry);
    if (unzGetCurrentFileInfo64(z->file, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK)
        return refuse(z, e, "its list of contents is damaged");
    if (info.flag & 1)
        return refuse(z, e, "it is protected by a password; save it without one");
    if (unzOpenCurrentFile(z->file) != UNZ_OK)
        return refuse(z, e, "a part of it cannot be unpacked; the file is damaged");
    z->entered = true;
    z->packed = info.compressed_size;
    z->made = 0;
    return 0;
}

long zip_read(struct zip *z, void *out, size_t size, struct error *e)
{
    int n = unzReadCurrentFile(z->file, out, size > INT_MAX ? INT_MAX : (unsigned)size);
    if (n < 0)
        return refuse(z, e, "a part of it cannot be unpacked; the file is damaged");
    z->made += (unsigned)n;
    if (z->made > ratio_grace && z->made / MOST_RATIO > z->packed)
        return refuse(z, e, "it expands more than a real workbook does; it is refused");
    if (n > 0)
        return n;
    z->entered = false;
    if (unzCloseCurrentFile(z->file) != UNZ_OK)
        return refuse(z, e, "the check sum of a part of it is wrong; the file is damaged");
    return 0;
}
