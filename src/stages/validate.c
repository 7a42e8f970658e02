/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * validate: rows that break the rules of a Table Schema, or of a table of rules, are reported, set
 * aside, or end the run.
 *
 * The rules of a schema are those of table/table_schema.h, checked column by column on each batch
 * (table/field_judge.h); only rows with a fault are looked at cell by cell, to word it.  unique and
 * primaryKey keep every key seen (table/dictionary.h), so memory grows with the rows where they are
 * asked for.  A table of rules is table/rule.h; rules of groups and of time speak at finish.  Cells
 * pass through unchanged.
 */
#include "stages/validate.h"

static const struct option_spec options[] = {
    {"schema", OPTION_BYTES, "FILE", "rules of columns: a Table Schema in JSON", 0, ""},
    {"rules", OPTION_TABLE, "FILE", "rules of rows, groups, keys and time: a CSV", OPTION_WHOLE,
     ""},
    {"resource", OPTION_NAMED, "NAME=FILE", "the table that foreign keys of the schema call NAME",
     OPTION_REPEAT, ""},
    {"lang", OPTION_CHOICE, "LANG", "language of the messages of --rules", 0, "fr|en"},
    {"rejects", OPTION_OUTPUT, "FILE", "set rows with an error aside here", 0, ""},
    {"report", OPTION_OUTPUT, "FILE", "write every finding here", 0, ""},
    {"fail-on", OPTION_CHOICE, "WHICH", "end the run on this kind of finding", 0,
     "error|warning|never"},
    {"max-findings", OPTION_TEXT, "N|P%", "go on until there are more errors, or rows with one", 0,
     ""},
    {"quality", OPTION_OUTPUT, "FILE", "completeness, validity, uniqueness: CSV, or Markdown (.md)",
     0, ""},
    {"localise", OPTION_OUTPUT, "FILE", "the fewest columns to change in rows that break row rules",
     0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static void remark_add(struct validate *v, struct text column, const char *rule,
                       const char *message)
{
    v->remark[v->remarks++] = (struct remark){column, rule, message};
}

/* Finds the fields among the columns; a required one that is not there ends the run. */
static int fields_find(struct step *s, const struct schema *in)
{
    struct validate *v = step_state(s);
    for (uint32_t i = 0; i < v->schema->fields; i++) {
        const struct field *f = &v->schema->field[i];
        v->column[i] = schema_find(in, f->name);
        if (v->column[i] != NO_COLUMN)
            step_need(s, (uint32_t)v->column[i]);
        else if (f->required)
            return step_find(s, f->name, &v->column[i]); /* fails, and says what there is */
        else
            remark_add(v, f->name, "field-missing", "the input has no such column");
        v->judge[i] = field_judge_new(step_arena(s), f, v->schema);
        if (!f->unique || v->column[i] == NO_COLUMN)
            continue;
        v->seen[i] = dictionary_new(step_arena(s), KEYS);
        v->unique = true;
    }
    return STEP_OK;
}

static bool has_field(const struct table_schema *schema, struct text name)
{
    for (uint32_t i = 0; i < schema->fields; i++)
        if (text_equal(schema->field[i].name, name))
            return true;
    return false;
}

static void columns_remark(struct step *s, const struct schema *in)
{
    struct validate *v = step_state(s);
    if (!step_option(s, "schema"))
        return;
    for (uint32_t c = 0; c < in->columns; c++)
        if ((int)c != v->file && (int)c != v->line && !has_field(v->schema, in->name[c]))
            remark_add(v, in->name[c], "column-unknown", "the schema has no such field");
}

static int key_find(struct step *s)
{
    struct validate *v = step_state(s);
    uint32_t n = v->schema->key.count;
    if (n == 0)
        return STEP_OK;
    v->keys = dictionary_new(step_arena(s), KEYS);
    v->key_column = arena_array(step_arena(s), n, sizeof *v->key_column);
    for (uint32_t k = 0; k < n; k++) {
        int column;
        if (step_find(s, v->schema->key.text[k], &column) != STEP_OK)
            return STEP_FAIL;
        v->key_column[k] = (uint32_t)column;
    }
    return STEP_OK;
}

/* The columns of ingest --origin, both or none. */
static void origin_find(struct step *s, const struct schema *in)
{
    struct validate *v = step_state(s);
    v->file = schema_find(in, TEXT("file"));
    v->line = schema_find(in, TEXT("line"));
    if (v->file == NO_COLUMN || v->line == NO_COLUMN) {
        v->file = v->line = NO_COLUMN;
        return;
    }
    step_need(s, (uint32_t)v->file);
    step_need(s, (uint32_t)v->line);
}

static void report_open(struct step *s)
{
    static const char *const names[] = {"file", "line",     "row",    "column",
                                        "rule", "severity", "message"};
    struct validate *v = step_state(s);
    struct schema *schema = schema_new(step_arena(s));
    for (size_t i = v->file == NO_COLUMN ? 2 : 0; i < sizeof names / sizeof *names; i++)
        schema_add(schema, text_of(names[i]));
    v->report_schema = schema;
    v->report = step_port(s, "report", schema);
    step_numbers(s, v->report, v->file == NO_COLUMN ? 0 : 2);
}

static int remarks_judge(struct step *s)
{
    const struct validate *v = step_state(s);
    if (v->fail < FAIL_WARNING || v->remarks == 0)
        return STEP_OK;
    return step_fail(s, EX_DATAERR, NOWHERE, "column \"%.*s\": %s", (int)v->remark[0].column.len,
                     v->remark[0].column.at, v->remark[0].message);
}

static int schema_load(struct step *s, uint32_t columns)
{
    struct validate *v = step_state(s);
    if (!step_option(s, "schema")) {
        v->schema = arena_zalloc(step_arena(s), sizeof *v->schema);
    } else {
        struct text json = step_bytes(s, "schema");
        if (!json.at)
            return STEP_FAIL;
        v->schema =
            table_schema_parse(step_arena(s), step_option(s, "schema"), json, step_error(s));
    }
    if (!v->schema)
        return STEP_FAIL;
    uint32_t n = v->schema->fields + 1;
    v->column = arena_array(step_arena(s), n, sizeof *v->column);
    v->seen = arena_zarray(step_arena(s), n, sizeof(struct dictionary *));
    v->judge = arena_zarray(step_arena(s), n, sizeof(struct field_judge *));
    v->remark = arena_array(step_arena(s), n + columns, sizeof *v->remark);
    return STEP_OK;
}

static void validate_names(struct step *s, void (*add)(void *, const char *), void *to)
{
    foreign_keys_names(s, add, to);
    rules_names(s, add, to);
}

static int outputs_open(struct step *s, const struct schema *in, struct schema *out)
{
    struct validate *v = step_state(s);
    v->rejects = step_reject_port(s);
    report_open(s);
    quality_open(s, in);
    localise_open(s, in);
    v->late.arena = step_arena(s);
    origin_open(s);
    schema_add_all(out, in);
    bool counts = v->counted && !v->percent; /* stops amid the rows */
    if (!v->keys && !v->unique && !counts && rules_rowwise(v->rules) && foreign_keys_rowwise(v))
        step_rowwise(s);
    else
        step_alone(s);
    return remarks_judge(s);
}

static int validate_open(struct step *s, const struct schema *in, struct schema *out)
{
    struct validate *v = step_state(s);
    const char *fail = step_option(s, "fail-on");
    v->fail = !fail || strcmp(fail, "error") == 0 ? FAIL_ERROR
              : strcmp(fail, "warning") == 0      ? FAIL_WARNING
                                                  : FAIL_NEVER;
    if (!step_option(s, "schema") && !step_option(s, "rules"))
        return step_fail(s, EX_USAGE, NOWHERE, "--schema or --rules is needed");
    if (schema_load(s, in->columns) != STEP_OK || rules_load(s, in) != STEP_OK ||
        threshold_read(s) != STEP_OK)
        return STEP_FAIL;
    origin_find(s, in);
    if (fields_find(s, in) != STEP_OK || key_find(s) != STEP_OK || foreign_keys_open(s) != STEP_OK)
        return STEP_FAIL;
    columns_remark(s, in);
    return outputs_open(s, in, out);
}

/* A rule of the schema is broken; `field` NULL: the primary key. */
static void broken_add(const struct validate *v, struct breaches *found, uint32_t row,
                       const struct field *field, enum rule rule)
{
    struct text column = field ? field->name : v->schema->key.text[0];
    breach_add(found,
               (struct breach){row, column, text_of(rule_name(rule)),
                               text_of(rule_message(field, rule, found->arena)), false, NULL});
}

/* True where the key was there before; adds it.  A dictionary that is full ends the run. */
static int key_seen(struct step *s, struct dictionary *keys, struct text key, bool *seen)
{
    uint32_t known = dictionary_count(keys), n = dictionary_add(keys, key);
    *seen = n < known;
    if (n == DICTIONARY_NONE)
        return step_fail(s, EX_DATAERR, NOWHERE, "over %d distinct keys cannot be compared", KEYS);
    return STEP_OK;
}

/* `fault`: some cell of the row breaks a rule of its field. */
static int cell_check(struct step *s, const struct batch *b, uint32_t row, uint32_t i, bool fault,
                      struct breaches *found)
{
    const struct validate *v = step_state(s);
    const struct field *f = &v->schema->field[i];
    struct text cell = batch_text(b, (uint32_t)v->column[i])[row];
    enum rule rule = fault ? field_check(f, v->schema, cell, b->arena) : RULE_NONE;
    if (rule == RULE_NONE && v->seen[i] && !table_schema_missing(v->schema, cell)) {
        bool seen;
        if (key_seen(s, v->seen[i], cell, &seen) != STEP_OK)
            return STEP_FAIL;
        rule = seen ? RULE_UNIQUE : RULE_NONE;
    }
    if (rule != RULE_NONE)
        broken_add(v, found, row, f, rule);
    return STEP_OK;
}

/* The cells of the key with a NUL behind each, which no cell holds; empty where one is missing. */
static struct text key_text(const struct validate *v, const struct batch *b, uint32_t row)
{
    uint32_t len = 0, n = v->schema->key.count;
    for (uint32_t k = 0; k < n; k++) {
        struct text cell = batch_text(b, v->key_column[k])[row];
        if (table_schema_missing(v->schema, cell))
            return (struct text){"", 0};
        len += cell.len + 1;
    }
    char *at = arena_alloc(b->arena, len), *to = at;
    for (uint32_t k = 0; k < n; k++) {
        struct text cell = batch_text(b, v->key_column[k])[row];
        memcpy(to, cell.at, cell.len);
        to[cell.len] = '\0';
        to += cell.len + 1;
    }
    return (struct text){at, len};
}

static int row_check(struct step *s, const struct batch *b, uint32_t row, bool fault,
                     struct breaches *found)
{
    const struct validate *v = step_state(s);
    for (uint32_t i = 0; i < v->schema->fields; i++)
        if (v->column[i] != NO_COLUMN && (fault || v->seen[i]) &&
            cell_check(s, b, row, i, fault, found) != STEP_OK)
            return STEP_FAIL;
    struct text key = v->keys ? key_text(v, b, row) : (struct text){"", 0};
    bool seen = false;
    if (key.len && key_seen(s, v->keys, key, &seen) != STEP_OK)
        return STEP_FAIL;
    if (seen)
        broken_add(v, found, row, NULL, RULE_PRIMARY_KEY);
    foreign_keys_row(s, b, row, found);
    return STEP_OK;
}

static int fail_at(struct step *s, const struct batch *b, const struct breach *f)
{
    int column = schema_find(step_in(s), f->column);
    struct text cell =
        column == NO_COLUMN ? (struct text){"", 0} : batch_text(b, (uint32_t)column)[f->row];
    return step_fail(s, EX_DATAERR, batch_place(b, f->row, (uint32_t)(column + 1 ? column : 0)),
                     "column \"%.*s\": %.*s (rule %.*s); --rejects FILE sets such rows aside%s",
                     (int)f->column.len, f->column.at, (int)f->message.len, f->message.at,
                     (int)f->rule.len, f->rule.at, step_quote(s, cell));
}

struct batch *report_batch(const struct validate *v, struct batch *b, struct text **cell)
{
    uint32_t skip = v->file == NO_COLUMN ? 2 : 0;
    for (uint32_t c = 0; c < 7; c++)
        cell[c] = c < skip ? NULL : batch_new_text(b, c - skip);
    return b;
}

static int findings_report(struct step *s, struct batch *in, const struct breaches *found)
{
    const struct validate *v = step_state(s);
    struct text *cell[7];
    struct batch *b =
        report_batch(v, batch_new(in->arena, v->report_schema, (uint32_t)found->count), cell);
    struct decimal *number = batch_new_decimal(b, v->file == NO_COLUMN ? 0 : 2);
    for (uint32_t i = 0; i < b->rows; i++) {
        const struct breach *f = &found->at[i];
        if (cell[0]) {
            cell[0][i] = batch_text(in, (uint32_t)v->file)[f->row];
            cell[1][i] = batch_text(in, (uint32_t)v->line)[f->row];
        }
        number[i] = decimal_of((int64_t)(step_rows(s) + f->row + 1));
        cell[3][i] = f->column;
        cell[4][i] = f->rule;
        cell[5][i] = f->warning ? TEXT("warning") : TEXT("error");
        cell[6][i] = f->message;
    }
    b->sequence = in->sequence;
    return step_emit(s, v->report, b);
}

/* Splits the rows into those with and those without a finding, and sends both on their way. */
static int rows_split(struct step *s, struct batch *in, const struct breaches *found)
{
    const struct validate *v = step_state(s);
    uint32_t *good = arena_array(in->arena, in->rows, sizeof *good), goods = 0;
    uint32_t *bad = arena_array(in->arena, in->rows, sizeof *bad), bads = 0;
    struct text *column = arena_array(in->arena, in->rows, sizeof *column);
    struct text *reason = arena_array(in->arena, in->rows, sizeof *reason);
    size_t next = 0;
    for (uint32_t row = 0; row < in->rows; row++) {
        const struct breach *error = NULL;
        for (; next < found->count && found->at[next].row == row; next++)
            if (!error && !found->at[next].warning)
                error = &found->at[next];
        if (!error) {
            good[goods++] = row;
            continue;
        }
        bad[bads] = row;
        column[bads] = error->column;
        reason[bads++] = error->message;
    }
    if (step_reject(s, v->rejects, in, bad, bads, column, reason) == STEP_FAIL)
        return STEP_FAIL;
    return goods ? step_emit(s, 0, batch_pick(in, good, goods)) : STEP_OK;
}

/* Whether a finding ends the run: without a place to put it, or a number of them that is borne. */
static bool is_fatal(const struct validate *v, const struct breach *f)
{
    if (v->fail == FAIL_NEVER || v->counted)
        return false;
    return f->warning ? v->fail == FAIL_WARNING : !v->rejects;
}

static void findings_count(struct validate *v, const struct breaches *found)
{
    uint64_t last = UINT64_MAX;
    for (size_t i = 0; i < found->count; i++) {
        if (found->at[i].warning)
            continue;
        v->bad_rows += found->at[i].row != last;
        last = found->at[i].row;
    }
    v->errors += found->errors;
}

/* The rows with a cell that breaks a rule of its field; NULL: none. */
static const bool *rows_at_fault(struct step *s, const struct batch *in)
{
    const struct validate *v = step_state(s);
    bool *fault = arena_zarray(in->arena, in->rows, sizeof *fault);
    uint32_t faults = 0;
    for (uint32_t i = 0; i < v->schema->fields; i++)
        if (v->column[i] != NO_COLUMN)
            faults += field_faults(v->judge[i], in, (uint32_t)v->column[i], fault);
    return faults ? fault : NULL;
}

/* Row by row, so that findings come in the order of the rows and the first fatal one counts. */
static int rows_check(struct step *s, const struct batch *in, const uint8_t *truth,
                      struct breaches *found)
{
    const struct validate *v = step_state(s);
    const bool *fault = rows_at_fault(s, in);
    size_t judged = 0;
    if (!fault && !v->keys && !v->unique && !v->rules && !v->schema->foreigns)
        return STEP_OK;
    for (uint32_t row = 0; row < in->rows; row++) {
        if (row_check(s, in, row, fault && fault[row], found) != STEP_OK)
            return STEP_FAIL;
        if (v->rules)
            rules_row(v->rules, in, truth, row, step_rows(s) + row + 1, found);
        for (; judged < found->count; judged++)
            if (is_fatal(v, &found->at[judged]))
                return fail_at(s, in, &found->at[judged]);
    }
    return STEP_OK;
}

static int validate_push(struct step *s, struct batch *in)
{
    struct validate *v = step_state(s);
    struct breaches found = {.arena = in->arena};
    const uint8_t *truth = v->rules ? rules_truth(v->rules, in) : NULL;
    if (rows_check(s, in, truth, &found) != STEP_OK)
        return STEP_FAIL;
    findings_count(v, &found);
    if (v->files)
        origin_keep(s, in);
    if (v->quality)
        quality_add(v->quality, in, &found);
    if (v->localise_port && rows_localise(s, in, truth) == STEP_FAIL)
        return STEP_FAIL;
    if (found.count == 0)
        return step_emit(s, 0, in);
    if (v->report && findings_report(s, in, &found) == STEP_FAIL)
        return STEP_FAIL;
    if (threshold_check(s) != STEP_OK)
        return STEP_FAIL;
    return v->rejects ? rows_split(s, in, &found) : step_emit(s, 0, in);
}

static int validate_merge(struct step *into, struct step *from)
{
    struct validate *a = step_state(into);
    const struct validate *b = step_state(from);
    a->errors += b->errors;
    a->bad_rows += b->bad_rows;
    for (uint32_t i = 0; a->rules && i < a->rules->rules; i++)
        a->rules->rule[i].findings += b->rules->rule[i].findings;
    if (a->quality)
        quality_merge(a->quality, b->quality);
    return STEP_OK;
}

/* ---- at the end ---- */

static int remarks_report(struct step *s)
{
    const struct validate *v = step_state(s);
    if (!v->report || v->remarks == 0)
        return STEP_OK;
    struct text *cell[7];
    struct batch *b = report_batch(v, step_batch(s, v->report_schema, v->remarks), cell);
    for (uint32_t i = 0; i < b->rows; i++) {
        for (uint32_t c = cell[0] ? 0 : 2; c < 3; c++)
            cell[c][i] = (struct text){"", 0};
        cell[3][i] = v->remark[i].column;
        cell[4][i] = text_of(v->remark[i].rule);
        cell[5][i] = TEXT("warning");
        cell[6][i] = text_of(v->remark[i].message);
    }
    return step_emit(s, v->report, b);
}

static int validate_finish(struct step *s)
{
    const struct validate *v = step_state(s);
    foreign_keys_finish(s);
    late_find(s);
    if (remarks_report(s) == STEP_FAIL || (v->report && late_report(s) == STEP_FAIL) ||
        quality_report(s) == STEP_FAIL)
        return STEP_FAIL;
    return late_judge(s);
}

static void validate_close(struct step *s)
{
    struct validate *v = step_state(s);
    table_schema_free(v->schema);
    rule_set_close(v->rules);
    localise_close(v->localise);
}

const struct stage stage_validate = {
    .name = "validate",
    .summary = "check rows against a Table Schema and a table of rules",
    .details =
        "--schema, --rules, or both say what must hold.\n\n"
        "--schema is a Table Schema (Frictionless Data) in JSON. Checked are the types string, "
        "integer, number, boolean, date (YYYY-MM-DD, a day that exists), year, yearmonth and any; "
        "the constraints required, unique, minimum, maximum, minLength and maxLength (in "
        "characters), pattern and enum; and primaryKey, whose fields are required. An empty cell "
        "is missing, and so are the texts of missingValues; a missing cell can break only "
        "`required`. Of a cell, the first rule that it breaks is reported.\n\n"
        "foreignKeys: the cells of each row must be in a row of the resource, which is the file of "
        "--resource NAME=FILE, a built-in list, or NAME.csv beside the schema; it is kept in "
        "memory. A key with a missing cell breaks nothing. With the resource \"\" they must be in "
        "a "
        "row of the input itself, before or behind; what is missing is known at the end, as with "
        "rules of groups.\n\n"
        "Other types and formats are refused, and keywords "
        "that the standard does not know are ignored. decimalChar, groupChar and bareNumber are "
        "for ingest, which turns such numbers into ours; here a number is like -1234.5. Numbers "
        "compare as numbers, dates as dates; unique and primaryKey compare texts, and every row "
        "counts, also one that breaks another rule.\n\n"
        "A pattern must match the whole cell. It is an XSD pattern read as a POSIX extended one: "
        "groups, alternatives, brackets of ASCII characters, *, +, ?, {n,m}, the dot, \\d \\s \\w "
        "\\D \\S, escaped punctuation. Refused are \\p{..}, \\i, \\c, look-ahead and letters "
        "beyond ASCII inside brackets.\n\n"
        "Columns may stand in any order. A column that a required field wants must be there. "
        "Other missing fields, and columns that the schema does not know, are findings of "
        "severity `warning`; broken rules are of severity `error`.\n\n"
        "With --rejects, every row with an error is set aside there (file, line, column, reason, "
        "record), the other rows go on, and the run succeeds. Without it, the first error ends "
        "the run with exit code 65 and its place. With --fail-on warning a warning ends the run "
        "too. With --fail-on never and no --rejects, all rows go on as they are and only --report "
        "tells: use it to look at a file, not to publish from it.\n\n"
        "--report writes every finding as row,column,rule,severity,message, with file,line "
        "before them where the input has these columns of ingest --origin; row is the number of "
        "the record in this stage's input. It holds no values of cells; --rejects does.\n\n"
        "--rules is a CSV that a spreadsheet can edit: id, scope, expression, severity, "
        "message_fr, "
        "message_en. marsad-rules(7) is its manual: rules of a row, of groups (sum(x) by household "
        "= "
        "size), of keys (a exists in FILE.csv(COLUMN)) and of time (rising(x) by scheme over "
        "period). Findings on groups and time are known at the end: by then their rows "
        "have gone on, so that --rejects does not set them aside: an error among them ends the run "
        "there, before any file is made, unless --fail-on never or --max-findings bears it. "
        "marsad-rules(7) sets whole groups aside in a second reading.\n\n"
        "--max-findings N ends the run beyond N errors, --max-findings P%, at the end, if over P "
        "per "
        "cent of the rows have one.\n\n"
        "--quality says of each column how many cells are present, without a finding, and "
        "distinct, "
        "in per cent, and how often each rule is broken.\n\n"
        "--localise names, for each row that breaks row rules, the fewest columns that would have "
        "to "
        "change; marsad-rules(7) says what is exact about it.\n\n"
        "Memory: unique and primaryKey keep every key, about 60 bytes each and its text, and so "
        "do foreignKeys of the input itself; rules of groups keep every group, those of time every "
        "value.",
    .example = "marsad validate --schema data/schemas/permits.json data/samples/permits.csv",
    .options = options,
    .state_size = sizeof(struct validate),
    .names = validate_names,
    .open = validate_open,
    .push = validate_push,
    .merge = validate_merge,
    .finish = validate_finish,
    .close = validate_close,
};
