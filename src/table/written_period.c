/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/written_period.h"

#include "table/written_word.h"

/* One reading of a pattern: the numbers of its Y, n, M in order of the text. */
struct reading {
    const struct written *w;
    struct written_habits habits;
    struct written_period *out;
    int v[WRITTEN_TOKENS]; /* values of Y, n, M, f in order */
    uint32_t count;
};

static struct date first_of(int year, int month)
{
    return (struct date){year, month, 1};
}

static struct date end_of(int year, int month)
{
    return (struct date){year, month, month_days(year, month)};
}

static bool add(struct reading *r, struct date first, struct date last)
{
    if (!date_valid(first) || !date_valid(last) || date_compare(first, last) > 0 ||
        r->out->readings == WRITTEN_READINGS)
        return false;
    for (uint32_t i = 0; i < r->out->readings; i++)
        if (date_compare(r->out->reading[i].first, first) == 0 &&
            date_compare(r->out->reading[i].last, last) == 0)
            return true;
    r->out->reading[r->out->readings++] = (struct days){first, last};
    return true;
}

static bool add_day(struct reading *r, int year, int month, int day)
{
    struct date d = {year, month, day};
    return add(r, d, d);
}

static bool is_month(int n)
{
    return n >= 1 && n <= 12;
}

static bool add_months(struct reading *r, int year, int month, int to_year, int to_month)
{
    return is_month(month) && is_month(to_month) &&
           add(r, first_of(year, month), end_of(to_year, to_month));
}

/* Part `n` of a year that has 12 / months of them. */
static bool add_part(struct reading *r, int year, int n, int months)
{
    return n >= 1 && n <= 12 / months &&
           add_months(r, year, months * (n - 1) + 1, year, months * n);
}

static bool read_year(struct reading *r)
{
    return add_months(r, r->v[0], 1, r->v[0], 12);
}

static bool read_years(struct reading *r)
{
    return r->v[0] < r->v[1] && add_months(r, r->v[0], 1, r->v[1], 12);
}

static bool add_academic(struct reading *r, int year)
{
    return add(r, first_of(year, 9), end_of(year + 1, 8));
}

/* The second year, where it may be written by its last two digits. */
static int year_after(const struct reading *r)
{
    return r->v[1] < 100 ? (r->v[0] + 1) / 100 * 100 + r->v[1] : r->v[1];
}

static bool read_academic(struct reading *r)
{
    return year_after(r) == r->v[0] + 1 && add_academic(r, r->v[0]);
}

/* 2017-2018 with nothing beside it: a school year, or both years. */
static bool read_year_pair(struct reading *r)
{
    int last = year_after(r);
    if (last != r->v[0] + 1)
        return last > r->v[0] && r->v[1] >= 100 && read_years(r);
    bool school = add_academic(r, r->v[0]);
    return school && (r->habits.academic || add_months(r, r->v[0], 1, last, 12));
}

/* 2018/09, or 2017/18. */
static bool read_year_number(struct reading *r)
{
    int n = r->v[1];
    bool month = is_month(n) && add_months(r, r->v[0], n, r->v[0], n);
    bool pair = year_after(r) == r->v[0] + 1 && (!month || r->habits.academic);
    return pair ? read_year_pair(r) : month;
}

static bool read_month(struct reading *r) /* MY, nY */
{
    return add_months(r, r->v[1], r->v[0], r->v[1], r->v[0]);
}

static bool read_year_month(struct reading *r)
{
    return add_months(r, r->v[0], r->v[1], r->v[0], r->v[1]);
}

static bool read_months(struct reading *r) /* M-MY */
{
    return r->v[0] < r->v[1] && add_months(r, r->v[2], r->v[0], r->v[2], r->v[1]);
}

static bool read_month_to_month(struct reading *r) /* MY-MY */
{
    return add_months(r, r->v[1], r->v[0], r->v[3], r->v[2]);
}

static bool read_day(struct reading *r) /* nMY */
{
    return add_day(r, r->v[2], r->v[1], r->v[0]);
}

static bool read_month_day(struct reading *r) /* MnY */
{
    return add_day(r, r->v[2], r->v[0], r->v[1]);
}

