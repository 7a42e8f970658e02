/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folded form of a written name: what stays the same however it was typed.
 *
 * Compatibility decomposition (NFKD) and full case folding by libutf8proc; then combining marks
 * (accents, Arabic vowel signs, hamza above and below), tatweel and invisible characters go;
 * punctuation, symbols and every kind of space become one space; oe, ae, ss stand for their
 * ligatures; initials are joined (`U.S.A.` is `usa`); le, la, les, l, the go at the start.
 * Arabic: every alef is bare, ى is ي, ة is ه, the keheh is ك, a lone hamza goes (typists
 * leave it out), digits are 0-9, and the article ال goes from every word that keeps two letters.
 *
 * Folding twice changes nothing.  No locale.  Cost: about 0.2 microseconds for a country's name.
 * Misuse: as a key for texts other than short names; equal folds are not equal texts.
 */
#ifndef MARSAD_TABLE_FOLD_H
#define MARSAD_TABLE_FOLD_H

#include "base/text.h"

enum { FOLD_TEXT = 1024 };

/* Writes the fold into `out` and returns it; empty where nothing is left, or where FOLD_TEXT bytes
 * do not hold it (a name is never cut: two long texts must not become equal). */
struct text fold_text(struct text, char out[FOLD_TEXT]);

/* The fold without its spaces, into `out`. */
struct text fold_compact(struct text folded, char out[FOLD_TEXT]);

/* The digit that a code point is, European or Arabic-Indic (western or eastern); else -1. */
int letter_digit(int32_t code_point);

/* Code points of UTF-8. */
uint32_t text_letters(struct text);

#endif
