/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of file that gen-sample makes: each function writes one whole file, header first.
 *
 * `rows` is 0 where the caller asked for the kind's own size. A function draws from streams of its
 * own (enum stream), so that two kinds made with one seed share nothing.
 */
#ifndef GEN_SAMPLE_KINDS_H
#define GEN_SAMPLE_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include "out.h"

struct request {
    uint64_t seed, rows;
    uint32_t phase; /* 2014, 2016 or 0 for both */
    uint32_t wave;  /* 2018, 2026 or 0 for both */
    bool small;     /* survey: about 700 households a wave */
    bool totals;    /* big, hostile: exact sums instead of the file */
    bool truth;     /* registers: a last column with the code that was meant */
    bool fees;      /* regularisation: a column `frais` */
    bool keys;      /* big: columns `dossier` and `psu`, keys of many groups */
    bool french;    /* no Arabic spellings */
};

enum stream {
    STREAM_2014,
    STREAM_2016,
    STREAM_RETURNS,
    STREAM_PERMITS,
    STREAM_NETWORKS,
    STREAM_PSU,
    STREAM_2018,
    STREAM_2026,
    STREAM_BIG,
    STREAM_HOSTILE,
    STREAM_KEYS
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

void regularisation_make(struct out *o, const struct request *q);
void returns_make(struct out *o, const struct request *q);
void permits_make(struct out *o, const struct request *q);
void networks_make(struct out *o, const struct request *q);
void survey_make(struct out *o, const struct request *q);
void big_make(struct out *o, const struct request *q);
void hostile_make(struct out *o, const struct request *q);

#endif