static bool read_year_month_day(struct reading *r)
{
    return add_day(r, r->v[0], r->v[1], r->v[2]);
}

/* 29-Oct-19: years of two digits are those from 1950 to 2049. */
static bool read_short_year(struct reading *r)
{
    int year = r->v[2] + (r->v[2] < 50 ? 2000 : 1900);
    return r->w->digits[r->w->count - 1] == 2 && add_day(r, year, r->v[1], r->v[0]);
}

/* 01/02/2018: the day first if told so, or where only that makes a date. */
static bool read_numbers(struct reading *r)
{
    bool day_first = add_day(r, r->v[2], r->v[1], r->v[0]);
    if (r->habits.day_first)
        return day_first;
    bool month_first = add_day(r, r->v[2], r->v[0], r->v[1]);
    return day_first || month_first;
}

/* 01/02/18: nobody can tell which is the year, unless the habit says so. */
static bool read_short_numbers(struct reading *r)
{
    int a = r->v[0], b = r->v[1], c = r->v[2];
    bool any = add_day(r, c + (c < 50 ? 2000 : 1900), b, a);
    if (r->habits.day_first)
        return any;
    any |= add_day(r, c + (c < 50 ? 2000 : 1900), a, b);
    any |= add_day(r, a + (a < 50 ? 2000 : 1900), b, c);
    return any;
}

static bool read_days(struct reading *r) /* n-nMY */
{
    struct date first = {r->v[3], r->v[2], r->v[0]}, last = {r->v[3], r->v[2], r->v[1]};
    return date_compare(first, last) < 0 && add(r, first, last);
}

static bool read_day_to_day(struct reading *r) /* nM-nMY */
{
    struct date first = {r->v[4], r->v[1], r->v[0]}, last = {r->v[4], r->v[3], r->v[2]};
    return add(r, first, last);
}

static bool read_date_to_date(struct reading *r) /* nMY-nMY */
{
    struct date first = {r->v[2], r->v[1], r->v[0]}, last = {r->v[5], r->v[4], r->v[3]};
    return add(r, first, last);
}

static bool read_semester(struct reading *r)
{
    return add_part(r, r->v[1], r->v[0], 6);
}

static bool read_quarter(struct reading *r)
{
    return add_part(r, r->v[1], r->v[0], 3);
}

static bool read_year_semester(struct reading *r)
{
    return add_part(r, r->v[0], r->v[1], 6);
}

static bool read_year_quarter(struct reading *r)
{
    return add_part(r, r->v[0], r->v[1], 3);
}

static bool read_last_quarter(struct reading *r)
{
    return add_part(r, r->v[0], 4, 3);
}

static bool read_last_semester(struct reading *r)
{
    return add_part(r, r->v[0], 2, 6);
}

static bool add_quarters(struct reading *r, int from, int to)
{
    return from >= 1 && from < to && to <= 4 &&
           add_months(r, r->v[2], 3 * from - 2, r->v[2], 3 * to);
}

static bool read_quarters(struct reading *r) /* n-nqY */
{
    return add_quarters(r, r->v[0], r->v[1]);
}

static bool read_two_quarters(struct reading *r) /* n&nqY: not with a gap */
{
    return r->v[1] == r->v[0] + 1 && add_quarters(r, r->v[0], r->v[1]);
}

/* Only the last day of what was read: a stock at that date. */
static bool last_day(struct reading *r)
{
    for (uint32_t i = 0; i < r->out->readings; i++)
        r->out->reading[i].first = r->out->reading[i].last;
    return r->out->readings == 1;
}

static bool read_end_of_year(struct reading *r)
{
    return read_year(r) && last_day(r);
}

static bool read_end_of_month(struct reading *r)
{
    return read_month(r) && last_day(r);
}

static bool read_end_of_semester(struct reading *r)
{
    return read_semester(r) && last_day(r);
}

static bool read_end_of_quarter(struct reading *r)
{
    return read_quarter(r) && last_day(r);
}

/* The nine first months: the number, the `first` (whose value is 1) and the year, in any order. */
static bool read_first_months(struct reading *r)
{
    int n = r->v[0] * r->v[1];
    return n >= 2 && n <= 11 && add_months(r, r->v[2], 1, r->v[2], n);
}

