/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The notes that stand under a table on its page, as few paragraphs as can be read.
 *
 * Sources make one paragraph (a producer is named once), vintages and marks another one each; a
 * note is one by itself, and behind the tenth the reader is sent to the sheet that has them all.
 * What the table says in columns of its own (notes of kind `shown`: source, as_of) is not repeated.
 */
#ifndef MARSAD_FORMAT_PAGE_NOTES_H
#define MARSAD_FORMAT_PAGE_NOTES_H

#include "format/sheet.h"

enum { PAGE_NOTES = 10 };

/* `put` copies the text: it lives for the call. */
void page_notes(const struct sheet *, enum language, void (*put)(void *to, struct text), void *to);

#endif
