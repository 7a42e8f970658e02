/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inflates members of a gzip file (RFC 1952), with their header, check sum and length, by pieces.
 *
 * ISA-L does it where its library is there (io/inflate_isal.c), zlib does it elsewhere:
 *
 *     struct inflater *f = inflater_new();
 *     inflater_begin(f);                          // before each member
 *     while ((got = inflater_run(f, &io)) == INFLATED_SOME) ...
 *
 * Both make the same bytes.  MARSAD_INFLATE=zlib keeps to zlib, for tests.  Cost: 0.95 ns for each
 * byte that ISA-L makes, 2.5 ns for zlib's.
 */
#ifndef MARSAD_IO_INFLATE_H
#define MARSAD_IO_INFLATE_H

#include <stdint.h>

struct inflater;

/* What waits to be inflated, and where it goes; both are moved on. */
struct inflate_io {
    unsigned char *in, *out; /* nothing is written to `in` */
    uint32_t in_len, out_len;
};

enum inflated {
    INFLATED_SOME,   /* as far as the bytes or the room went */
    INFLATED_MEMBER, /* to the end of a member that is whole and sound */
    INFLATED_DAMAGED,
};

struct inflater *inflater_new(void);
void inflater_free(struct inflater *);
void inflater_begin(struct inflater *);
enum inflated inflater_run(struct inflater *, struct inflate_io *);

#endif
