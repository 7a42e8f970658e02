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
#include "table/reconcile_set.h"

enum { MOST_ROWS = 1000000 };

struct rule {
    struct text indicator, producer, scope, reason;
    int32_t first, last; /* days; -1, INT32_MAX: open */
};

struct state {
    struct observation_layout in;
    int id, written, breakdown, category; /* columns, or NO_COLUMN */
    const struct schema *out;
    int status, vintage, rule_column; /* of the output */
    struct table_builder *rows;
    const struct table *rules_table;
    uint32_t rules;
    struct rule *rule;
    struct claims claims;
    struct claim **claim; /* of each row, or NULL: no value to compare */
    struct ranks ranks;
    unsigned report, notes;
    const struct schema *report_schema, *notes_schema;
};

static const struct option_spec options[] = {
    {"report", OPTION_OUTPUT, "FILE", "what contradicts what, why, and a proposed reading", 0,
     NULL},
    {"rules", OPTION_TABLE, "FILE", "which producer makes the series, for which periods, and why",
     0, NULL},
    {"classes", OPTION_TEXT, "A,B", "look for these classes only", 0, NULL},
    {"without", OPTION_TEXT, "A,B", "look for all classes but these", 0, NULL},
    {"notes", OPTION_OUTPUT, "FILE", "notes for a sheet of the report: a legend of the classes", 0,
     NULL},
    {"current", OPTION_FLAG, NULL, "keep what is current only", 0, NULL},
    {"id", OPTION_COLUMN, "COL", "names the row in the report, no dimension", 0,
     "id, or the number of the record"},
    {"written", OPTION_COLUMN, "COL", "the label as printed, no dimension", 0, "written"},
    {"FILE", OPTION_INPUT, "FILE", "the observations (default: standard input)", 0, NULL},
    {NULL, 0, NULL, NULL, 0, NULL},
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

static const char *const report_columns[] = {
    "class",    "weight",   "rows", "indicator",  "place",      "period",
    "evidence", "doubtful", "used", "used_value", "reading_fr", "reading_en",
};

static const char *const note_columns[] = {"kind", "key", "fr", "ar", "en"};

enum { REPORT_COLUMNS = sizeof report_columns / sizeof *report_columns };

static void open_report(struct step *step, struct state *s)
{
    struct schema *schema = schema_new(step_arena(step));
    for (int i = 0; i < REPORT_COLUMNS; i++)
        schema_add(schema, text_of(report_columns[i]));
    s->report_schema = schema;
    s->report = step_port(step, "report", schema);
    schema = schema_new(step_arena(step));
    for (size_t i = 0; i < sizeof note_columns / sizeof *note_columns; i++)
        schema_add(schema, text_of(note_columns[i]));
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

static const struct codelist *list_new(struct step *step, const char *name, const char *aliases)
{
    const struct table *list = step_reference(step, name), *alias = step_reference(step, aliases);
    return list ? codelist_new(step_arena(step), list, alias, NULL, step_error(step)) : NULL;
}

static int bad_rule(struct step *step, uint32_t row, const char *what)
{
    return step_fail(step, EX_CONFIG, NOWHERE, "--rules: row %" PRIu32 ": %s", row + 1, what);
}

static int read_rule(struct step *step, const struct state *s, uint32_t row, struct rule *r)
{
    const struct table *t = s->rules_table;
    const struct schema *c = t->schema;
    struct span span;
    struct text from = table_get(t, row, schema_find(c, TEXT("period_from")));
    struct text to = table_get(t, row, schema_find(c, TEXT("period_to")));
    *r = (struct rule){.first = -1, .last = INT32_MAX};
    r->indicator = table_get(t, row, schema_find(c, TEXT("indicator")));
    r->producer = table_get(t, row, schema_find(c, TEXT("producer")));
    r->scope = table_get(t, row, schema_find(c, TEXT("scope")));
    r->reason = table_get(t, row, schema_find(c, TEXT("reason")));
    if (text_missing(r->indicator) || text_missing(r->producer) || text_missing(r->reason))
        return bad_rule(step, row, "indicator, producer and reason must be filled in");
    if (from.len && !span_parse(from, &span))
        return bad_rule(step, row, "period_from is no period");
    r->first = from.len ? span.first : -1;
    if (to.len && !span_parse(to, &span))
        return bad_rule(step, row, "period_to is no period");
    r->last = to.len ? span.last : INT32_MAX;
    return STEP_OK;
}

static int read_rules(struct step *step, struct state *s)
{
    static const char *const must[] = {"indicator", "period_from", "period_to",
                                       "producer",  "scope",       "reason"};
    if (!s->rules_table)
        return STEP_OK;
    for (size_t i = 0; i < sizeof must / sizeof *must; i++)
        if (schema_find(s->rules_table->schema, text_of(must[i])) == NO_COLUMN)
            return step_fail(step, EX_CONFIG, NOWHERE, "--rules: there is no column %s", must[i]);
    s->rules = s->rules_table->rows;
    s->rule = arena_array(step_arena(step), s->rules, sizeof *s->rule);
    for (uint32_t row = 0; row < s->rules; row++)
        if (read_rule(step, s, row, &s->rule[row]))
            return STEP_FAIL;
    return STEP_OK;
}

static int start_step(struct step *step)
{
    struct state *s = step_state(step);
    s->claims.arena = step_arena(step);
    s->claims.catalogue = step_reference(step, "indicator");
    s->claims.countries = step_reference(step, "nationality");
    s->claims.nationality = list_new(step, "nationality", "nationality-alias");
    s->claims.region = list_new(step, "region", "region-alias");
    s->claims.sex = list_new(step, "sex", "sex-alias");
    if (!s->claims.nationality || !s->claims.region || !s->claims.sex ||
        ranks_read(step_reference(step, "obs_status"), &s->ranks, step_error(step)))
        return STEP_FAIL;
    return read_rules(step, s);
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
        uint32_t axes = read_axes(s, t, row, axis);
        if (!c->written.len && axes == 1)
            c->written = axis[0].code;
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

/* The first rule that speaks of the figure's indicator and period; NULL where none does. */
static const struct rule *rule_for(const struct state *s, const struct claim *c)
{
    for (uint32_t i = 0; i < s->rules; i++)
        if (text_equal(s->rule[i].indicator, c->indicator) && s->rule[i].first <= c->period.first &&
            c->period.last <= s->rule[i].last)
            return &s->rule[i];
    return NULL;
}

static bool follows_rule(const struct rule *r, const struct claim *c)
{
    return text_equal(r->producer, c->producer) &&
           (text_missing(r->scope) || text_equal(r->scope, c->scope));
}

/* Whether the rule's producer has a figure for that cell: else there is nothing to prefer. */
static bool rule_holds(const struct state *s, const struct rule *r, const struct claim *c)
{
    const struct group *g = &s->claims.group[c->group];
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (claims_same_cell(o, c) && follows_rule(r, o) && !o->superseded && !o->struck)
            return true;
    }
    return false;
}

static struct text vintage_of(const struct state *s, uint32_t row, struct text *reason)
{
    const struct claim *c = s->claim[row];
    const struct rule *r = c ? rule_for(s, c) : NULL;
    *reason = TEXT("");
    if (!c || c->superseded)
        return c ? TEXT("superseded") : TEXT("current");
    if (c->struck)
        return TEXT("refuted");
    if (r && follows_rule(r, c))
        *reason = r->reason;
    return r && !follows_rule(r, c) && rule_holds(s, r, c) ? TEXT("other") : TEXT("current");
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

static struct text ids(struct arena *a, const struct finding *f)
{
    struct text_list list = {0, 0, NULL};
    for (uint32_t i = 0; i < f->claims; i++)
        text_list_add(a, &list, f->claim[i]->id);
    return text_list_join(a, &list, " ");
}

static struct text claim_text(struct arena *a, const struct claim *c)
{
    struct tale t = {a, NULL, 0, 0};
    tale_claim(&t, c);
    return tale_end(&t);
}

static struct text report_cell(struct arena *a, const struct finding *f, int column)
{
    static const char *const weights[] = {"note", "doubt", "error"};
    const struct claim *first = f->claim[0];
    switch (column) {
    case 0:
        return text_of(reconcile_classes[f->class].name);
    case 1:
        return text_of(weights[f->weight]);
    case 2:
        return ids(a, f);
    case 3:
        return first->indicator;
    case 4:
        return first->place;
    case 5:
        return first->period_text;
    case 6:
        return f->evidence;
    case 7:
        return f->doubtful ? f->doubtful->id : TEXT("");
    case 8:
        return f->used ? f->used->id : TEXT("");
    case 9:
        return f->used ? claim_text(a, f->used) : TEXT("");
    case 10:
        return f->reading_fr;
    default:
        return f->reading_en;
    }
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
                cell[i] = report_cell(step_arena(step), s->claims.finding[at + i], c);
        }
        int result = step_emit(step, s->report, b);
        if (result != STEP_OK)
            return result;
    }
    return STEP_OK;
}

static void fill_note(struct text **cell, uint32_t row, const char *const say[5])
{
    for (int c = 0; c < 5; c++)
        cell[c][row] = text_of(say[c]);
}

/* How many label columns a sheet of the report has, its title, and what its classes mean. */
static int emit_notes(struct step *step, const struct state *s)
{
    static const char *const title[] = {"title", "", "Contradictions entre chiffres publiés",
                                        "تناقضات بين أرقام منشورة",
                                        "Contradictions between published figures"};
    bool found[CLASSES] = {false};
    uint32_t rows = 2;
    for (uint32_t i = 0; i < s->claims.findings; i++) {
        rows += !found[s->claims.finding[i]->class];
        found[s->claims.finding[i]->class] = true;
    }
    struct batch *b = step_batch(step, s->notes_schema, rows);
    struct text *cell[5];
    for (uint32_t c = 0; c < 5; c++)
        cell[c] = batch_new_text(b, c);
    fill_note(cell, 0, (const char *const[]){"labels", "2", "", "", ""});
    rows = 1;
    for (int i = 0; i < CLASSES; i++) {
        const struct class_info *k = &reconcile_classes[i];
        if (!found[i])
            continue;
        const char *say[] = {k->fr, k->ar, k->en};
        for (int l = 0; l < 3; l++)
            say[l] = arena_print(step_arena(step), "%s: %s", k->name, say[l]);
        fill_note(cell, rows++, (const char *const[]){"note", "", say[0], say[1], say[2]});
    }
    fill_note(cell, rows, title);
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
    "built-in lists, so that spellings meet. Columns of --id and --written are no dimensions;\n"
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
    "  part-period  a year that equals, or falls below, a part of it; a list that is nowhere\n"
    "               above another of the same date\n"
    "  cutoff       three and more running totals of one year, cut off on different days\n"
    "  misprint     one digit differs from another printing, or from the sum of the parts\n"
    "  permuted     the same digits in another order\n"
    "  reversed     digits read from right to left (8.35 and 35.8)\n"
    "  factor-ten   ten times another printing, or too many for a longer cumulative\n"
    "  producers    producers differ in one cell\n"
    "  scopes       scopes differ in one cell, or from one year of a series to the next\n"
    "  printings    one producer, one date, two values\n"
    "  labels       two lists have the same values under other labels\n"
    "  sum          parts do not add to the total of their producer; also the rate of a whole\n"
    "               that is not between those of its parts\n"
    "  overlap      classes that overlap or lie within each other; one value for several\n"
    "  share        a share or rate that no two counts make, and the denominator that would\n"
    "  falling      a longer period that counts less than one within it\n"
    "  sum-years    periods that tile a published cumulative do not add to it, or disjoint\n"
    "               ones exceed it\n"
    "  confusable   a name that stands for two countries, judged by its rank in other lists\n"
    "  neighbour    a value repeated from the adjacent row, where others print another\n"
    "  money        always the same multiple of a series of money: a budget, not a count\n"
    "  rounded      an approximate figure, a bound or a round number against the exact one;\n"
    "               counts made from whole percentages\n"
    "  planned      planned (scope plan, budget, target; status F) against achieved\n"
    "  direction    the same value for the opposite flow\n"
    "  text         words that contradict the figure: `plus du quart`, a change in percent\n"
    "\n"
    "Misprints are decided by the shares and rates of the producer, then of others, then by\n"
    "the number of printings; else they stay open. What a share is made of comes from the\n"
    "catalogue: ratio(A, B), the indicator that a note says to compare with, or X_SHARE. A\n"
    "list may fall short of its total unless nothing can be missing from it: both sexes, all\n"
    "ages, minors and adults, Moroccans and foreigners, a rest. All rows are kept in memory:\n"
    "made for thousands of published figures, not for microdata.";

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
