/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reconcile: published figures that contradict each other, and which vintage to publish.
 *
 * All rows are kept in memory (as sort does), each becomes a claim of table/reconcile.h; at finish
 * the classes look for contradictions, the rows go on with their status and vintage, and the
 * findings go to --report.  Nothing is corrected: a value that goes on is the value that came.
 * Cost: pairs of figures of one indicator and place; made for thousands of figures, not millions.
 */
#include <inttypes.h>

#include "chain/stage.h"
#include "table/reconcile_report.h"
#include "table/reconcile_rules.h"
#include "table/reconcile_set.h"

enum { MOST_ROWS = 1000000 };

struct state {
    struct observation_layout in;
    int id, written, breakdown, category; /* columns, or NO_COLUMN */
    const struct schema *out;
    int status, vintage, rule_column; /* of the output */
    struct table_builder *rows;
    const struct table *rules_table;
    struct rules rules;
    struct claims claims;
    struct claim **claim; /* of each row, or NULL: no value to compare */
    struct ranks ranks;
    unsigned report, notes;
    const struct schema *report_schema, *notes_schema;
};

static const struct option_spec options[] = {
    {"report", OPTION_OUTPUT, "FILE", "what contradicts what, why, and a proposed reading", 0, ""},
    {"rules", OPTION_TABLE, "FILE", "which producer makes the series, for which periods, and why",
     0, ""},
    {"classes", OPTION_TEXT, "A,B", "look for these classes only", 0, ""},
    {"without", OPTION_TEXT, "A,B", "look for all classes but these", 0, ""},
    {"notes", OPTION_OUTPUT, "FILE", "notes for a sheet of the report: a legend of the classes", 0,
     ""},
    {"current", OPTION_FLAG, "", "keep what is current only", 0, ""},
    {"id", OPTION_COLUMN, "COL", "names the row in the report, no dimension", 0,
     "id, or the number of the record"},
    {"written", OPTION_COLUMN, "COL", "the label as printed, no dimension", 0, "written"},
    {"FILE", OPTION_INPUT, "FILE", "the observations (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- open ---- */

static int column_or(struct step *step, const char *option, const char *name, int *column)
{
    *column = NO_COLUMN;
    if (step_option(step, option))
        return step_column(step, option, column);
    *column = schema_find(step_in(step), text_of(name));
    return STEP_OK;
}

/* --classes or --without: on, or off. */
static int choose_classes(struct step *step, struct state *s)
{
    const char *only = step_option(step, "classes"), *without = step_option(step, "without");
    struct text list = text_of(only ? only : without ? without : ""), name;
    if (only && without)
        return step_fail(step, EX_USAGE, NOWHERE, "--classes and --without exclude each other");
    for (int i = 0; i < CLASSES; i++)
        s->claims.on[i] = !only;
    while (list.len && text_next(&list, ',', &name)) {
        enum finding_class class = reconcile_class(name);
        if (class == CLASSES)
            return step_fail(step, EX_USAGE, NOWHERE, "%.*s is no class: see reconcile --help",
                             (int)name.len, name.at);
        s->claims.on[class] = only != NULL;
    }
    return STEP_OK;
}

static void open_report(struct step *step, struct state *s)
{
    struct schema *schema = schema_new(step_arena(step));
    for (int i = 0; i < REPORT_COLUMNS; i++)
        schema_add(schema, text_of(report_column[i]));
    s->report_schema = schema;
    s->report = step_port(step, "report", schema);
    schema = schema_new(step_arena(step));
    for (int i = 0; i < NOTE_COLUMNS; i++)
        schema_add(schema, text_of(note_column[i]));
    s->notes_schema = schema;
    s->notes = step_port(step, "notes", schema);
}

static int new_column(struct step *step, struct schema *out, const char *name, int *column)
{
    *column = schema_add(out, text_of(name));
    return *column != NO_COLUMN ? STEP_OK
                                : step_fail(step, EX_DATAERR, NOWHERE,
                                            "there is a column %s already: leave it out", name);
}

static int open_schema(struct step *step, struct state *s, const struct schema *in,
                       struct schema *out)
{
    schema_add_all(out, in);
    s->out = out;
    s->status = s->in.column[OBS_STATUS];
    if (s->status == NO_COLUMN && new_column(step, out, "status", &s->status))
        return STEP_FAIL;
    s->rule_column = NO_COLUMN;
    if (new_column(step, out, "vintage", &s->vintage) ||
        (step_option(step, "rules") && new_column(step, out, "rule", &s->rule_column)))
        return STEP_FAIL;
    return step_need_all(step);
}

static int open_step(struct step *step, const struct schema *in, struct schema *out)
{
    struct state *s = step_state(step);
    if (observation_layout(step_arena(step), in, &s->in, step_error(step)) ||
        choose_classes(step, s) || column_or(step, "id", "id", &s->id) ||
        column_or(step, "written", "written", &s->written))
        return STEP_FAIL;
    s->breakdown = schema_find(in, TEXT("breakdown"));
    s->category = schema_find(in, TEXT("category"));
    if (s->breakdown == NO_COLUMN || s->category == NO_COLUMN)
        s->breakdown = s->category = NO_COLUMN;
    if (step_option(step, "rules") && !(s->rules_table = step_table(step, "rules", 0)))
        return STEP_FAIL;
    s->rows = table_builder_new(step_arena(step), in, "rows");
    open_report(step, s);
    return open_schema(step, s, in, out);
}

/* ---- start: lists and rules ---- */

static const struct codelist *list_of(struct step *step, const char *name)
{
    return codelist_built_in(step_arena(step), name, NULL, step_error(step));
}

static int start_step(struct step *step)
{
    struct state *s = step_state(step);
    s->claims.arena = step_arena(step);
    s->claims.catalogue = step_reference(step, "indicator");
    s->claims.countries = step_reference(step, "nationality");
    s->claims.nationality = list_of(step, "nationality");
    s->claims.region = list_of(step, "region");
    s->claims.sex = list_of(step, "sex");
    if (!s->claims.nationality || !s->claims.region || !s->claims.sex ||
        ranks_read(step_reference(step, "obs_status"), &s->ranks, step_error(step)))
        return STEP_FAIL;
    return !s->rules_table ||
                   !rules_read(step_arena(step), s->rules_table, &s->rules, step_error(step))
               ? STEP_OK
               : STEP_FAIL;
}

/* ---- push ---- */

static int check_cells(struct step *step, const struct state *s, const struct batch *b)
{
    static const struct {
        enum observation_column column;
        const char *what;
    } must[] = {{OBS_PERIOD, "period is no period (2018, 2018-Q3, 2018-01-01/P9M)"},
                {OBS_AS_OF, "as_of is neither a period nor _U"},
                {OBS_VALUE, "value is not a number"},
                {OBS_QUALIFIER, "qualifier is none of ~ > <"}};
    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        int c = s->in.column[must[i].column];
        const struct text *cell = c == NO_COLUMN ? NULL : batch_text(b, (uint32_t)c);
        for (uint32_t row = 0; cell && row < b->rows; row++) {
            struct span span;
            struct amount amount;
            enum bearing bearing;
            bool good = i == 0   ? span_parse(cell[row], &span)
                        : i == 1 ? vintage_parse(cell[row], &span)
                        : i == 2 ? amount_parse(cell[row], &amount)
                                 : bearing_parse(cell[row], &bearing);
            if (!good)
                return step_fail(step, EX_DATAERR, batch_place(b, row, (uint32_t)c), "%s%s",
                                 must[i].what, step_quote(step, cell[row]));
        }
    }
    return STEP_OK;
}

static int push_step(struct step *step, struct batch *b)
{
    struct state *s = step_state(step);
    if (check_cells(step, s, b))
        return STEP_FAIL;
    if (table_builder_table(s->rows)->rows > MOST_ROWS - b->rows)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "over %d figures: reconcile one indicator after the other", MOST_ROWS);
    table_builder_add(s->rows, b);
    return STEP_OK;
}

