/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A class of completed ages, as people write it (`15-24 ans`, `moins de 15 ans`, `60 ans et plus`,
 * `under 5`, `أقل من 15 سنة`) and as SDMX does: Y15T24, Y_LT15, Y_GE60, and Y30 for one age.
 * A class has one code: from 0 on it is Y_LT, but Y0T4, as in the list age_group.
 *
 * Bounds are whole years, both included.  `Plus de 60 ans` is ambiguous: from 60 on or from 61 on.
 * `15-24 mois` is unknown: only years are read.  Source: CL_AGE of the SDMX global
 * registry.
 */
#ifndef MARSAD_TABLE_AGE_CLASS_H
#define MARSAD_TABLE_AGE_CLASS_H

#include "base/text.h"

enum { AGE_OPEN = -1, AGE_MOST = 130, AGE_CLASS_TEXT = 12 };

struct age_class {
    int first, last; /* last AGE_OPEN: and over */
};

enum age_match { AGE_READ, AGE_AMBIGUOUS, AGE_UNKNOWN };

/* Where ambiguous, the class is the first candidate and begins one year before the second. */
enum age_match age_class_read(struct text, struct age_class *);

/* The code, at most AGE_CLASS_TEXT bytes, no NUL. */
size_t age_class_format(struct age_class, char *out);

#endif
