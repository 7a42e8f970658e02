/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See page_notes.h. */
#include "format/page_notes.h"

struct paragraph {
    const struct sheet *sheet;
    enum language language;
    struct bytes text;
    uint32_t parts;
};

/* Does the table say this itself? */
static bool page_shows(const struct sheet *s, const char *column)
{
    for (uint32_t row = 0; notes_next(s->notes, "shown", &row); row++)
        if (text_equal(notes_key(s->notes, row), text_of(column)))
            return true;
    return false;
}

/* "Haut-Commissariat au Plan : ", with the colon; empty where there is none. */
static struct text lead_of(struct text t, enum language language)
{
    struct text colon = label_word(WORD_COLON, language);

    for (uint32_t i = 0; i + colon.len <= t.len; i++)
        if (memcmp(t.at + i, colon.at, colon.len) == 0)
            return (struct text){t.at, i + colon.len};
    return (struct text){t.at, 0};
}

static void add_words(struct paragraph *p, enum word word)
{
    bytes_text(&p->text, label_word(word, p->language));
}

static void end_paragraph(struct paragraph *p, void (*put)(void *to, struct text), void *to)
{
    if (p->parts > 0)
        put(to, (struct text){p->text.at, (uint32_t)p->text.len});
    p->text.len = 0;
    p->parts = 0;
}

/* Notes of a kind, one behind the other; a lead that comes again is left out. */
static void join_notes(struct paragraph *p, const char *kind, enum word one, enum word many)
{
    const struct table *notes = p->sheet->notes;
    uint32_t count = 0;
    struct text before = {"", 0};

    for (uint32_t row = 0; notes_next(notes, kind, &row); row++)
        count++;
    for (uint32_t row = 0; notes_next(notes, kind, &row); row++) {
        struct text t = notes_text(notes, row, p->language), lead = lead_of(t, p->language);
        bool again = !text_missing(lead) && text_equal(lead, before);
        if (p->parts++ == 0) {
            add_words(p, count > 1 ? many : one);
            add_words(p, WORD_COLON);
        } else {
            add_words(p, WORD_SEMICOLON);
        }
        before = lead;
        if (again)
            t = (struct text){t.at + lead.len, t.len - lead.len};
        bytes_text(&p->text, t);
    }
}

static void join_marks(struct paragraph *p)
{
    const struct table *notes = p->sheet->notes;

    for (uint32_t row = 0; notes_next(notes, "mark", &row); row++) {
        add_words(p, p->parts == 0 ? WORD_MARK : WORD_SEMICOLON);
        if (p->parts++ == 0)
            add_words(p, WORD_COLON);
        bytes_text(&p->text, notes_key(notes, row));
        bytes_string(&p->text, " = ");
        bytes_text(&p->text, notes_text(notes, row, p->language));
    }
}

static void put_each(struct paragraph *p, void (*put)(void *to, struct text), void *to)
{
    const struct table *notes = p->sheet->notes;
    uint32_t count = 0;

    for (uint32_t row = 0; notes_next(notes, "note", &row); row++) {
        if (count++ == PAGE_NOTES) {
            p->parts++;
            add_words(p, WORD_MORE);
            end_paragraph(p, put, to);
            return;
        }
        p->parts++;
        add_words(p, WORD_NOTE);
        add_words(p, WORD_COLON);
        bytes_text(&p->text, notes_text(notes, row, p->language));
        end_paragraph(p, put, to);
    }
}

void page_notes(const struct sheet *s, enum language language, void (*put)(void *to, struct text),
                void *to)
{
    struct paragraph p = {.sheet = s, .language = language};

    if (!page_shows(s, "source"))
        join_notes(&p, "source", WORD_SOURCE, WORD_SOURCES);
    end_paragraph(&p, put, to);
    if (!page_shows(s, "as_of"))
        join_notes(&p, "vintage", WORD_VINTAGE, WORD_VINTAGE);
    end_paragraph(&p, put, to);
    join_marks(&p);
    end_paragraph(&p, put, to);
    put_each(&p, put, to);
    bytes_free(&p.text);
}