/* ---- rows become claims ---- */

static struct text field(const struct state *s, const struct table *t, uint32_t row,
                         enum observation_column c)
{
    return table_get(t, row, s->in.column[c]);
}

static bool is_axis(const struct state *s, uint32_t column)
{
    int c = (int)column;
    return c != s->id && c != s->written && c != s->breakdown && c != s->category;
}

static uint32_t read_axes(const struct state *s, const struct table *t, uint32_t row,
                          struct axis *axis)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->in.dimensions; i++)
        if (is_axis(s, s->in.dimension[i]))
            axis[n++] = (struct axis){t->schema->name[s->in.dimension[i]],
                                      table_cell(t, row, s->in.dimension[i])};
    struct text name = table_get(t, row, s->breakdown), code = table_get(t, row, s->category);
    struct text first, rest = code;
    if (name.len == 0 || text_equal(name, TEXT("total")))
        return n;
    text_next(&rest, '|', &first);
    axis[n++] = (struct axis){name, text_trim(first)};
    if (rest.len) /* `motive | sex`: two axes in one */
        axis[n++] = (struct axis){TEXT("within"), text_trim(rest)};
    return n;
}

static bool is_plan(struct text t)
{
    static const char *const words[] = {"plan",   "planned",  "prévu", "prevu",   "budget",
                                        "target", "objectif", "cible", "forecast"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(t, text_of(words[i])))
            return true;
    return false;
}