/* Les sept premiers mois: `sept` was taken for September. */
static bool read_seven_months(struct reading *r)
{
    return r->v[0] == 9 && add_months(r, r->v[2], 1, r->v[2], 7);
}

static const struct {
    const char *pattern; /* `-` stands for a dash or `to`; the others for themselves */
    bool (*read)(struct reading *);
} patterns[] = {
    {"Y", read_year},
    {"Y>Y", read_years},
    {"bY&Y", read_years},
    {"aY-Y", read_academic},
    {"aY/Y", read_academic},
    {"aY/n", read_academic},
    {"aY-n", read_academic},
    {"Y-Y", read_year_pair},
    {"Y/Y", read_year_pair},
    {"Y-n", read_year_number},
    {"Y/n", read_year_number},
    {"MY", read_month},
    {"M-Y", read_month},
    {"M/Y", read_month},
    {"n/Y", read_month},
    {"n-Y", read_month},
    {"YM", read_year_month},
    {"M-MY", read_months},
    {"M/MY", read_months},
    {"M-eMY", read_months},
    {"MY-eMY", read_month_to_month},
    {"bM&MY", read_months},
    {"MY-MY", read_month_to_month},
    {"bMY&MY", read_month_to_month},
    {"nMY", read_day},
    {"n-M-Y", read_day},
    {"n/M/Y", read_day},
    {"MnY", read_month_day},
    {"Mn,Y", read_month_day},
    {"Y-n-n", read_year_month_day},
    {"Y/n/n", read_year_month_day},
    {"n-M-n", read_short_year},
    {"n/M/n", read_short_year},
    {"n/n/Y", read_numbers},
    {"n-n-Y", read_numbers},
    {"n/n/n", read_short_numbers},
    {"n-n-n", read_short_numbers},
    {"n-nMY", read_days},
    {"n/nMY", read_days},
    {"bn&nMY", read_days},
    {"nM-nMY", read_day_to_day},
    {"bnM&nMY", read_day_to_day},
    {"nMY-nMY", read_date_to_date},
    {"bnMY&nMY", read_date_to_date},
    {"nsY", read_semester},
    {"snY", read_semester},
    {"sn-Y", read_semester},
    {"sn/Y", read_semester},
    {"Ysn", read_year_semester},
    {"Y-sn", read_year_semester},
    {"Y/sn", read_year_semester},
    {"nqY", read_quarter},
    {"qnY", read_quarter},
    {"qn-Y", read_quarter},
    {"qn/Y", read_quarter},
    {"Yqn", read_year_quarter},
    {"Y-qn", read_year_quarter},
    {"Y/qn", read_year_quarter},
    {"lqY", read_last_quarter},
    {"qlY", read_last_quarter},
    {"lsY", read_last_semester},
    {"slY", read_last_semester},
    {"n-nqY", read_quarters},
    {"qn-qnY", read_quarters},
    {"n&nqY", read_two_quarters},
    {"nq&nqY", read_two_quarters},
    {"qn&qnY", read_two_quarters},
    {"Ykn", read_year_month},
    {"Y-kn", read_year_month},
    {"eY", read_end_of_year},
    {"eMY", read_end_of_month},
    {"ensY", read_end_of_semester},
    {"esnY", read_end_of_semester},
    {"enqY", read_end_of_quarter},
    {"eqnY", read_end_of_quarter},
    {"nfmY", read_first_months},
    {"fnmY", read_first_months},
    {"mnfY", read_first_months},
    {"mfnY", read_first_months},
    {"nmfY", read_first_months},
    {"MfmY", read_seven_months},
};

static bool matches(const char *pattern, const char *letters)
{
    for (; *pattern && *letters; pattern++, letters++)
        if (*pattern != *letters && !(*pattern == '-' && *letters == '>'))
            return false;
    return !*pattern && !*letters;
}

/* ---- several periods beside each other: one where each begins when the one before ends ---- */

static bool is_and(char letter)
{
    return letter == '&' || letter == ',';
}

