/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is written around a table: its title and its notes, in three languages.
 *
 * A caption gathers, observation by observation, the indicator, unit, sources, vintages and notes,
 * and watches the columns that the table does not show: a table whose figures differ in sex or
 * period without saying so misleads, so caption_refused() tells the caller to refuse it.  Captions
 * of parts of the input are merged.
 */
#ifndef MARSAD_FORMAT_CAPTION_H
#define MARSAD_FORMAT_CAPTION_H

#include "format/crosstab.h"
#include "format/note_set.h"
#include "table/batch.h"
#include "table/span.h"

/* A column that the table does not show. */
struct watched {
    struct text name;
    uint32_t column;
    bool fatal;                  /* two values in one table are refused; else they are noted */
    struct text first;           /* its value in the first observation, */
    struct origin origin, other; /* that one, and the first that has another value */
    struct labels labels;
};

struct caption {
    struct arena *arena;
    struct note_set notes;
    struct labels producer, unit, indicator;
    struct watched *watched;
    uint32_t watches;
    int producer_column, as_of_column, source_column, note_column, period_column, indicator_column;
    struct text period;  /* the first one seen */
    struct span covered; /* all of them */
    bool periods;        /* more than one */
    uint32_t dimensions;
    const struct text *dimension; /* names of the columns shown, rows before columns */
    struct keys cited, noted;     /* what was seen of sources and notes */
    struct keys indicators;       /* that were seen */
};

/* Lists, columns, watches and dimensions are then the caller's to set. */
void caption_open(struct caption *, struct arena *);

/* Is this a column that must not vary unseen? */
bool caption_watches(struct text column, bool *fatal);

/* Notes an observation.  `public`: its note may be printed. */
void caption_add(struct caption *, const struct batch *, uint32_t row, uint64_t record,
                 bool public);

void caption_merge(struct caption *, const struct caption *from);

/* Of the columns that may not vary the one that did so first; NULL: none. */
const struct watched *caption_refused(const struct caption *);

const struct watched *caption_find(const struct caption *, const char *column);

/* Figures in a unit of kind `rate`, which are not added up: of an indicator, of all the table. */
bool caption_rate_of(const struct caption *, struct text indicator);
bool caption_is_rate(const struct caption *);

/* Is this indicator computed by a formula of the catalogue?  Are those of all the table? */
bool caption_derived(const struct caption *, struct text indicator);
bool caption_is_derived(const struct caption *);

/* Adds title, unit, fixed dimensions and the rest; `title` NULL: from the indicator. */
void caption_close(struct caption *, const char *title, enum language);

void caption_mark(struct caption *, struct text mark, enum word);

#endif