static struct text row_id(struct step *step, const struct state *s, const struct table *t,
                          uint32_t row)
{
    struct text id = table_get(t, row, s->id);
    return id.len ? id : text_of(arena_print(step_arena(step), "%" PRIu32, row + 1));
}

static void fill_claim(struct step *step, const struct state *s, const struct table *t,
                       uint32_t row, struct claim *c)
{
    c->row = row;
    c->id = row_id(step, s, t, row);
    c->indicator = field(s, t, row, OBS_INDICATOR);
    c->unit = field(s, t, row, OBS_UNIT);
    c->producer = field(s, t, row, OBS_PRODUCER);
    c->scope = field(s, t, row, OBS_SCOPE);
    c->source = field(s, t, row, OBS_SOURCE);
    c->note = field(s, t, row, OBS_NOTE);
    c->period_text = field(s, t, row, OBS_PERIOD);
    c->as_of_text = field(s, t, row, OBS_AS_OF);
    c->written = table_get(t, row, s->written != NO_COLUMN ? s->written : s->category);
    struct text unit = c->unit.len ? c->unit : catalogue_cell(&s->claims, c->indicator, "unit");
    c->percent = text_equal(unit, TEXT("PT")) || text_equal(unit, TEXT("%"));
    c->planned = is_plan(c->scope) || text_equal(field(s, t, row, OBS_STATUS), TEXT("F"));
    span_parse(c->period_text, &c->period);
    vintage_parse(c->as_of_text, &c->as_of);
    bearing_parse(field(s, t, row, OBS_QUALIFIER), &c->bearing);
}

static void make_claims(struct step *step, struct state *s, const struct table *t)
{
    struct axis *axis = arena_array(step_arena(step), (size_t)s->in.dimensions + 2, sizeof *axis);
    s->claim = arena_zarray(step_arena(step), t->rows, sizeof *s->claim);
    for (uint32_t row = 0; row < t->rows; row++) {
        struct decimal value = decimal_parse(field(s, t, row, OBS_VALUE));
        if (value.kind != NUMBER_EXACT)
            continue;
        struct claim *c = s->claim[row] = claims_add(&s->claims);
        fill_claim(step, s, t, row, c);
        c->value = value;
        c->planned |= note_plans(&s->claims, c->note, value);
        uint32_t axes = read_axes(s, t, row, axis);
        for (uint32_t i = 0; i < axes && !c->written.len; i++)
            if (!text_equal(axis[i].code, TEXT("_T")))
                c->written = axis[i].code;
        claim_place(&s->claims, c, axis, axes);
    }
}

/* ---- statuses and the series ---- */

static void worsen(const struct state *s, const struct claim *c, const char *status)
{
    struct claim *mine = s->claim[c->row];
    mine->status =
        mine->status.len ? ranks_worst(&s->ranks, mine->status, text_of(status)) : text_of(status);
}

/* What a finding means for the rows it speaks of. */
static void set_statuses(const struct state *s)
{
    for (uint32_t i = 0; i < s->claims.findings; i++) {
        const struct finding *f = s->claims.finding[i];
        if (f->class == CLASS_PLANNED)
            worsen(s, f->doubtful, "F");
        else if (f->class == CLASS_SUPERSEDED || f->weight == WEIGHT_NOTE)
            continue;
        else if (f->doubtful)
            worsen(s, f->doubtful, f->weight == WEIGHT_ERROR ? "U" : "V");
        for (uint32_t k = 0; f->class == CLASS_SCOPES && k < f->claims; k++)
            worsen(s, f->claim[k], "D");
    }
    for (uint32_t i = 0; i < s->claims.count; i++) {
        if (s->claims.at[i]->planned)
            worsen(s, s->claims.at[i], "F");
        if (s->claims.at[i]->superseded)
            worsen(s, s->claims.at[i], "P");
    }
}

static struct text status_of(const struct state *s, const struct table *t, uint32_t row)
{
    struct text own = field(s, t, row, OBS_STATUS);
    struct text found = s->claim[row] ? s->claim[row]->status : TEXT("");
    if (text_missing(own))
        own = text_missing(field(s, t, row, OBS_VALUE)) ? TEXT("L") : TEXT("A");
    return found.len ? ranks_worst(&s->ranks, own, found) : own;
}

