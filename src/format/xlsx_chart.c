/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See xlsx_chart.h. */
#include "format/xlsx_chart.h"
#include "format/xlsx_library.h"

enum { MOST_SERIES = 6, FEWEST_PERIODS = 3, MOST_VALUE_COLUMNS = 6 };

/* A table turned so that series run along `i` and time along `j`. */
struct view {
    const struct sheet *sheet;
    bool down;               /* periods are rows, series are columns */
    uint32_t first, periods; /* along time: index of the first one in the table */
    uint32_t series;         /* how many there are */
    uint32_t chosen[MOST_SERIES], count;
};

static struct text time_label(const struct view *v, uint32_t j)
{
    const struct table *t = v->sheet->table;

    return v->down ? table_cell(t, v->first + j, 0) : t->schema->name[v->first + j];
}

static struct figure view_figure(const struct view *v, uint32_t i, uint32_t j)
{
    const struct table *t = v->sheet->table;

    return figure_of(v->down ? table_cell(t, v->first + j, v->sheet->labels + i)
                             : table_cell(t, i, v->first + j));
}

static bool is_total(struct text t)
{
    for (int i = 0; i < LANGUAGES; i++)
        if (text_equal(t, label_word(WORD_TOTAL, (enum language)i)))
            return true;
    return false;
}

static bool series_total(const struct view *v, uint32_t i)
{
    const struct schema *schema = v->sheet->table->schema;

    return v->down ? is_total(schema->name[v->sheet->labels + i]) : sheet_total(v->sheet, i);
}

/* Figures of several indicators or units do not share a scale. */
static bool is_mixed(const struct sheet *s)
{
    static const char *const columns[] = {"indicator", "unit"};
    struct text head = s->table->schema->name[0];

    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
        for (int i = 0; i < LANGUAGES; i++)
            if (text_equal(head, label_dimension(text_of(columns[c]), (enum language)i)))
                return true;
    return false;
}

/* Do the notes say that periods of equal length stand in the rows, or in the columns? */
static bool is_series(const struct sheet *s, const char *where)
{
    for (uint32_t row = 0; notes_next(s->notes, "series", &row); row++)
        if (text_equal(notes_key(s->notes, row), text_of(where)))
            return true;
    return false;
}

static bool find_across(struct view *v)
{
    const struct schema *schema = v->sheet->table->schema;
    uint32_t c = v->sheet->labels;
    bool series = is_series(v->sheet, "columns");

    *v = (struct view){.sheet = v->sheet, .first = c, .series = v->sheet->table->rows};
    while (c < schema->columns && !is_total(schema->name[c]) &&
           (series || text_is_period(schema->name[c])))
        c++;
    v->periods = c - v->first;
    return v->periods >= FEWEST_PERIODS && v->series > 0 && !is_mixed(v->sheet);
}

static bool find_down(struct view *v)
{
    const struct table *t = v->sheet->table;
    uint32_t values = t->schema->columns - v->sheet->labels;
    bool series = is_series(v->sheet, "rows");

    *v = (struct view){.sheet = v->sheet, .down = true, .series = values};
    while (v->periods < t->rows && !sheet_total(v->sheet, v->periods) &&
           (series || text_is_period(table_cell(t, v->periods, 0))))
        v->periods++;
    return v->periods >= FEWEST_PERIODS && values > 0 && values <= MOST_VALUE_COLUMNS;
}

/* The sum of the figures of a series; false where under half of its places hold one. */
static bool weigh(const struct view *v, uint32_t i, double *sum)
{
    uint32_t figures = 0;

    *sum = 0;
    for (uint32_t j = 0; j < v->periods; j++) {
        struct figure f = view_figure(v, i, j);
        if (f.kind != FIGURE_NUMBER || f.value.kind != NUMBER_EXACT)
            continue;
        figures++;
        *sum += decimal_real(f.value);
    }
    return figures >= 2 && 2 * figures >= v->periods;
}

