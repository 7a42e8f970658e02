/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the stage `estimate` share.
 *
 *     estimate.c          the options, the manual, the stage
 *     estimate_keys.c     groups of the rows of a batch: units, domains
 *     estimate_frame.c    the sample design as it is read: units, strata, populations
 *     estimate_request.c  which statistics are asked for
 *     estimate_fold.c     sums by unit and domain, for one --by: cells, the order at the end
 *     estimate_add.c      what the rows of a batch add to them
 *     estimate_missing.c  what rows with a missing value would have added
 *     estimate_table.c    cells as a table of units by domains
 *     estimate_levels.c   the same by the levels of a column
 *     estimate_merge.c    the same of several workers put together
 *     estimate_view.c     one domain of tables, of all workers
 *     estimate_slice.c    the sums of one domain, column by column
 *     estimate_linear.c   statistic and influence values of a domain from these
 *     estimate_quantile.c quantiles, which keep their values
 *     estimate_contrast.c differences and ratios between domains
 *     estimate_replicate.c  statistics and variance by replicate weights; with
 *       estimate_replicate_open.c, _make.c, _sum.c, _df.c
 *     estimate_calibrated.c  residuals of calibrated weights; estimate_recalibrate.c: replicates
 *     estimate_results.c  the results of all domains, by several threads
 *     estimate_write.c    results as rows: intervals, flags, notes
 *     estimate_sample.c   what compare, test and regress read in the same way
 *
 * A row costs a look-up of its unit, and for each --by one of its domain and one of the pair, the
 * cell; then an addition a sum.  All doubles are made at the end from the sums of the cells, in the
 * order of the sorted design, so that the order of rows does not matter.
 */
#ifndef MARSAD_STAGES_ESTIMATE_H
#define MARSAD_STAGES_ESTIMATE_H

#include <math.h>

#include "base/product_tally.h"
#include "base/tally.h"
#include "chain/stage.h"
#include "stat/design.h"
#include "stat/interval.h"
#include "stat/quantile.h"
#include "table/expression.h"
#include "table/group.h"
#include "table/pair_index.h"

/* found[i]: the group of row i by these columns; TALLY_SKIP where it is not used (`use` NULL: all
 * are) or a key is missing.  New groups are numbered in the order of the rows.  *scattered is kept
 * from batch to batch: rows seldom repeat the row before. */
void rows_group(struct groups *, const uint32_t *column, uint32_t keys, const struct batch *,
                const bool *use, bool *scattered, uint32_t *found);

/* ---- the frame ---- */

enum { FRAME_FILES = 256, STRATA = 4, FRAME_KEYS = STRATA + DESIGN_STAGES };

struct frame {
    int weight, probability;
    int stratum[STRATA];
    int psu[DESIGN_STAGES], fpc[DESIGN_STAGES];
    uint32_t stages, fpcs, strata_columns;
    bool nest, by_record, single; /* without --psu each row is a unit, or (single) all are one */
    uint32_t key_columns;         /* of a unit: those of the stratum and the stages kept */
    struct groups *strata;        /* by the stratum's text */
    struct groups *unit;          /* by stratum and ids of the stages */
    struct groups *alone;         /* by the id of the first stage, to find ids that strata share */
    uint32_t units;               /* seen */
    size_t stratum_room, fpc_room[DESIGN_STAGES], alone_room, probability_room;
    uint32_t *stratum_of;                       /* of each unit */
    uint32_t *alone_stratum;                    /* of each id of the first stage */
    double *population[DESIGN_STAGES], *chance; /* of each unit, as read */
    bool negative;  /* weights below 0 are taken (linear calibration makes them) */
    bool scattered; /* rows of a unit are apart */
    bool traced;    /* origins of rows are wanted: units or values keep theirs */
    uint32_t files;
    struct text file[FRAME_FILES];
    uint64_t made; /* rows without an origin so far */
    size_t origin_room;
    uint64_t *origin; /* of each unit, where each row is one */
    /* made at the end */
    struct design design;
    uint32_t *leaf;          /* of each unit: its place in the design */
    uint32_t *unit_at;       /* of each leaf */
    uint32_t *place, places; /* of what folds sum by: units and their leaves, or parts of them */
    uint32_t *stratum_at;    /* of each stratum of the design: one of its strata */
};

/* Of the rows of a batch. */
struct weights {
    const struct decimal *exact;
    const struct scaled *scaled; /* the same at one scale */
    int column;                  /* where they stand, or NO_COLUMN: all are 1 */
};

