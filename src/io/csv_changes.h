/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_mark_changes(), four or eight cells at a time: the first eight bytes of each as a word,
 * which is compared with the word of the cell before.  Of csv_isa(); a fifth of the time.
 */
#ifndef MARSAD_IO_CSV_CHANGES_H
#define MARSAD_IO_CSV_CHANGES_H

#include "base/text.h"

#if defined(__x86_64__)
void changes_avx2(const struct text *cell, uint32_t n, bool *changed);
void changes_avx512(const struct text *cell, uint32_t n, bool *changed);
#endif

#endif
