/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of an XLSX workbook beside its sheets: the list of sheets, shared strings, styles of
 * dates.
 *
 * All of it lives in the arena.  Shared strings may take 256 MiB.  Source: ECMA-376 part 1.
 */
#ifndef MARSAD_FORMAT_XLSX_PARTS_H
#define MARSAD_FORMAT_XLSX_PARTS_H

#include "base/arena.h"
#include "format/xml.h"

enum xlsx_style { XLSX_NUMBER, XLSX_DAY, XLSX_CLOCK };

struct xlsx_book {
    struct arena *arena;
    const char **sheet;  /* names */
    const char **target; /* the entry of each sheet */
    uint32_t sheets;
    bool from_1904;
    enum xlsx_style *style; /* of each cell format */
    uint32_t styles;
    struct text *string;
    uint32_t strings;
};

int xlsx_book_read(struct xlsx_book *, struct zip *, struct arena *, struct error *);

/* What a code of a number format shows: yyyy-mm-dd, [h]:mm, 0.00 "d". */
enum xlsx_style xlsx_style_of(const char *code);
enum xlsx_style xlsx_style_built_in(long id);
/* _x000D_ and its like in place; the new length. */
uint32_t xlsx_unescape(char *, uint32_t len);

#endif
