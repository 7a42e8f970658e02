/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The languages that readers are written to: French (where nothing else is said), Arabic, English.
 *
 * Labels, words of tables, periods and remarks are const arrays indexed by enum language, and an
 * option `--lang` is OPTION_CHOICE "fr|ar|en" read by language_of().
 */
#ifndef MARSAD_TABLE_LANGUAGE_H
#define MARSAD_TABLE_LANGUAGE_H

#include "base/text.h"

enum language { FRENCH, ARABIC, ENGLISH, LANGUAGES };

/* fr, ar, en; French where the text is NULL. */
enum language language_of(const char *);
const char *language_code(enum language);

/* The parts of a text that is given in all languages, `fr|ar|en`.  False: it has not three parts,
 * and all are the text itself. */
bool language_parts(struct text, struct text part[LANGUAGES]);

#endif