static struct text vintage_of(const struct state *s, uint32_t row, struct text *reason)
{
    const struct claim *c = s->claim[row];
    const struct rule *r = c ? rule_for(&s->rules, c) : NULL;
    *reason = TEXT("");
    if (!c || c->superseded)
        return c ? TEXT("superseded") : TEXT("current");
    if (c->struck)
        return TEXT("refuted");
    if (r && rule_followed(r, c))
        *reason = r->reason;
    return r && !rule_followed(r, c) && rule_applies(&s->claims, r, c) ? TEXT("other")
                                                                       : TEXT("current");
}

/* ---- output ---- */

static int emit_rows(struct step *step, struct state *s, const struct table *t,
                     const uint32_t *pick, uint32_t rows)
{
    struct batch *b = step_batch(step, s->out, rows);
    struct text *status = batch_new_text(b, (uint32_t)s->status);
    struct text *vintage = batch_new_text(b, (uint32_t)s->vintage);
    struct text *rule =
        s->rule_column == NO_COLUMN ? NULL : batch_new_text(b, (uint32_t)s->rule_column);
    for (uint32_t c = 0; c < t->schema->columns; c++) {
        if ((int)c == s->status)
            continue;
        struct text *cell = batch_new_text(b, c);
        for (uint32_t i = 0; i < rows; i++)
            cell[i] = t->column[c][pick[i]];
    }
    for (uint32_t i = 0; i < rows; i++) {
        struct text reason;
        status[i] = status_of(s, t, pick[i]);
        vintage[i] = vintage_of(s, pick[i], &reason);
        if (rule)
            rule[i] = reason;
    }
    return step_emit(step, 0, b);
}

static int emit_all(struct step *step, struct state *s, const struct table *t)
{
    uint32_t *pick = arena_array(step_arena(step), t->rows, sizeof *pick), rows = 0;
    uint32_t most = step_batch_rows(step);
    struct text reason;
    for (uint32_t row = 0; row < t->rows; row++)
        if (!step_flag(step, "current") || text_equal(vintage_of(s, row, &reason), TEXT("current")))
            pick[rows++] = row;
    step_count(step, COUNT_DROPPED, t->rows - rows);
    for (uint32_t at = 0, n; at < rows; at += n) {
        n = rows - at < most ? rows - at : most;
        int result = emit_rows(step, s, t, pick + at, n);
        if (result != STEP_OK)
            return result;
    }
    return STEP_OK;
}

static int emit_report(struct step *step, const struct state *s)
{
    uint32_t most = step_batch_rows(step), count = s->report ? s->claims.findings : 0;
    for (uint32_t at = 0, n; at < count; at += n) {
        n = count - at < most ? count - at : most;
        struct batch *b = step_batch(step, s->report_schema, n);
        for (int c = 0; c < REPORT_COLUMNS; c++) {
            struct text *cell = batch_new_text(b, (uint32_t)c);
            for (uint32_t i = 0; i < n; i++)
                cell[i] = report_cell(&s->claims, s->claims.finding[at + i], c);
        }
        int result = step_emit(step, s->report, b);
        if (result != STEP_OK)
            return result;
    }
    return STEP_OK;
}

static int emit_notes(struct step *step, const struct state *s)
{
    struct text(*note)[NOTE_COLUMNS];
    uint32_t rows = report_notes(&s->claims, &note);
    struct batch *b = step_batch(step, s->notes_schema, rows);
    for (uint32_t c = 0; c < NOTE_COLUMNS; c++) {
        struct text *cell = batch_new_text(b, c);
        for (uint32_t i = 0; i < rows; i++)
            cell[i] = note[i][c];
    }
    return step_emit(step, s->notes, b);
}

static int finish_step(struct step *step)
{
    struct state *s = step_state(step);
    const struct table *t = table_builder_table(s->rows);
    make_claims(step, s, t);
    claims_reconcile(&s->claims);
    set_statuses(s);
    int result = emit_all(step, s, t);
    if (result == STEP_OK)
        result = emit_report(step, s);
    return result == STEP_OK && s->notes ? emit_notes(step, s) : result;
}

