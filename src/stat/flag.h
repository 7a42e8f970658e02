/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether an estimate may be published: as it is, with a warning, or not.
 *
 *     cv    few records or a large coefficient of variation withholds, a middling one warns
 *     nchs  proportions, by the interval of Korn & Graubard: Parker et al. 2017, Vital and Health
 *           Statistics 2(175), National Center for Health Statistics Data Presentation Standards
 */
#ifndef MARSAD_STAT_FLAG_H
#define MARSAD_STAT_FLAG_H

enum flag { FLAG_SHOW, FLAG_WARN, FLAG_WITHHOLD };

/* cv in percent; NaN counts as above all limits. */
enum flag flag_cv(double n, double cv, double least_n, double warn_cv, double most_cv);

/* *why: a phrase for people. */
enum flag flag_nchs(double p, double se, double n, double df, double level, const char **why);

#endif
