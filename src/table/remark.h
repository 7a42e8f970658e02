/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What computed figures are told with in their column `note`, in the language of the reader.
 *
 * remark_text() fills the places {1} and {2} of a sentence.  Cost: a copy in the arena.  Misuse:
 * reading a note by a program: status and value say what can be computed with.
 */
#ifndef MARSAD_TABLE_REMARK_H
#define MARSAD_TABLE_REMARK_H

#include "base/arena.h"
#include "base/text.h"
#include "table/language.h"

enum remark {
    REMARK_ZERO,           /* division by zero */
    REMARK_NO_FIGURE,      /* {1}: a period or the code of an indicator */
    REMARK_NO_OPERAND,     /* {1}: the label of an indicator */
    REMARK_NO_EARLIER,     /* nothing before */
    REMARK_NO_PERIOD,      /* no figure for this period */
    REMARK_NO_PART,        /* no figure for this part */
    REMARK_NO_BASE,        /* {1}: the period of the base */
    REMARK_SINCE,          /* {1}: a day */
    REMARK_POINT,          /* a day has no period before it */
    REMARK_GAP,            /* {1}: a period */
    REMARK_GAP_PART,       /* {2}: a part of it */
    REMARK_OVERLAP,        /* years that overlap */
    REMARK_OF_SUM,         /* {1}: how many parts */
    REMARK_NO_TOTAL,       /* no total published */
    REMARK_TOTAL_MISSING,  /* and a part is missing */
    REMARK_TOTAL_REST,     /* and a part is a rest of others */
    REMARK_TOTAL_UNLISTED, /* and a part has no listed code */
    REMARKS
};

/* Texts that have no place in the sentence are not used. */
struct text remark_text(struct arena *, enum language, enum remark, struct text one,
                        struct text two);

#endif
