/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * estimate: totals, means, shares, ratios, variances and quantiles of a sample survey, with the
 * errors of its design.
 *
 * A fold: keeps sums by unit of the sample and domain (estimate_fold.c), and values only for
 * quantiles; everything else is worked out at the end.  The formulas are in src/stat and
 * estimate_linear.c.
 */
#include "stages/estimate.h"

#include "base/memory.h"
#include "stages/design_option.h"
#include "stages/estimate_calibrated.h"
#include "stages/estimate_contrast.h"
#include "stages/estimate_replicate.h"
#include "stages/estimate_slice.h"
#include "stages/estimate_write.h"

static const struct option_spec options[] = {
    DESIGN_OPTIONS,
    DOMAIN_OPTIONS,
    STATISTIC_OPTIONS,
    {"quantile", OPTION_TEXT, "COL:P", "quantile, P from 0 to 1", OPTION_REPEAT, ""},
    {"variance", OPTION_COLUMN, "COL", "variance of a number in the population", OPTION_REPEAT, ""},
    {"contrast", OPTION_TEXT, "COL=EXPR",
     "arithmetic of domains, as sex=F-M or region=1/(1+2), with their covariance", OPTION_REPEAT,
     ""},
    {"level", OPTION_TEXT, "P", "confidence level", 0, "0.95"},
    {"interval", OPTION_CHOICE, "HOW", "interval of a proportion", 0,
     "t|mean|logit|wilson|beta|xlogit|asin|likelihood"},
    {"quantile-rule", OPTION_CHOICE, "RULE", "how a quantile is read off", 0,
     "school|math|hf1|hf2|hf3|hf4|hf5|hf6|hf7|hf8|hf9|shahvaish"},
    {"quantile-interval", OPTION_CHOICE, "HOW", "interval of the share that is turned back", 0,
     "mean|beta|xlogit|asin|score|replicate"},
    LONELY_OPTIONS,
    DF_OPTION,
    {"deff", OPTION_CHOICE, "HOW", "design effect against a sample without or with replacement", 0,
     "without|with|kish|none"},
    {"flags", OPTION_TEXT, "RULE", "publication flags: nchs, cv or cv:WARN,MOST,RECORDS", 0, ""},
    REPLICATE_OPTIONS,
    CALIBRATED_OPTIONS,
    RECALIBRATED_OPTIONS,
    {"design", OPTION_CHOICE, "KIND", "quota: no design-based error exists, and every row says so",
     0, "sample|quota"},
    {"write-design", OPTION_OUTPUT, "FILE", "the number of primary units of each stratum", 0, ""},
    {"check-design", OPTION_TABLE, "FILE", "refuse a file that has fewer units than this one says",
     0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static const char details[] =
    "The design is that of the whole file: give all records of the sample and say what to "
    "estimate\n"
    "for by --by and --where.  A file that was filtered before has lost units of the sample, and "
    "its\n"
    "errors are wrong without a sign of it; --write-design FILE keeps what the design is, and\n"
    "--check-design FILE refuses a file that does not have it any more.\n"
    "\n"
    "The result is one row for each domain and statistic: the group columns (_T where a --by does "
    "not\n"
    "have a column), statistic, variable, value, its standard error, cv in percent, the limits of "
    "the\n"
    "interval, the design effect, degrees of freedom, the number of records with a weight, an "
    "SDMX\n"
    "status and a note.  Status A is a normal value; U one that is shown with care (all or none, "
    "one\n"
    "unit, a large cv); Q withheld by --flags; M where nothing can be: the mean of no record.\n"
    "\n"
    "A row whose value is missing is in no domain of that statistic; one whose key is missing is "
    "in no\n"
    "domain, and a warning counts them.  A weight of 0 keeps the unit in the design and the row "
    "out of\n"
    "the domains; a missing or negative weight is an error, as are missing strata and units, and a "
    "unit\n"
    "that stands in two strata, unless --nest says that strata number their units alike.\n"
    "\n"
    "Variances are by Taylor linearisation from the sums of the primary units; with --fpc also of "
    "the\n"
    "units of the further stages.  Without --psu every record is a unit.  With --replicates they "
    "are\n"
    "by replicate weights; with --replicate-type and no --replicates these are made here as "
    "factors of\n"
    "the primary units.  Degrees of freedom are units less strata that hold a record of the "
    "domain;\n"
    "of replicates the rank of the weights of the domain's records, a column a replicate, less 1, "
    "as in\n"
    "R's survey: 8 bytes x rank x replicates a domain while it is below their number (--df design: "
    "once).\n"
    "\n"
    "A stratum of one unit has no variance: --lonely fail refuses; remove and certainty count 0; "
    "adjust\n"
    "takes the distance from the mean of all units; average takes the mean of the other strata; "
    "collapse\n"
    "joins such strata in pairs.\n"
    "\n"
    "--calibrated FILE says that --weight meets these margins (marsad calibrate); the errors are "
    "then\n"
    "those of residuals of the regression on them (Deville and Sarndal 1992), which is what was "
    "gained\n"
    "by it.  --base-weight is the weight that calibrate started from; --by-household and\n"
    "--calibrated-scale are as it was told.  A warning says where the weights do not meet the "
    "file.\n"
    "With replicates, made here or columns of base weights, each is calibrated to the margins for "
    "itself,\n"
    "by --calibrated-method and --calibrated-bounds, and the errors are by these; what was trimmed "
    "or\n"
    "adjusted for non-response is not repeated: let calibrate --replicates do that.\n"
    "\n"
    "--proportion gives each level of a column that occurs anywhere in the file, --tally its sum "
    "of\n"
    "weights.  --contrast 'sex=F-M' adds for each statistic, and each combination of the other "
    "columns\n"
    "of a --by that has sex, the difference of the domains (of quantiles by replicates alone); "
    "the\n"
    "expression has levels, + - * /, ( ), \"quoted levels\" and #2 for the number 2.\n"
    "\n"
    "--flags cv withholds a row of fewer than 30 records or a cv above 33.3 % and warns above 16.5 "
    "%;\n"
    "--flags nchs judges proportions by the presentation standards of the NCHS.";

/* ---- open ---- */

static const enum quantile_rule rules[] = {QUANTILE_SCHOOL, QUANTILE_MATH, QUANTILE_MATH,
                                           QUANTILE_SCHOOL, QUANTILE_HF3,  QUANTILE_HF4,
                                           QUANTILE_HF5,    QUANTILE_HF6,  QUANTILE_HF7,
                                           QUANTILE_HF8,    QUANTILE_HF9,  QUANTILE_SHAHVAISH};
static const enum interval_method quantile_intervals[] = {
    INTERVAL_T, INTERVAL_BETA, INTERVAL_XLOGIT, INTERVAL_ASIN, INTERVAL_T, INTERVAL_T};
static const enum interval_method intervals[] = {
    INTERVAL_T,    INTERVAL_T,      INTERVAL_LOGIT, INTERVAL_WILSON,
    INTERVAL_BETA, INTERVAL_XLOGIT, INTERVAL_ASIN,  INTERVAL_LIKELIHOOD};

static void open_choices(struct step *step, struct estimate *e)
{
    static const char *const interval[] = {"t",      "mean", "logit",      "wilson", "beta",
                                           "xlogit", "asin", "likelihood", NULL};
    static const char *const lonely[] = {"fail",    "remove",   "certainty", "adjust",
                                         "average", "collapse", NULL};
    static const char *const df[] = {"domain", "design", "inf", NULL};
    static const char *const deff[] = {"without", "with", "kish", "none", NULL};
    static const char *const rule[] = {"school", "math", "hf1", "hf2", "hf3",       "hf4", "hf5",
                                       "hf6",    "hf7",  "hf8", "hf9", "shahvaish", NULL};
    static const char *const woodruff[] = {"mean",  "beta",      "xlogit", "asin",
                                           "score", "replicate", NULL};
    static const char *const design[] = {"sample", "quota", NULL};
    e->interval = intervals[estimate_choice(step, "interval", interval)];
    e->frame.design.lonely = (enum lonely)estimate_choice(step, "lonely", lonely);
    e->frame.design.lonely_domains = step_flag(step, "lonely-domains");
    e->df = (uint32_t)estimate_choice(step, "df", df);
    e->deff = (enum deff)estimate_choice(step, "deff", deff);
    e->rule = rules[estimate_choice(step, "quantile-rule", rule)];
    e->quantile_interval = quantile_intervals[estimate_choice(step, "quantile-interval", woodruff)];
    e->quantile_by_score = estimate_choice(step, "quantile-interval", woodruff) == 4;
    e->quantile_by_replicates = estimate_choice(step, "quantile-interval", woodruff) == 5;
    e->quota = estimate_choice(step, "design", design) == 1;
}

void estimate_add_fold(struct estimate *e, uint32_t keys, uint32_t *by)
{
    const struct requests *r = &e->requests;
    e->fold[e->folds] = fold_new(r, keys, by, NULL, NO_COLUMN);
    for (uint32_t l = 0; l < r->levels; l++)
        e->level[(size_t)e->folds * r->levels + l] =
            fold_new(r, keys, by, e->fold[e->folds], r->level[l]);
    e->folds++;
}

static int open_folds(struct step *step, struct estimate *e, const struct schema *in,
                      struct schema *out)
{
    uint32_t given = step_option_count(step, "by");
    e->fold = arena_zarray(step_arena(step), (size_t)given + 1, sizeof *e->fold);
    e->level = arena_zarray(step_arena(step), ((size_t)given + 1) * (e->requests.levels + 1),
                            sizeof *e->level);
    for (uint32_t i = 0; i < given; i++) {
        uint32_t *by, keys;
        if (sample_by(step, step_option_nth(step, "by", i), &by, &keys) != STEP_OK)
            return STEP_FAIL;
        for (uint32_t k = 0; k < keys; k++)
            if (schema_find(out, in->name[by[k]]) == NO_COLUMN)
                schema_add(out, in->name[by[k]]);
        estimate_add_fold(e, keys, by);
    }
    if (given == 0 || step_flag(step, "overall"))
        estimate_add_fold(e, 0, NULL);
    e->columns = out->columns;
    return rows_schema(step, out);
}

static int estimate_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct estimate *e = step_state(step);
    e->gaps = true;
    if (frame_open(step, &e->frame) != STEP_OK)
        return STEP_FAIL;
    open_choices(step, e);
    if (sample_level(step, e) != STEP_OK || flags_open(step, e) != STEP_OK ||
        sample_where(step, e, in) != STEP_OK ||
        requests_open(step, &e->requests, e->deff) != STEP_OK ||
        open_folds(step, e, in, out) != STEP_OK || contrasts_open(step, e) != STEP_OK ||
        replicates_open(step, e, in) != STEP_OK || calibrated_open(step, e) != STEP_OK)
        return STEP_FAIL;
    e->lean = !e->contrasts && !e->replicates && !e->calibrated && !e->requests.stores;
    for (uint32_t i = 0; i < e->requests.seconds; i++)
        e->lean = e->lean && !e->requests.second[i].cells;
    e->frame.traced |= e->requests.stores > 0;
    e->manifest = step_port(step, "write-design", frame_schema(step_arena(step)));
    return step_error(step)->code ? STEP_FAIL : STEP_OK;
}

int estimate_start(struct step *step)
{
    return calibrated_start(step, step_state(step));
}

/* ---- push ---- */

int estimate_add_folds(struct step *step, struct estimate *e, const struct batch *b,
                       const bool *use, const uint32_t *unit, const uint64_t *origin,
                       const struct weights *weight)
{
    const struct requests *r = &e->requests;
    for (uint32_t f = 0; f < e->folds; f++)
        if (fold_add(step, e->fold[f], r, b, use, unit, origin, weight) != STEP_OK)
            return STEP_FAIL;
    for (uint32_t f = 0; f < e->folds * r->levels; f++)
        if (fold_add(step, e->level[f], r, b, use, unit, origin, weight) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

static int estimate_push(struct step *step, struct batch *b)
{
    struct estimate *e = step_state(step);
    uint32_t *unit = arena_array(b->arena, b->rows, sizeof *unit);
    bool *use = arena_array(b->arena, b->rows, sizeof *use);
    const uint64_t *origin = frame_origins(step, &e->frame, b);
    struct weights weight;
    if (frame_add(step, &e->frame, b, origin, unit, &weight) != STEP_OK ||
        sample_use(step, e, b, use) != STEP_OK ||
        (e->calibrated && calibrated_add(step, e, b, unit) != STEP_OK) ||
        estimate_add_folds(step, e, b, use, unit, origin, &weight) != STEP_OK)
        return STEP_FAIL;
    if (e->replicates && replicates_add(step, e, b, use, weight.exact) != STEP_OK)
        return STEP_FAIL;
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

/* ---- finish ---- */

/* The cells of the group columns: _T where this --by does not have one. */
const struct text *estimate_groups(struct step *step, const struct fold *f, const struct text *key,
                                   struct arena *a)
{
    const struct estimate *e = step_state(step);
    const struct schema *in = step_in(step), *out = step_out(step);
    struct text *group = arena_array(a, e->columns, sizeof *group);
    for (uint32_t g = 0; g < e->columns; g++) {
        group[g] = TEXT("_T");
        for (uint32_t k = 0; k < f->keys; k++)
            if (text_equal(in->name[f->by[k]], out->name[g]))
                group[g] = key[k];
    }
    return group;
}

static const char *const statistic_names[] = {"count",    "total", "mean",       "ratio",
                                              "variance", "tally", "proportion", "quantile"};

const char *statistic_name(enum statistic kind)
{
    return statistic_names[kind];
}

bool request_has_levels(const struct request *q)
{
    return q->kind == STAT_TALLY || q->kind == STAT_PROPORTION;
}

/* The domain of a fold of levels that has this key and level, or UINT32_MAX. */
uint32_t estimate_level_domain(const struct estimate *e, uint32_t fold, uint32_t domain,
                               const struct request *q, struct text level, struct arena *a)
{
    struct fold *levels = e->level[(size_t)fold * e->requests.levels + q->level];
    struct text *key = arena_array(a, (size_t)levels->keys + 1, sizeof *key);
    for (uint32_t k = 0; k < levels->keys; k++)
        key[k] = group_key(e->fold[fold]->domains, domain)[k];
    key[levels->keys] = level;
    uint32_t found = group_find(levels->domains, key, NULL); /* an unknown one becomes the last */
    return found < levels->known ? found : UINT32_MAX;
}

int estimate_result(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                    const struct request *q, struct text level, struct arena *a, struct result *r)
{
    if (q->kind == STAT_QUANTILE)
        return quantile_result(step, e, e->fold[fold], domain, q, a, r);
    struct slice s;
    slice_open(&s, e, e->fold[fold], domain, a);
    if (request_has_levels(q))
        level_result(&s, e->level[(size_t)fold * e->requests.levels + q->level],
                     estimate_level_domain(e, fold, domain, q, level, a), q, a, r);
    else
        linear_result(&s, q, a, r);
    return STEP_OK;
}

/* The levels of a column, in order; those of all the domains of all folds. */
static const struct text *all_levels(struct estimate *e, const struct request *q, struct arena *a,
                                     uint32_t *count)
{
    struct groups *g = groups_new(1);
    for (uint32_t f = 0; f < e->folds; f++) {
        const struct fold *levels = e->level[(size_t)f * e->requests.levels + q->level];
        for (uint32_t d = 0; d < levels->known; d++)
            group_find(g, group_key(levels->domains, d) + levels->keys, NULL);
    }
    *count = groups_count(g);
    const uint32_t *order = groups_order(g, a);
    struct text *level = arena_array(a, *count, sizeof *level);
    for (uint32_t i = 0; i < *count; i++)
        level[i] = text_copy(a, group_key(g, order[i])[0]);
    groups_free(g);
    return level;
}

static void warn_unplaced(struct step *step, const struct estimate *e)
{
    for (uint32_t f = 0; f < e->folds; f++)
        if (e->fold[f]->unplaced)
            step_warn(step, NOWHERE,
                      "%llu rows are in no domain of --by %s: a group column is missing there",
                      (unsigned long long)e->fold[f]->unplaced, step_option_nth(step, "by", f));
}

int estimate_finish_folds(struct step *step, struct estimate *e)
{
    const struct requests *r = &e->requests;
    for (uint32_t f = 0; f < e->folds; f++) {
        struct fold *fold = e->fold[f];
        if (fold->keys == 0)
            group_find(fold->domains, NULL, NULL);
        if (!e->lean || !fold_can_view(fold))
            fold_finish(step, fold, r, &e->frame);
        else if (fold_open_views(step, fold, r, &e->frame) != STEP_OK)
            return STEP_FAIL;
    }
    for (uint32_t f = 0; f < e->folds * r->levels; f++)
        if (!e->level[f]->above->viewed)
            fold_finish(step, e->level[f], r, &e->frame);
    e->levels = arena_zarray(step_arena(step), r->levels, sizeof *e->levels);
    e->level_count = arena_zarray(step_arena(step), r->levels, sizeof *e->level_count);
    for (uint32_t i = 0; i < r->count; i++)
        if (request_has_levels(&r->request[i]))
            e->levels[r->request[i].level] = all_levels(e, &r->request[i], step_arena(step),
                                                        &e->level_count[r->request[i].level]);
    return STEP_OK;
}

static int check_design(struct step *step, struct estimate *e)
{
    if (!step_option(step, "check-design"))
        return STEP_OK;
    const struct table *t = step_table(step, "check-design", 0);
    return t ? frame_check(step, &e->frame, t) : STEP_FAIL;
}

static int estimate_finish(struct step *step)
{
    struct estimate *e = step_state(step);
    if (frame_finish(step, &e->frame) != STEP_OK || check_design(step, e) != STEP_OK)
        return STEP_FAIL;
    if (e->calibrated && calibrated_finish(step, e) != STEP_OK)
        return STEP_FAIL;
    rows_new(step, e);
    if (estimate_merge_parts(step, e) != STEP_OK || estimate_finish_folds(step, e) != STEP_OK)
        return STEP_FAIL;
    if (e->replicates && replicates_finish(step, e) != STEP_OK)
        return STEP_FAIL;
    int status = e->manifest ? frame_write(step, &e->frame, e->manifest) : STEP_OK;
    for (uint32_t f = 0; f < e->folds && status == STEP_OK; f++)
        status = results_write(step, e, f);
    warn_unplaced(step, e);
    return status == STEP_OK ? rows_flush(step, e) : status;
}

void estimate_close(struct step *step)
{
    struct estimate *e = step_state(step);
    frame_close(&e->frame);
    for (uint32_t f = 0; f < e->folds; f++)
        fold_free(e->fold[f], &e->requests);
    for (uint32_t f = 0; f < e->folds * e->requests.levels; f++)
        fold_free(e->level[f], &e->requests);
    if (e->where)
        expression_close(e->where);
    replicates_free(e);
    calibrated_free(e);
    rows_free(e);
}

const struct stage stage_estimate = {
    .name = "estimate",
    .summary = "survey estimates with the errors of the sample design",
    .details = details,
    .example = "printf 'region,area,sex,age,w\\n1,a,F,30,10\\n1,b,M,41,12\\n1,b,F,25,12\\n' |"
               " marsad estimate --strata region --psu area --weight w --count --mean age",
    .options = options,
    .state_size = sizeof(struct estimate),
    .open = estimate_open,
    .start = estimate_start,
    .push = estimate_push,
    .merge = estimate_merge,
    .finish = estimate_finish,
    .close = estimate_close,
};
