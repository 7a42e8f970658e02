/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/inflate_isal.h"

#include <stdlib.h>

#include "base/library.h"
#include "base/memory.h"

#ifdef ISAL
#include <isa-l/igzip_lib.h>

enum { FLAGS_AT = 3, FLAGS_RESERVED = 0xe0 }; /* RFC 1952, 2.3.1: must be zero */

#define CALLS(X) X(isal_inflate_init) X(isal_inflate)

struct isal {
    struct calls {
        CALLS(LIBRARY_MEMBER)
    } calls;
    struct inflate_state state;
    uint32_t seen; /* bytes of the member, until its flags were among them */
};

struct isal *isal_new(void)
{
    static const char names[] = CALLS(LIBRARY_NAME);
    struct calls calls;
    struct error ignored = {0};
    if (library_load("libisal.so.2", "libisal2", names, &calls, &ignored) < 0)
        return NULL;
    struct isal *i = memory_zalloc(sizeof *i);
    i->calls = calls;
    return i;
}

void isal_begin(struct isal *i)
{
    i->calls.isal_inflate_init(&i->state);
    i->state.crc_flag = ISAL_GZIP;
    i->seen = 0;
}

/* ISA-L takes flags that nobody has given a meaning yet; what they stand for would be read as data.
 */
static bool flags_known(struct isal *i, const struct inflate_io *io)
{
    uint32_t at = FLAGS_AT - i->seen;
    if (i->seen > FLAGS_AT)
        return true;
    i->seen += io->in_len < FLAGS_AT + 1 ? io->in_len : FLAGS_AT + 1;
    return at >= io->in_len || !(io->in[at] & FLAGS_RESERVED);
}

enum inflated isal_run(struct isal *i, struct inflate_io *io)
{
    struct inflate_state *s = &i->state;
    if (!flags_known(i, io))
        return INFLATED_DAMAGED;
    s->next_in = io->in;
    s->avail_in = io->in_len;
    s->next_out = io->out;
    s->avail_out = io->out_len;
    int status = i->calls.isal_inflate(s);
    *io = (struct inflate_io){s->next_in, s->next_out, s->avail_in, s->avail_out};
    if (status < 0)
        return INFLATED_DAMAGED;
    return s->block_state == ISAL_BLOCK_FINISH ? INFLATED_MEMBER : INFLATED_SOME;
}

#else

struct isal *isal_new(void)
{
    return NULL;
}

void isal_begin(struct isal *i)
{
    (void)i;
}

enum inflated isal_run(struct isal *i, struct inflate_io *io)
{
    (void)i;
    (void)io;
    return INFLATED_DAMAGED;
}

#endif

void isal_free(struct isal *i)
{
    free(i);
}
