/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A period or a date as a reader writes it: `2004-01-01/P13Y` is 2004–2016, `2018-11` nov. 2018.
 *
 *     2018          2018                  2018                     2018
 *     2018-S1       1er semestre 2018     النصف الأول من 2018      1st half of 2018
 *     2018-01/08    janv.–août 2018       يناير–غشت 2018           Jan–Aug 2018
 *     2014-09-01    1er sept. 2014        فاتح شتنبر 2014          1 Sept 2014
 *
 * Equal days give equal labels.  Months in Arabic are those of Morocco; French abbreviations are
 * those of the Imprimerie nationale.  Cost: a parse and a print in the arena.  Misuse: sorting by
 * labels: order by period_order(), which is the order of time.
 */
#ifndef MARSAD_TABLE_PERIOD_LABEL_H
#define MARSAD_TABLE_PERIOD_LABEL_H

#include "base/arena.h"
#include "table/language.h"
#include "table/span.h"

/* What is no period stays as it is; `_U` is an unknown date. */
struct text period_label(struct arena *, struct text, enum language);
struct text span_label(struct arena *, struct span, enum language);

/* Earlier first day first; of two that begin together the longer one, so that a year stands before
 * its parts; what is no period behind them, by bytes. */
int period_order(struct text a, struct text b);

#endif
