/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of option tables that the stages of survey estimates share, so that an option has one name
 * and one text in all of them: the design, the domains, the statistics, what a lonely unit does,
 * replicate weights, and the calibration that `calibrate` made.
 *
 *     static const struct option_spec options[] = {DESIGN_OPTIONS, LONELY_OPTIONS, {0}};
 *
 * The default of a choice stands first in it; where a stage has another one (--df of compare), its
 * row stands in the stage.
 */
#ifndef MARSAD_STAGES_DESIGN_OPTION_H
#define MARSAD_STAGES_DESIGN_OPTION_H

#include "base/option.h"

/* clang-format off */
#define WEIGHT_OPTION {"weight", OPTION_COLUMN, "COL", "weight (without: 1 each)", 0, ""}

#define NEST_OPTION {"nest", OPTION_FLAG, "", "strata number their primary units alike", 0, ""}

#define DESIGN_OPTIONS                                                                             \
    {"strata", OPTION_COLUMNS, "COL,...", "stratum of each record, by its column or columns", 0,   \
     ""},                                                                                        \
    {"psu", OPTION_COLUMNS, "COL[,COL]", "primary unit, then units of further stages", 0, ""},   \
    WEIGHT_OPTION,                                                                                 \
    {"fpc", OPTION_COLUMNS, "COL[,COL]",                                                           \
     "units in the population at each stage (or the fraction taken)", 0, ""},                    \
    {"probability", OPTION_COLUMN, "COL",                                                          \
     "inclusion probability of the primary unit (Brewer); --fpc is then of further stages", 0,     \
     ""},                                                                                        \
    NEST_OPTION

#define DOMAIN_OPTIONS                                                                             \
    {"by", OPTION_COLUMNS, "COL,...", "domains by these columns; again: further ones",             \
     OPTION_REPEAT, ""},                                                                         \
    {"overall", OPTION_FLAG, "", "the whole sample too, beside --by", 0, ""},                  \
    {"where", OPTION_EXPRESSION, "EXPR", "domains hold only rows where this is true", 0, ""}

#define STATISTIC_OPTIONS                                                                          \
    {"count", OPTION_FLAG, "", "sum of weights", 0, ""},                                       \
    {"total", OPTION_COLUMN, "COL", "total of a number", OPTION_REPEAT, ""},                     \
    {"mean", OPTION_COLUMN, "COL", "mean of a number", OPTION_REPEAT, ""},                       \
    {"proportion", OPTION_COLUMN, "COL", "share of each level of a column", OPTION_REPEAT, ""},  \
    {"tally", OPTION_COLUMN, "COL", "sum of weights of each level of a column", OPTION_REPEAT,     \
     ""},                                                                                        \
    {"ratio", OPTION_TEXT, "A/B", "ratio of two totals", OPTION_REPEAT, ""}

#define LONELY_OPTIONS                                                                             \
    {"lonely", OPTION_CHOICE, "RULE", "what a stratum of one primary unit does", 0,                \
     "fail|remove|certainty|adjust|average|collapse"},                                             \
    {"lonely-domains", OPTION_FLAG, "",                                                          \
     "adjust and average also where one unit of a stratum holds the domain", 0, ""}

#define DF_OPTION                                                                                  \
    {"df", OPTION_CHOICE, "WHICH", "degrees of freedom: of the domain, the design, none (normal)", \
     0, "domain|design|inf"}

#define REPLICATE_OPTIONS                                                                          \
    {"replicates", OPTION_TEXT, "COL,...|PREFIX*", "replicate weights", 0, ""},                  \
    {"replicate-type", OPTION_CHOICE, "TYPE", "how they were made, or are to be made here",        \
     OPTION_UNSET, "bootstrap|brr|fay|jk1|jkn|sdr"},                                               \
    {"replicate-count", OPTION_INTEGER, "N", "how many are made here", 0, "500"},                  \
    {"replicate-factors", OPTION_FLAG, "", "they are factors on --weight", 0, ""},             \
    {"rho", OPTION_TEXT, "X", "of fay, from 0 up to 1", 0, "0.5"},                                 \
    {"seed", OPTION_INTEGER, "N", "of replicates made here", 0, ""},                             \
    {"scale", OPTION_TEXT, "NUMBER", "factor of the squares, in the place of the type's own", 0,   \
     ""},                                                                                        \
    {"scales", OPTION_TABLE, "FILE", "columns replicate, scale: a factor for each", 0, ""},      \
    {"mse", OPTION_FLAG, "", "squares around the estimate, not the mean of replicates", 0, ""}

#define CALIBRATED_OPTIONS                                                                         \
    {"calibrated", OPTION_TABLE, "FILE", "the margins that --weight was calibrated to",            \
     OPTION_REPEAT, ""},                                                                         \
    {"base-weight", OPTION_COLUMN, "COL", "the weight that calibrate started from", 0, ""},      \
    {"by-household", OPTION_COLUMNS, "COL,...", "as calibrate was told", 0, ""},                 \
    {"calibrated-scale", OPTION_COLUMN, "COL", "the --scale that calibrate was told", 0, ""}

/* Of replicates, which are calibrated again. */
#define RECALIBRATED_OPTIONS                                                                       \
    {"calibrated-method", OPTION_CHOICE, "METHOD",                                                 \
     "the --method that calibrate was told: replicates are calibrated so", 0,                      \
     "linear|raking|logit|truncated"},                                                             \
    {"calibrated-bounds", OPTION_TEXT, "L,U", "the --bounds that calibrate was told", 0, ""}
/* clang-format on */

#endif
