/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sorter of rows is inside: for row_sort.c, which fills it, row_run.c, which puts rows
 * aside, and row_merge.c, which empties it. */
#ifndef MARSAD_TABLE_ROW_SORT_INSIDE_H
#define MARSAD_TABLE_ROW_SORT_INSIDE_H

#include "io/spill.h"
#include "table/row_sort.h"

/* The cells of a key: of texts the first word, and what they are as numbers. */
struct key_column {
    struct text *text;
    uint64_t *word;
    struct decimal *decimal;
    size_t text_room, word_room, decimal_room;
};

/* Rows that came together: the first of them, and its number in the input. */
struct arrival {
    uint64_t number;
    uint32_t row;
};

struct row_merge;

/* A row in memory: its number in the input (8 bytes), and the row packed. */
struct row_sort {
    uint32_t columns, keys, *column; /* column[c] is c */
    const struct row_key *key;
    size_t memory;
    struct arena *arena;
    char *piece; /* of the arena: where the next row goes */
    size_t piece_left, piece_room;
    char **row;
    struct key_column *held;
    struct arrival *arrival;
    size_t row_room, order_room, arrival_room;
    uint32_t rows, *order, arrivals;
    struct spill *spill;
    struct row_sort *next; /* those that were joined */
    struct row_merge *merge;
};

enum { ROW_NUMBER = sizeof(uint64_t) };

/* Arrays as sort.h wants them. */
void row_sort_form(const struct row_sort *, const struct key_column *, struct sort_key *form);

/* Puts the rows in order[]. */
void row_sort_order(struct row_sort *, const struct sort_crew *);

/* A row of a run: this, the words of its keys, and the row packed.  Words compare as the keys do;
 * none: they are those of the row before in this run. */
struct run_head {
    uint64_t number;
    uint32_t size; /* of the packed row */
    uint16_t words;
    bool vague; /* words do not tell all: numbers of more digits than a double has, NULs */
};

/* Writes all that is in memory as a run. */
bool row_run_write(struct row_sort *, struct error *);

/* Words for the keys of a row, made at *words, which grows; how many there are. */
uint32_t row_run_words(const struct row_sort *, const struct sort_key *form, uint32_t row,
                       uint64_t **words, size_t *room, bool *vague);

/* The columns of a batch from packed rows, of which the first two lines are asked for ahead. */
void row_sort_fill(struct batch *, const uint32_t *column, const char *const *packed);

bool row_merge_begin(struct row_sort *, struct error *);
void row_merge_free(struct row_merge *);

#endif
