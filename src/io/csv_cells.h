/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Columns of cells, several cells at a time; of csv_isa().
 *
 * csv_cut() makes the cells of a column of records that stand one behind the other: mark[0] is the
 * end of the first cell, which begins at `begin`, and mark[step * i] that of cell i, which begins
 * behind the mark before.  changes_*() are text_mark_changes(): the first eight bytes of each cell
 * as a word, which is compared with that of the cell before.
 */
#ifndef MARSAD_IO_CSV_CELLS_H
#define MARSAD_IO_CSV_CELLS_H

#include "base/text.h"

void csv_cut(const char *bytes, const uint32_t *mark, uint32_t step, uint32_t begin, uint32_t n,
             struct text *cell);

#if defined(__x86_64__)
void cut_avx512(const char *bytes, const uint32_t *mark, uint32_t step, uint32_t begin, uint32_t n,
                struct text *cell);
void changes_avx2(const struct text *cell, uint32_t n, bool *changed);
void changes_avx512(const struct text *cell, uint32_t n, bool *changed);
#endif

#endif