/* Keeps the heaviest series, in the order of the table. */
static void choose(struct view *v, bool totals)
{
    double weight[MOST_SERIES + 1] = {0};
    uint32_t series[MOST_SERIES + 1] = {0};

    for (uint32_t i = 0; i < v->series; i++) {
        double w;
        if (series_total(v, i) != totals || !weigh(v, i, &w))
            continue;
        weight[v->count] = w;
        series[v->count++] = i;
        if (v->count <= MOST_SERIES)
            continue;
        uint32_t least = 0;
        for (uint32_t k = 1; k < v->count; k++)
            least = weight[k] < weight[least] ? k : least;
        for (uint32_t k = least; k + 1 < v->count; k++) {
            weight[k] = weight[k + 1];
            series[k] = series[k + 1];
        }
        v->count--;
    }
    memcpy(v->chosen, series, v->count * sizeof(*series));
}

/* Consecutive years, a figure everywhere. */
static bool suits_lines(const struct view *v)
{
    for (uint32_t j = 0; j < v->periods; j++) {
        struct decimal year = decimal_parse(time_label(v, j));
        struct decimal before = decimal_parse(time_label(v, j > 0 ? j - 1 : 0));
        if (time_label(v, j).len != 4 || (j > 0 && year.mantissa != before.mantissa + 1))
            return false;
        for (uint32_t k = 0; k < v->count; k++)
            if (view_figure(v, v->chosen[k], j).kind != FIGURE_NUMBER)
                return false;
    }
    return v->periods >= 5;
}

static void add_series(lxw_chart *chart, const struct view *v, uint32_t i,
                       const struct chart_place *p)
{
    lxw_chart_series *series = xlsx()->chart_add_series(chart, NULL, NULL);
    lxw_row_t first = p->header + 1 + v->first, row = p->header + 1 + i;
    lxw_col_t left = (lxw_col_t)v->first, column = (lxw_col_t)(v->sheet->labels + i);

    if (v->down) {
        lxw_row_t last = first + v->periods - 1;
        xlsx()->chart_series_set_name_range(series, p->sheet, p->header, column);
        xlsx()->chart_series_set_categories(series, p->sheet, first, 0, last, 0);
        xlsx()->chart_series_set_values(series, p->sheet, first, column, last, column);
    } else {
        lxw_col_t right = (lxw_col_t)(left + v->periods - 1);
        xlsx()->chart_series_set_name_range(series, p->sheet, row, 0);
        xlsx()->chart_series_set_categories(series, p->sheet, p->header, left, p->header, right);
        xlsx()->chart_series_set_values(series, p->sheet, row, left, row, right);
    }
}

static void dress(lxw_chart *chart, const struct view *v, const struct chart_place *p)
{
    lxw_chart_font title = {.size = 12, .bold = LXW_EXPLICIT_FALSE};
    lxw_chart_line grid = {.color = 0xD9D9D9};
    lxw_chart_axis *y = xlsx()->chart_axis_get(chart, LXW_CHART_AXIS_TYPE_Y);

    xlsx()->chart_title_set_name_range(chart, p->sheet, p->title, 0);
    xlsx()->chart_title_set_name_font(chart, &title);
    xlsx()->chart_axis_set_num_format(y, "#,##0");
    xlsx()->chart_axis_major_gridlines_set_line(y, &grid);
    xlsx()->chart_legend_set_position(chart, v->count > 1 ? LXW_CHART_LEGEND_BOTTOM
                                                          : LXW_CHART_LEGEND_NONE);
}

bool xlsx_chart_add(lxw_workbook *book, lxw_worksheet *page, const struct sheet *sheet,
                    struct chart_place place)
{
    struct view v = {.sheet = sheet};
    lxw_chart_options size = {.x_scale = 1.5, .y_scale = 1.25};
    lxw_chart *chart;

    if (sheet->labels != 1 || (!find_across(&v) && !find_down(&v)))
        return false;
    choose(&v, false);
    if (v.count == 0)
        choose(&v, true);
    if (v.count == 0)
        return false;
    chart = xlsx()->workbook_add_chart(book, suits_lines(&v) ? LXW_CHART_LINE : LXW_CHART_COLUMN);
    if (chart == NULL)
        return false;
    for (uint32_t k = 0; k < v.count; k++)
        add_series(chart, &v, v.chosen[k], &place);
    dress(chart, &v, &place);
    return xlsx()->worksheet_insert_chart_opt(page, place.row, place.column, chart, &size) ==
           LXW_NO_ERROR;
}