int frame_open(struct step *, struct frame *);
/* further: an option that may name one more column of strata; nest: as with --nest. */
int frame_open_further(struct step *, struct frame *, const char *further, bool nest);
/* unit[i] of each row, and the weights; all checked. */
int frame_add(struct step *, struct frame *, const struct batch *, const uint64_t *origin,
              uint32_t *unit, struct weights *);
int frame_finish(struct step *, struct frame *);
/* The origin of each row: number of its file << 40 | line.  It orders rows as they were read,
 * whatever the number of workers; NULL where nobody wants it. */
const uint64_t *frame_origins(struct step *, struct frame *, const struct batch *);
/* Adds the units of another worker; unit[] is what they become here, file[] the same of files. */
int frame_merge(struct step *, struct frame *, const struct frame *from, uint32_t *unit,
                uint32_t *file);
/* origins with the files' numbers in the order of their names. */
void frame_sort_origins(const struct frame *, uint64_t *origin, size_t count);
void frame_close(struct frame *);
/* Whether a manifest of the design (`stratum,psus`) agrees; and writes one. */
int frame_check(struct step *, const struct frame *, const struct table *);
int frame_write(struct step *, const struct frame *, unsigned port);
const struct schema *frame_schema(struct arena *);
/* The name of a stratum of the design, its columns joined by a slash. */
struct text frame_stratum(const struct frame *, uint32_t stratum, struct arena *);

/* ---- requests ---- */

enum statistic {
    STAT_COUNT,
    STAT_TOTAL,
    STAT_MEAN,
    STAT_RATIO,
    STAT_VARIANCE,
    STAT_TALLY,
    STAT_PROPORTION,
    STAT_QUANTILE,
};

#define NO_SET UINT32_MAX

struct request {
    enum statistic kind;
    int x, y;                                       /* columns; y: of a ratio's denominator */
    double p;                                       /* of a quantile */
    struct text variable;                           /* how it is called in the output */
    uint32_t set, x_sum, y_sum, xx, xy, yy, square; /* numbers in every fold */
    uint32_t level;                                 /* tally, proportion: which level column */
    uint32_t store;                                 /* quantile: which values */
};

/* Rows that are complete in one or two columns. */
struct set {
    int x, y;
};

/* base: the same of the set of x alone, which it is as long as no row lacks y; or itself. */
struct first_moment {
    uint32_t set, base;
    int x;
};

struct second_moment {
    uint32_t set, base;
    int x, y;   /* sum of w x y; NO_COLUMN both: of w w */
    bool cells; /* kept by cell, else by domain */
};

struct requests {
    uint32_t count, sets, firsts, seconds, levels, stores;
    struct request *request;
    struct set *set;
    struct first_moment *first;
    struct second_moment *second;
    int *level, *store; /* columns */
};

enum deff { DEFF_WITHOUT, DEFF_WITH, DEFF_KISH, DEFF_NONE };

int requests_open(struct step *, struct requests *, enum deff);

/* ---- folds ---- */

/* Rows that a set lacks: mostly few, and so a list of the cells that have some. */
struct missing {
    uint32_t as; /* the set that lacks the same rows so far: that of x alone, or itself */
    uint32_t entries;
    struct pair_index *index; /* of entries by unit and domain; NULL: none so far */
    size_t unit_room, domain_room, count_room;
    uint32_t *unit, *domain, *count;
    struct tally sum;        /* of their weights */
    uint32_t *order, *start; /* made at the end: entries by domain; NULL: there is none */
};

/* Values kept for quantiles, of one column. */
struct store {
    uint32_t count;
    size_t x_room, w_room, unit_room, domain_room, origin_room;
    double *x, *w;
    uint64_t *origin;
    uint32_t *unit, *domain;
    uint32_t *order, *start; /* made at the end: by domain, in each as they came */
};

/* A worker's table that is not merged: its cells are added when a domain is worked out. */
struct fold_part {
    struct fold *fold;
    struct fold_part *next;
    uint32_t *unit, *domain; /* what its units and domains are in the fold that has it */
    uint32_t *unit_at, *of; /* the other way, made at the end: by place, by domain; or TALLY_SKIP */
};

