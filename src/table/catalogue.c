/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/catalogue.h"

/* A catalogue while it is read. */
struct reading {
    const struct table *table;
    struct catalogue *catalogue;
    struct error *error;
    int code, formula, unit, decimals, dimensions, label[LANGUAGES]; /* columns */
};

/* Exact where no cell of the catalogue has a line break in it; the message names the code too. */
static struct place row_place(const struct reading *r, uint32_t row, int column)
{
    return (struct place){r->table->name, (uint64_t)row + 2, (uint32_t)(column + 1)};
}

static int row_error(const struct reading *r, uint32_t row, int column, const char *what,
                     struct text name)
{
    struct text code = r->catalogue->indicator[row].code;
    return error_set(r->error, EX_CONFIG, row_place(r, row, column), "%.*s: %s%.*s", (int)code.len,
                     code.at, what, (int)name.len, name.at);
}

static int find_columns(struct reading *r)
{
    const struct schema *s = r->table->schema;
    r->code = schema_find(s, TEXT("code"));
    r->formula = schema_find(s, TEXT("formula"));
    r->unit = schema_find(s, TEXT("unit"));
    r->decimals = schema_find(s, TEXT("decimals"));
    r->dimensions = schema_find(s, TEXT("dimensions"));
    r->label[FRENCH] = schema_find(s, TEXT("label_fr"));
    r->label[ARABIC] = schema_find(s, TEXT("label_ar"));
    r->label[ENGLISH] = schema_find(s, TEXT("label_en"));
    if (r->code != NO_COLUMN && r->formula != NO_COLUMN)
        return 0;
    return error_set(r->error, EX_CONFIG, (struct place){r->table->name, 1, 0},
                     "a catalogue of indicators needs the columns code and formula");
}

static int read_decimals(const struct reading *r, uint32_t row, int *out)
{
    struct text t = table_get(r->table, row, r->decimals);
    struct decimal d = decimal_parse(t);
    *out = DECIMALS_UNKNOWN;
    if (d.kind == NUMBER_MISSING)
        return 0;
    if (d.kind != NUMBER_EXACT || d.scale || d.mantissa < 0 || d.mantissa > DECIMAL_SCALE)
        return row_error(r, row, r->decimals, "decimals is a whole number from 0 to 18", TEXT(""));
    *out = (int)d.mantissa;
    return 0;
}

static int read_formula(const struct reading *r, uint32_t row, struct formula *out)
{
    const char *message;
    uint32_t at;
    struct text code = r->catalogue->indicator[row].code;
    if (formula_parse(table_get(r->table, row, r->formula), out, &message, &at))
        return 0;
    return error_set(r->error, EX_CONFIG, row_place(r, row, r->formula),
                     "%.*s: formula, character %u: %s", (int)code.len, code.at, (unsigned)at + 1,
                     message);
}

static int read_row(const struct reading *r, uint32_t row)
{
    struct indicator *i = &r->catalogue->indicator[row];
    i->code = table_get(r->table, row, r->code);
    i->unit = table_get(r->table, row, r->unit);
    i->dimensions = table_get(r->table, row, r->dimensions);
    for (int k = 0; k < LANGUAGES; k++)
        i->label[k] = table_get(r->table, row, r->label[k]);
    if (text_missing(i->code))
        return row_error(r, row, r->code, "a row without a code", TEXT(""));
    if (read_decimals(r, row, &i->decimals))
        return -1;
    return read_formula(r, row, &i->formula);
}

static int check_unique(const struct reading *r, uint32_t row)
{
    const struct indicator *i = &r->catalogue->indicator[row];
    if (catalogue_find(r->catalogue, i->code) == i)
        return 0;
    return row_error(r, row, r->code, "the code is there twice", TEXT(""));
}

static int check_operand(const struct reading *r, uint32_t row, struct text code)
{
    const struct indicator *operand = catalogue_find(r->catalogue, code);
    if (!operand)
        return row_error(r, row, r->formula,
                         "the formula names an indicator that is not there: ", code);
    if (operand->formula.kind != FORMULA_NONE)
        return row_error(
            r, row, r->formula,
            "a formula names observed indicators only, and this one is derived: ", code);
    return 0;
}

static int check_formula(const struct reading *r, uint32_t row)
{
    const struct indicator *i = &r->catalogue->indicator[row];
    const struct formula *f = &i->formula;
    if (f->kind == FORMULA_NONE)
        return 0;
    if (check_operand(r, row, f->a) || (f->b.len && check_operand(r, row, f->b)))
        return -1;
    if (f->kind == FORMULA_SHARE && !indicator_has_dimension(i, f->dimension))
        return row_error(r, row, r->formula,
                         "the share is over a dimension that is not in its "
                         "dimensions: ",
                         f->dimension);
    return 0;
}

int catalogue_read(struct arena *a, const struct table *table, struct catalogue *out,
                   struct error *error)
{
    struct reading r = {.table = table, .catalogue = out, .error = error};
    if (find_columns(&r))
        return -1;
    out->count = table->rows;
    out->indicator = arena_zarray(a, table->rows, sizeof *out->indicator);
    for (uint32_t row = 0; row < table->rows; row++)
        if (read_row(&r, row))
            return -1;
    for (uint32_t row = 0; row < table->rows; row++)
        if (check_unique(&r, row) || check_formula(&r, row))
            return -1;
    return 0;
}

const struct indicator *catalogue_find(const struct catalogue *c, struct text code)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (text_equal(c->indicator[i].code, code))
            return &c->indicator[i];
    return NULL;
}

bool indicator_has_dimension(const struct indicator *i, struct text name)
{
    struct text list = i->dimensions, item;
    while (text_next(&list, ' ', &item))
        if (text_equal(item, name))
            return true;
    return false;
}