static const char details[] =
    "Says which published figures contradict each other, why, and what the reading may be; it\n"
    "corrects and merges nothing. A figure stands in a cell: indicator, dimensions (or columns\n"
    "breakdown and category) and period. Countries, regions and sexes are resolved by the\n"
    "built-in lists, so that spellings meet; axes by their names in French, Arabic or English\n"
    "(nationalité, sexe, tranche d'âge, pays). Columns of --id and --written are no dimensions;\n"
    "note and source are read where they are there.\n"
    "\n"
    "Rows go on in their order with two columns. status is the worse of what it was and: P\n"
    "superseded, F planned, D of another scope than the others, V doubtful, U refuted. vintage\n"
    "is `current`, `superseded` (a later vintage of the same producer and scope is there; an\n"
    "approximate figure or a bound never supersedes an exact one, an unknown vintage (_U)\n"
    "nothing, a refuted figure nothing), `refuted` (a finding decided against it), or with\n"
    "--rules `other`. --current keeps `current` alone.\n"
    "\n"
    "Two producers make a series only by --rules FILE: indicator, period_from, period_to,\n"
    "producer, scope, reason. The first rule that holds the figure's period says whose figure\n"
    "is of the series; its reason goes into a column rule, other producers become `other`.\n"
    "\n"
    "--report has a row a finding: class, weight (error: arithmetic decides; doubt; note: not\n"
    "to be mixed), rows (ids or record numbers), indicator, place and period of the first,\n"
    "evidence as arithmetic, doubtful (probably wrong), used and used_value (the row that\n"
    "tables use), a reading in French and English. --notes writes a legend for `export`.\n"
    "\n"
    "The classes, a closed list; --classes or --without choose:\n"
    "\n"
    "  superseded   a later vintage of the same producer and scope has another value\n"
    "  part-period  a year that equals, or falls below, a part of it, or is dated before its\n"
    "               end; a list that is nowhere above another of its date\n"
    "  cutoff       three and more running totals of one year, cut off on different days\n"
    "  misprint     one digit differs from another printing, the note, or the sum of the parts\n"
    "  permuted     the same digits in another order\n"
    "  reversed     digits read from right to left (8.35 and 35.8)\n"
    "  factor-ten   ten times another printing, or what other parts or a cumulative leave\n"
    "  producers    producers differ in one cell\n"
    "  scopes       scopes or units differ in a cell, or from one year of a series to the next\n"
    "  printings    one producer and date, two values; one value under two periods\n"
    "  labels       two lists have the same values, or one value, under other labels; the\n"
    "               figure of another indicator where others print another\n"
    "  sum          parts do not add to the total of their producer; also the rate of a whole\n"
    "               that is not between those of its parts\n"
    "  overlap      classes that overlap, nest, or leave a gap; one value for several\n"
    "  share        a share or rate that no two counts make, and the denominator that would\n"
    "  falling      a longer period that counts less than one within it\n"
    "  sum-years    periods that tile a published cumulative do not add to it, or disjoint\n"
    "               ones exceed it\n"
    "  confusable   a name that stands for two countries, judged by its rank in other lists,\n"
    "               or that change places, or of which one stands once for the other\n"
    "  neighbour    a value repeated from the adjacent row, also of another's list, where\n"
    "               others print another\n"
    "  money        always the same multiple of a series of money: a budget, not a count\n"
    "  rounded      an approximate figure, a bound or a round number against the exact one;\n"
    "               counts made from whole percentages\n"
    "  planned      planned (scope plan, budget, target; status F; a note that says so of the\n"
    "               very number: `3 000 retours prévus`) against achieved\n"
    "  direction    the same value for the opposite flow: the inverse indicator, the other\n"
    "               code of a column direction, origin and destination exchanged\n"
    "  text         words that contradict the figure: `plus du quart`, a change in percent,\n"
    "               `a doublé depuis 2015`\n"
    "\n"
    "Misprints are decided by the shares and rates of the producer, then of others, then by\n"
    "the number of printings; else they stay open. What a share is made of comes from the\n"
    "catalogue: ratio(A, B), per(A, B, 100000), the indicator that a note says to compare\n"
    "with, or X_SHARE. A list may fall short of its total unless nothing can be missing from\n"
    "it: both sexes, all ages, minors and adults, Moroccans and foreigners, a rest. All rows\n"
    "are kept in memory: made for thousands of published figures, not for microdata.";

static const char example[] =
    "printf 'indicator,nationality,period,producer,as_of,unit,value\\n"
    "REG_REQUESTS,_T,2014,MI,2015-02,PS,27332\\nREG_REQUESTS,CMR,2014,MI,2015-02,PS,1410\\n"
    "REG_REQUESTS_SHARE,CMR,2014,MI,2015-02,PT,8.91\\n' | marsad reconcile --report /dev/stderr";

const struct stage stage_reconcile = {
    .name = "reconcile",
    .summary = "published figures that contradict each other: what, why, which one to use",
    .details = details,
    .example = example,
    .options = options,
    .state_size = sizeof(struct state),
    .open = open_step,
    .start = start_step,
    .push = push_step,
    .finish = finish_step,
};