struct fold {
    struct arena *arena;
    uint32_t keys, *by;         /* columns of the input */
    int level;                  /* NO_COLUMN, or a column whose levels are told apart */
    uint32_t number;            /* of a fold of levels: among those of its column's */
    bool scattered;             /* rows of a domain are apart */
    bool bare;                  /* only weights: a fold of levels */
    struct fold *above;         /* of a fold of levels: that of the same keys */
    struct fold *levels, *next; /* the folds of levels of this one; the next of these */
    struct groups *domains;
    struct level_domains *by_level; /* of a fold of levels: domains by that of `above` and level */
    /* Of it, as long as its cells lie in the rows of `above`: there are `width` in such a row, the
     * one of a level is number `at` + level, and there is room for `slots`; 0: they are apart. */
    uint32_t width, at, slots;
    bool turned; /* of a view: its levels have the numbers of the fold it is added to */
    uint32_t cells;
    uint32_t units;           /* all are below */
    uint32_t span;            /* cells are a table, this number of a unit; 0: a list */
    struct pair_index *index; /* of a list: cells by unit and domain, and both of each cell */
    size_t unit_room, domain_room, row_room;
    uint32_t *unit, *domain;
    int64_t *row; /* of each cell: its records, then the sums that are lent to the tallies */
    uint32_t words, stride; /* its own of a row; those of its folds of levels are behind them */
    struct tally weight;
    struct missing *missing; /* of each set */
    /* Of one that has a base: what that has and this has not; of a first moment by the entries of
     * what its set lacks. */
    struct tally *first, *less;
    struct product_tally *second;
    uint32_t firsts, *word; /* of a first moment that is a base: its place in a row */
    struct store *store;
    uint64_t unplaced;                     /* rows without a key */
    const uint32_t *row_cell, *row_domain; /* of the rows of the present batch */
    uint32_t *merged;                      /* of another worker's fold: what its cells are here */
    struct fold_part *parts;
    bool adopted; /* it is such a part, and its folds of levels are its own */
    /* made at the end: cells by domain, in each by leaf */
    bool viewed;                    /* or not made, but looked at by fold_view() */
    uint32_t known;                 /* domains */
    uint32_t from;                  /* the first domain that start[] has */
    uint32_t *order, *start, *stop; /* start[domain - from] .. stop[domain - from] of order */
};

/* `above`, `level`: NULL and NO_COLUMN, or of a fold of levels. */
struct fold *fold_new(const struct requests *, uint32_t keys, const uint32_t *by,
                      struct fold *above, int level);
void fold_free(struct fold *, const struct requests *);
void fold_free_cells(struct fold *); /* its cells are merged into another */
/* Rows with use[i]; `cell` is scratch. */
int fold_add(struct step *, struct fold *, const struct requests *, const struct batch *,
             const bool *use, const uint32_t *unit, const uint64_t *origin,
             const struct weights *weight);
void fold_finish(struct step *, struct fold *, const struct requests *, const struct frame *);
uint32_t fold_cell(struct fold *, uint32_t unit, uint32_t domain);
/* Before cells of so many units and domains are asked for: a table or a list, with room. */
void fold_fit(struct fold *, const struct requests *, uint32_t units, uint32_t domains);
/* Cell c becomes cell place[c] of n, or none where that is TALLY_SKIP; all others are empty. */
void fold_spread(struct fold *, const struct requests *, const uint32_t *place, uint32_t n);
void fold_free_list(struct fold *); /* the index, and the units and domains of cells */
/* The cells of a table that hold records, by domain and place; start[domains + 1] is filled. */
uint32_t *fold_table_order(const struct fold *, const struct frame *, uint32_t domains,
                           uint32_t *start);
/* Rows order[from .. end) of the cells; 0 for those beyond them. */
void fold_copy_rows(int64_t *to, const struct fold *, const uint32_t *order, uint32_t from,
                    uint32_t end);
/* n rows instead of its own. */
void fold_take_rows(struct fold *, int64_t *row, uint32_t n);
/* After new cells: sums that lie in the rows learn where these are now. */
void fold_lend(struct fold *);
/* The records of a cell. */
static inline uint32_t fold_records(const struct fold *f, uint32_t cell)
{
    return (uint32_t)f->row[(size_t)cell * f->stride];
}
static inline uint32_t fold_unit(const struct fold *f, uint32_t cell)
{
    return f->span ? cell / f->span : f->unit[cell];
}
static inline uint32_t fold_domain(const struct fold *f, uint32_t cell)
{
    return f->span ? cell % f->span : f->domain[cell];
}
/* Adds the sums of another worker, whose units and files are unit[] and file[] here; domain[] is
 * filled with what its domains are here. */
int fold_merge(struct step *, struct fold *into, struct fold *from, const struct requests *,
               const struct frame *, const uint32_t *unit, const uint32_t *file, uint32_t *domain);

