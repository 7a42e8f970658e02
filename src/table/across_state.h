/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the two halves of table/across.h share: across_parse.c reads the rule, across.c the rows.
 */
#ifndef MARSAD_TABLE_ACROSS_STATE_H
#define MARSAD_TABLE_ACROSS_STATE_H

#include "base/period.h"
#include "base/sum.h"
#include "table/across.h"
#include "table/age_class.h"
#include "table/dictionary.h"

enum { ACROSS_KEYS = 16 };

/* What becomes of a side of a rule of groups. */
enum fold { FOLD_SUM, FOLD_COUNT, FOLD_MIN, FOLD_MAX, FOLD_SAME, FOLD_NUMBER };

struct side {
    enum fold fold;
    uint32_t column;
    struct decimal number; /* FOLD_NUMBER */
};

/* What is known of a group: the left side less the right side, of sums and counts; the others. */
struct cluster {
    struct sum difference;
    struct decimal value[2]; /* FOLD_MIN, FOLD_MAX, FOLD_SAME */
    uint64_t first;          /* row */
    bool broken;             /* a cell is no number, or the same column differs */
};

/* A value in time, or a class of age. */
struct point {
    uint32_t cluster;
    int32_t day; /* or the first age */
    int32_t end; /* the last age */
    struct decimal value;
    uint64_t number;
};

struct across {
    struct arena *arena;
    enum across_kind kind;
    struct side side[2];
    unsigned allowed; /* left below right 1, equal 2, above 4 */
    uint32_t key[ACROSS_KEYS], keys, over;
    const char *file;
    struct text target_name;
    struct dictionary *target;    /* the cells of the column there */
    struct dictionary *keys_seen; /* groups, or keys */
    struct cluster *cluster;      /* by number of the group */
    size_t cluster_room;
    struct point *point;
    size_t points, point_room;
};

#endif
