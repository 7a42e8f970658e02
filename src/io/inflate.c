/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "io/inflate_isal.h"

enum { GZIP_ONLY = 15 + 16 }; /* of zlib: the largest window, and a gzip header before it */

struct inflater {
    struct isal *isal; /* NULL: zlib does it */
    z_stream z;
};

struct inflater *inflater_new(void)
{
    struct inflater *f = memory_zalloc(sizeof *f);
    const char *wish = getenv("MARSAD_INFLATE");
    f->isal = wish && strcmp(wish, "zlib") == 0 ? NULL : isal_new();
    if (!f->isal && inflateInit2(&f->z, GZIP_ONLY) != Z_OK)
        memory_exhausted();
    return f;
}

void inflater_free(struct inflater *f)
{
    if (!f)
        return;
    if (f->isal)
        isal_free(f->isal);
    else
        inflateEnd(&f->z);
    free(f);
}

void inflater_begin(struct inflater *f)
{
    if (f->isal)
        isal_begin(f->isal);
    else
        inflateReset(&f->z);
}

static enum inflated zlib_run(z_stream *z, struct inflate_io *io)
{
    z->next_in = io->in;
    z->avail_in = io->in_len;
    z->next_out = io->out;
    z->avail_out = io->out_len;
    int status = inflate(z, Z_NO_FLUSH);
    *io = (struct inflate_io){io->in + (io->in_len - z->avail_in), z->next_out, z->avail_in,
                              z->avail_out};
    if (status == Z_STREAM_END)
        return INFLATED_MEMBER;
    return status == Z_OK || status == Z_BUF_ERROR ? INFLATED_SOME : INFLATED_DAMAGED;
}

enum inflated inflater_run(struct inflater *f, struct inflate_io *io)
{
    return f->isal ? isal_run(f->isal, io) : zlib_run(&f->z, io);
}
