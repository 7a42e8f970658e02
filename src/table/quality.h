/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report on quality: of each column how complete, valid and distinct it is, of each rule how
 * often it is broken.
 *
 *     completeness   cells that are not missing, of all rows
 *     validity       cells without a finding, of those that are not missing
 *     uniqueness     distinct texts, of the cells that are not missing; empty from 65 536 on
 *
 * Shares are per cent with two digits, half up.  Memory: the distinct texts.
 */
#ifndef MARSAD_TABLE_QUALITY_H
#define MARSAD_TABLE_QUALITY_H

#include "table/breach.h"

enum { QUALITY_COLUMNS = 10 };

struct quality;

struct quality *quality_new(struct arena *, const struct schema *);
void quality_add(struct quality *, const struct batch *, const struct breaches *);
/* Adds what another one has of other rows of the same columns. */
void quality_merge(struct quality *, const struct quality *);

/* The report as rows of texts, about columns and then about rules. */
uint32_t quality_rows(const struct quality *, const struct rule_set *);
extern const char *const quality_names[QUALITY_COLUMNS];
void quality_row(const struct quality *, const struct rule_set *, uint32_t row, struct arena *,
                 struct text out[QUALITY_COLUMNS]);

/* The same as a page of Markdown. */
struct text quality_markdown(const struct quality *, const struct rule_set *, struct arena *);

#endif
