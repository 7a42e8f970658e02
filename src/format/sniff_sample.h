/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be told from the bytes of a file: its encoding, and from its first MiB its delimiter and
 * the line of its header.  All of it is a guess with a reason; sniff.c tries it on the whole file.
 */
#ifndef MARSAD_FORMAT_SNIFF_SAMPLE_H
#define MARSAD_FORMAT_SNIFF_SAMPLE_H

#include "base/arena.h"
#include "base/text.h"
#include "io/input.h"

struct sniff_guess {
    const char *value; /* NULL: cannot be told */
    const char *evidence;
};

/* Reads the input to its end.  An encoding that iconv knows. */
int sniff_encoding(struct input *, struct arena *, struct sniff_guess *, struct error *);

/* Why its lines cannot be read, and what makes them readable; NULL: they can. */
const char *sniff_line_ends(struct arena *, struct text sample);

/* Records of the sample, cut at a delimiter. */
struct sniff_grid {
    struct sniff_row {
        uint32_t line, cells;
        const struct text *cell;
    } * row;
    uint32_t rows, width; /* width: the most frequent one */
    double regular;       /* share of rows of that width */
};

struct sniff_grid sniff_cut(struct arena *, struct text sample, char delimiter);
/* The delimiter whose grid is the most regular. */
char sniff_delimiter(struct arena *, struct text sample, const char **evidence);
/* Nearly all lines have runs of spaces: columns of a fixed width, or a page. */
bool sniff_aligned(struct text sample);
/* The line of the header: 0, where there is none; -1, where that cannot be told. */
int sniff_header(struct arena *, const struct sniff_grid *, bool sheet, const char **evidence);

#endif