/* Whether sums are at the same scales, and all in the rows. */
bool folds_alike(const struct fold *, const struct fold *);
/* Adds the sums of the cells of another fold. */
bool fold_merge_cells(struct fold *into, const struct fold *from, const struct requests *r,
                      const uint32_t *cell);
void fold_merge_seconds(struct fold *into, const struct fold *from, const struct requests *,
                        const uint32_t *domain);

/* ---- what sets lack ---- */

void missing_free(struct missing *);
/* From now on what a set lacks is its own: a row is incomplete in this one alone. */
void missing_split(struct fold *, uint32_t set);
/* Counts rows by unit and domain, and adds their weights; entry[i] is filled. */
bool missing_add(struct missing *, uint32_t rows, const uint32_t *unit, const uint32_t *domain,
                 const struct decimal *weight, uint32_t *entry);
/* What another worker's sets lack; false: a sum outgrows 38 digits. */
bool missing_merge(struct fold *into, struct fold *from, const struct requests *,
                   const uint32_t *unit, const uint32_t *domain);
/* At the end: entries by domain. */
void missing_order(struct fold *, const struct requests *);

/* ---- one domain of tables ---- */

/* Whether cells can be looked at so: a table, whose levels lie by its cells. */
bool fold_can_view(const struct fold *);
/* Makes ready for it, instead of fold_finish(). */
int fold_open_views(struct step *, struct fold *, const struct requests *, const struct frame *);
/* The cells of a domain, as a fold that has no other: those of all workers added up.  Its folds of
 * levels, in which domains are levels by their number, have the order of those of the fold. */
struct fold *fold_view(const struct fold *, const struct requests *, const struct frame *,
                       uint32_t domain, struct arena *);
void fold_view_free(struct fold *, const struct requests *);

/* ---- folds of levels ---- */

void levels_open(struct fold *);
void levels_free(struct fold *);
/* The cells (where they are not apart: f->width) and domains of the rows. */
void levels_find(struct fold *, const struct batch *, const bool *use, uint32_t *cell,
                 uint32_t *domain);
/* From now on cells are pairs of unit and domain. */
void levels_apart(struct fold *);
/* Before folds above are merged: makes both alike. */
void levels_align(struct fold *into, struct fold *from);
/* What the cells are in another fold, above[] those of the folds above; as[]: its levels. */
uint32_t *levels_cells(struct fold *into, const struct fold *from, const uint32_t *above);
/* Where the cells lie, after those above have moved or become more. */
void levels_lend(struct fold *);
void levels_finish(struct step *, struct fold *);
/* Another worker's levels get numbers here, and their domains too. */
void levels_adopt(struct fold *into, struct fold *from);
/* The number of a level, UINT32_MAX: there is none. */
uint32_t levels_number(const struct fold *, struct text level);
uint32_t levels_count(const struct fold *);
/* The rows of a view get another fold's numbers of levels, if these have as many places there. */
void levels_turn(struct fold *view, const struct fold *like);
/* Room for all levels that are known; where they are too many, they go apart. */
void levels_fit(struct fold *);
/* Whether the rows of another worker's fold above are those of this one, word for word. */
bool levels_match(const struct fold *, const struct fold *from);

/* ---- results ---- */

#define NO_NUMBER ((double)NAN)

/* Influence values of a domain over the leaves that hold a record of it. */
struct influence {
    uint32_t count;
    uint32_t *leaf;
    double *z;
};

struct result {
    double value, se, deff, df, n, weight; /* NaN: there is none */
    bool empty;                            /* no record */
    struct influence influence;
    struct interval interval;
    bool has_interval;
};

struct contrast;
struct replicates;
struct calibrated;

struct estimate {
    struct frame frame;
    struct requests requests;
    struct expression *where;
    uint32_t folds; /* fold[f]; level[f * requests.levels + l] */
    struct fold **fold, **level;
    double level_of_confidence;
    enum interval_method interval, quantile_interval;
    enum quantile_rule rule;
    enum { DF_DOMAIN, DF_DESIGN, DF_INFINITE } df;
    enum deff deff;
    bool quota, quantile_by_replicates, quantile_by_score;
    bool gaps; /* a domain that shows no variance is a row that says so, not the end */
    bool lean; /* each domain is looked at once, alone: tables of workers are not merged */
    struct flag_rule *flags;
    unsigned manifest;
    struct contrast *contrast;
    uint32_t contrasts;
    struct replicates *replicates;
    struct calibrated *calibrated;
    uint32_t columns; /* group columns of the output */
    struct writer_rows *rows;
    const struct text **levels; /* of each level column, in order: made at the end */
    uint32_t *level_count;
};

