/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See xlsx_look.h. */
#include "format/xlsx_look.h"
#include "base/memory.h"
#include "format/xlsx_library.h"

#include <stdio.h>

enum { DIGITS_SHOWN = 6 };

static lxw_format *new_format(struct looks *b, bool total)
{
    lxw_format *f = xlsx()->workbook_add_format(b->book);

    if (f == NULL)
        memory_exhausted();
    xlsx()->format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    if (total) {
        xlsx()->format_set_bold(f);
        xlsx()->format_set_top(f, LXW_BORDER_THIN);
    }
    return f;
}

/* Arabic texts start on the right, whatever their first letter is. */
static void set_start(lxw_format *f, enum language language)
{
    if (language != ARABIC)
        return;
    xlsx()->format_set_align(f, LXW_ALIGN_RIGHT);
    xlsx()->format_set_reading_order(f, 2);
}

/* Figures stand to the right; on sheets from right to left, off the labels. */
static void set_right(lxw_format *f, enum language language)
{
    xlsx()->format_set_align(f, LXW_ALIGN_RIGHT);
    if (language == ARABIC)
        xlsx()->format_set_indent(f, 1);
}

static void set_look(lxw_format *f, enum look look, enum language language)
{
    bool head = look == LOOK_HEAD || look == LOOK_FIGURE_HEAD;

    if (look == LOOK_FIGURE_TEXT || look == LOOK_FIGURE_HEAD)
        set_right(f, language);
    else
        set_start(f, language);
    if (look != LOOK_FIGURE_TEXT)
        xlsx()->format_set_text_wrap(f);
    if (head) {
        xlsx()->format_set_align(f, LXW_ALIGN_VERTICAL_BOTTOM);
        xlsx()->format_set_bold(f);
        xlsx()->format_set_bottom(f, LXW_BORDER_THIN);
        xlsx()->format_set_bg_color(f, 0xE7EEF4);
    }
    if (look == LOOK_TITLE) {
        xlsx()->format_set_bold(f);
        xlsx()->format_set_font_size(f, 14);
    }
    if (look == LOOK_SMALL) {
        xlsx()->format_set_font_size(f, 9);
        xlsx()->format_set_font_color(f, 0x595959);
    }
}

void looks_make(struct looks *b, lxw_workbook *book, struct arena *arena, enum language language)
{
    *b = (struct looks){.book = book, .language = language};
    keys_open(&b->number, arena);
    for (int look = 0; look < LOOKS; look++)
        for (int total = 0; total < 2; total++) {
            b->look[look][total] = new_format(b, total != 0);
            set_look(b->look[look][total], (enum look)look, language);
        }
}

/* Excel keeps 15 digits: what has more stays text, and so stays as it is. */
static bool is_number(const struct figure *f)
{
    return f->kind == FIGURE_NUMBER && f->value.kind == NUMBER_EXACT &&
           f->value.mantissa < 1000000000000000 && f->value.mantissa > -1000000000000000;
}

/* Digits behind the point, as written: `85.0` has one. */
static int digits_shown(struct text number)
{
    const char *point = memchr(number.at, '.', number.len);
    int digits = point == NULL ? 0 : (int)(number.at + number.len - point - 1);

    return digits < DIGITS_SHOWN ? digits : DIGITS_SHOWN;
}

/* `"~"#,##0.0" (u)"`: thousands and decimals are shown as the reader's Excel does. */
static uint32_t print_format(const struct figure *f, bool total, char text[128])
{
    int digits = digits_shown(f->number), n = snprintf(text, 128, "%s", total ? "\001" : "");

    if (f->before != 0)
        n += snprintf(text + n, 128 - (size_t)n, "\"%c\"", f->before);
    n +=
        snprintf(text + n, 128 - (size_t)n, "#,##0%s%.*s", digits > 0 ? "." : "", digits, "000000");
    if (f->after.len > 0 && f->after.len < 32)
        n += snprintf(text + n, 128 - (size_t)n, "\"%.*s\"", (int)f->after.len, f->after.at);
    return (uint32_t)n;
}

lxw_format *looks_number(struct looks *b, const struct figure *f, bool total)
{
    char text[128];
    uint32_t number;

    if (!is_number(f))
        return NULL;
    number = keys_add(&b->number, (struct text){text, print_format(f, total, text)});
    if (number >= sizeof(b->format) / sizeof(b->format[0]))
        return NULL;
    if (b->format[number] == NULL) {
        b->format[number] = new_format(b, total);
        set_right(b->format[number], b->language);
        xlsx()->format_set_num_format(b->format[number], text + (total ? 1 : 0));
    }
    return b->format[number];
}