/* Adds up what follows without a gap; a gap starts a new reading. */
static bool chain_add(struct reading *r, struct date first, struct date last)
{
    struct written_period *out = r->out;
    if (!date_valid(first) || !date_valid(last))
        return false;
    if (out->readings) {
        struct days *before = &out->reading[out->readings - 1];
        if (date_days(first) <= date_days(before->last))
            return false;
        if (date_days(first) == date_days(before->last) + 1) {
            before->last = last;
            return true;
        }
    }
    return add(r, first, last);
}

/* The letters of an item of a list: `M`, `MY`, `n`, `Y`, each the same but for the last. */
static bool is_list(const char *letters, const char *item, const char *tail)
{
    size_t n = strlen(item);
    for (uint32_t items = 1; strncmp(letters, item, n) == 0; items++) {
        letters += n;
        if (items > 1 && strcmp(letters, tail) == 0)
            return true;
        if (!is_and(*letters))
            return false;
        letters++;
    }
    return false;
}

static bool read_list(struct reading *r)
{
    const char *letters = r->w->letter;
    uint32_t n = r->count;
    bool good = n > 0;
    if (is_list(letters, "Y", "")) {
        for (uint32_t i = 0; i < n && good; i++)
            good = chain_add(r, first_of(r->v[i], 1), end_of(r->v[i], 12));
    } else if (is_list(letters, "M", "Y")) {
        for (uint32_t i = 0; i + 1 < n && good; i++)
            good = chain_add(r, first_of(r->v[n - 1], r->v[i]), end_of(r->v[n - 1], r->v[i]));
    } else if (is_list(letters, "MY", "")) {
        for (uint32_t i = 0; i + 1 < n && good; i += 2)
            good = chain_add(r, first_of(r->v[i + 1], r->v[i]), end_of(r->v[i + 1], r->v[i]));
    } else if (is_list(letters, "n", "MY")) {
        for (uint32_t i = 0; i + 2 < n && good; i++) {
            struct date d = {r->v[n - 1], r->v[n - 2], r->v[i]};
            good = chain_add(r, d, d);
        }
    } else {
        return false;
    }
    return good;
}

static bool read_pattern(struct reading *r)
{
    for (uint32_t i = 0; i < r->w->count; i++)
        if (strchr("YnMf", r->w->letter[i]))
            r->v[r->count++] = r->w->value[i];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (matches(patterns[i].pattern, r->w->letter))
            return patterns[i].read(r) && r->out->readings;
    return read_list(r);
}

/* The text is a period as we write it. */
static bool is_exact(struct text t, struct written_period *out)
{
    char again[PERIOD_TEXT];
    struct days *d = &out->reading[0];
    if (!period_parse(t, &d->first, &d->last) || d->first.year < 1800 || d->first.year > 2199)
        return false;
    out->readings = 1;
    return text_equal(t, (struct text){again, (uint32_t)period_format(d->first, d->last, again)});
}

/* The day of the week that the text names, if it names one: of one day, and of that. */
static bool weekday_holds(const struct written *w, const struct written_period *out)
{
    static const struct date monday = {2018, 10, 15};
    const struct days *d = &out->reading[0];
    if (!w->weekday)
        return true;
    int32_t since = date_days(d->first) - date_days(monday);
    return out->readings == 1 && date_compare(d->first, d->last) == 0 &&
           (since % 7 + 7) % 7 + 1 == w->weekday;
}

enum written_match written_period_read(struct text t, struct written_habits habits,
                                       struct written_period *out)
{
    struct written w;
    struct reading r = {.w = &w, .habits = habits, .out = out};
    *out = (struct written_period){.readings = 0};
    bool exact = is_exact(t, out), ours = out->readings == 1;
    bool pair = habits.academic && t.len == 7; /* 2011-12 may be a school year */
    if (ours && !pair)
        return exact ? WRITTEN_EXACT : WRITTEN_READ;
    out->readings = 0;
    if (!written_cut(t, &w) || !read_pattern(&r) || !weekday_holds(&w, out)) {
        out->readings = 0;
        return WRITTEN_UNKNOWN;
    }
    if (out->readings > 1)
        return WRITTEN_AMBIGUOUS;
    return exact ? WRITTEN_EXACT : WRITTEN_READ;
}
