/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/period_label.h"

static const char months[LANGUAGES][12][16] = {
    [FRENCH] = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.",
                "nov.", "déc."},
    [ARABIC] = {"يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر",
                "أكتوبر", "نونبر", "دجنبر"},
    [ENGLISH] = {"Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov",
                 "Dec"},
};

static const char halves[LANGUAGES][2][36] = {
    [FRENCH] = {"1er semestre", "2e semestre"},
    [ARABIC] = {"النصف الأول من", "النصف الثاني من"},
    [ENGLISH] = {"1st half of", "2nd half of"},
};

static const char quarters[LANGUAGES][4][36] = {
    [FRENCH] = {"1er trimestre", "2e trimestre", "3e trimestre", "4e trimestre"},
    [ARABIC] = {"الفصل الأول من", "الفصل الثاني من", "الفصل الثالث من", "الفصل الرابع من"},
    [ENGLISH] = {"1st quarter of", "2nd quarter of", "3rd quarter of", "4th quarter of"},
};

/* The first of a month has a name of its own in French and Arabic. */
static const char firsts[LANGUAGES][12] = {"1er", "فاتح", "1"};

static const char unknown[LANGUAGES][36] = {"date inconnue", "تاريخ غير معروف", "unknown date"};

static const char *month_of(struct date d, enum language language)
{
    return months[language][d.month - 1];
}

static const char *day_of(struct arena *arena, struct date d, enum language language)
{
    return d.day == 1 ? firsts[language] : arena_print(arena, "%d", d.day);
}

static char *date_label(struct arena *arena, struct date d, enum language language)
{
    return arena_print(arena, "%s %s %d", day_of(arena, d, language), month_of(d, language),
                       d.year);
}

static char *years_label(struct arena *arena, struct date first, struct date last)
{
    return first.year == last.year ? arena_print(arena, "%d", first.year)
                                   : arena_print(arena, "%d–%d", first.year, last.year);
}

/* Whole months within one year. */
static char *part_label(struct arena *arena, struct date first, struct date last,
                        enum language language)
{
    int count = last.month - first.month + 1, since = first.month - 1;

    if (count == 6 && since % 6 == 0)
        return arena_print(arena, "%s %d", halves[language][since / 6], first.year);
    if (count == 3 && since % 3 == 0)
        return arena_print(arena, "%s %d", quarters[language][since / 3], first.year);
    if (count == 1)
        return arena_print(arena, "%s %d", month_of(first, language), first.year);
    return arena_print(arena, "%s–%s %d", month_of(first, language), month_of(last, language),
                       first.year);
}

static char *months_label(struct arena *arena, struct date first, struct date last,
                          enum language language)
{
    if (first.month == 1 && last.month == 12)
        return years_label(arena, first, last);
    if (first.year == last.year)
        return part_label(arena, first, last, language);
    return arena_print(arena, "%s %d – %s %d", month_of(first, language), first.year,
                       month_of(last, language), last.year);
}

/* What two days have in common is written once. */
static char *days_label(struct arena *arena, struct date first, struct date last,
                        enum language language)
{
    const char *day = day_of(arena, first, language);
    char *end = date_label(arena, last, language);

    if (date_compare(first, last) == 0)
        return end;
    if (first.year != last.year)
        return arena_print(arena, "%s – %s", date_label(arena, first, language), end);
    if (first.month != last.month)
        return arena_print(arena, "%s %s – %s", day, month_of(first, language), end);
    return arena_print(arena, "%s–%s", day, end);
}

struct text span_label(struct arena *arena, struct span s, enum language language)
{
    struct date first = date_of_days(s.first), last = date_of_days(s.last);
    bool whole = first.day == 1 && last.day == month_days(last.year, last.month);

    return text_of(whole ? months_label(arena, first, last, language)
                         : days_label(arena, first, last, language));
}

struct text period_label(struct arena *arena, struct text t, enum language language)
{
    struct span s;

    if (text_equal(t, TEXT("_U")))
        return text_of(unknown[language]);
    return span_parse(t, &s) ? span_label(arena, s, language) : t;
}

int period_order(struct text a, struct text b)
{
    struct span x, y;
    bool is_x = span_parse(a, &x), is_y = span_parse(b, &y);

    if (is_x != is_y)
        return is_x ? -1 : 1;
    if (is_x && x.first != y.first)
        return x.first < y.first ? -1 : 1;
    if (is_x && x.last != y.last)
        return x.last > y.last ? -1 : 1;
    return text_compare(a, b);
}