/* ---- the sample as other stages read it too: compare, test, regress ---- */

/* The number of an option's value among names[]; 0 where it is not given. */
int estimate_choice(const struct step *, const char *option, const char *const *names);
int sample_level(struct step *, struct estimate *);
int sample_where(struct step *, struct estimate *, const struct schema *in);
/* The columns of a list as --by has it; further ones are needed too. */
int sample_by(struct step *, const char *value, uint32_t **by, uint32_t *keys);
/* use[i]: whether --where holds. */
int sample_use(struct step *, struct estimate *, const struct batch *, bool *use);
/* Frame, --level, --where, --lonely, --df (whose names are given): all but the statistics. */
int sample_open(struct step *, struct estimate *, const struct schema *in,
                const char *const *df_names, const int *df_of);
/* Says which stratum has no variance; STEP_FAIL. */
int sample_lonely(struct step *, const struct frame *, enum design_fault, uint32_t stratum);
/* Degrees of freedom by --df of a domain that has records in these leaves. */
double sample_freedom(const struct estimate *, const uint32_t *leaf, uint32_t count);

/* ---- of estimate_merge.c: the stage's merge() ---- */

int estimate_merge(struct step *, struct step *from);
/* Tables of workers that were kept apart, and cannot stay so. */
int estimate_merge_parts(struct step *, struct estimate *);

/* ---- of estimate.c ---- */

int estimate_start(struct step *);
void estimate_close(struct step *);
void estimate_add_fold(struct estimate *, uint32_t keys, uint32_t *by);
int estimate_add_folds(struct step *, struct estimate *, const struct batch *, const bool *use,
                       const uint32_t *unit, const uint64_t *origin, const struct weights *weight);
int estimate_finish_folds(struct step *, struct estimate *);

/* a + factor b. */
struct influence influence_combine(const struct influence *a, const struct influence *b,
                                   double factor, struct arena *);

const char *statistic_name(enum statistic);
bool request_has_levels(const struct request *);
const struct text *estimate_groups(struct step *, const struct fold *, const struct text *key,
                                   struct arena *);
/* value, influence, deff's denominator; for quantiles all.  level: of tally and proportion. */
int estimate_result(struct step *, struct estimate *, uint32_t fold, uint32_t domain,
                    const struct request *, struct text level, struct arena *, struct result *);

struct slice; /* the sums of a domain: estimate_slice.h */

/* value, weight, n, deff, influence of a statistic in a domain; levels by level_result. */
void linear_result(struct slice *, const struct request *, struct arena *, struct result *);
void level_result(struct slice *, const struct fold *levels, uint32_t level_domain,
                  const struct request *, struct arena *, struct result *);
/* Sums over the records of each leaf of a domain, where it has any: of w, w x, w y, w x^2. */
struct leaf_sums {
    uint32_t count;
    uint32_t *leaf;
    double *w, *x, *y, *xx;
};

/* What a statistic needs of them; levels: x is the weight in the level. */
void linear_leaves(const struct estimate *, uint32_t fold, uint32_t domain, uint32_t level_domain,
                   const struct request *, struct arena *, struct leaf_sums *);
/* se and df from the influence values; -1 where the rule for lonely PSUs refuses. */
int result_variance(struct step *, const struct estimate *, struct result *);
/* The same, where several threads may work; a fault is told by sample_lonely(). */
enum design_fault result_errors(const struct estimate *, struct result *, uint32_t *stratum);

/* For replicates: the values of a domain, in order. */
struct series {
    double *x, *c; /* values, cumulated weights */
    double *w;
    uint32_t *unit, *row; /* unit of the sample; number in the store */
    uint32_t n;
};
void quantile_series(const struct estimate *, const struct fold *, uint32_t domain,
                     const struct request *, struct arena *, struct series *);
/* Woodruff's interval from the share p and r->se; sets r->interval and r->se. */
void quantile_interval(const struct estimate *, const struct series *, double p, struct result *r);
uint32_t estimate_level_domain(const struct estimate *, uint32_t fold, uint32_t domain,
                               const struct request *, struct text level, struct arena *);

int quantile_result(struct step *, const struct estimate *, const struct fold *, uint32_t domain,
                    const struct request *, struct arena *, struct result *);

#endif
