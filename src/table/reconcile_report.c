/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reconcile_report.h"

#include "table/reconcile_set.h"

const char *const report_column[REPORT_COLUMNS] = {
    "class",    "weight",   "rows", "indicator",  "place",      "period",
    "evidence", "doubtful", "used", "used_value", "reading_fr", "reading_en",
};

const char *const note_column[NOTE_COLUMNS] = {"kind", "key", "fr", "ar", "en"};

static struct text ids(struct arena *a, const struct finding *f)
{
    struct tale t = {a, NULL, 0, 0};
    for (uint32_t i = 0; i < f->claims; i++) {
        tale_say(&t, i ? " " : "");
        tale_text(&t, f->claim[i]->id);
    }
    return tale_end(&t);
}

static struct text claim_text(struct arena *a, const struct claim *c)
{
    struct tale t = {a, NULL, 0, 0};
    if (c)
        tale_claim(&t, c);
    return tale_end(&t);
}

struct text report_cell(const struct claims *s, const struct finding *f, int column)
{
    static const char *const weights[] = {"note", "doubt", "error"};
    const struct claim *first = f->claim[0];
    const struct text cells[REPORT_COLUMNS] = {
        text_of(reconcile_classes[f->class].name),
        text_of(weights[f->weight]),
        ids(s->arena, f),
        first->indicator,
        first->place,
        first->period_text,
        f->evidence,
        f->doubtful ? f->doubtful->id : TEXT(""),
        f->used ? f->used->id : TEXT(""),
        claim_text(s->arena, f->used),
        f->reading_fr,
        f->reading_en,
    };
    return cells[column];
}

static void fill(struct text *row, const char *kind, const char *key, const char *fr,
                 const char *ar, const char *en)
{
    const char *say[NOTE_COLUMNS] = {kind, key, fr, ar, en};
    for (int i = 0; i < NOTE_COLUMNS; i++)
        row[i] = text_of(say[i]);
}

uint32_t report_notes(const struct claims *s, struct text (**row)[NOTE_COLUMNS])
{
    struct text(*note)[NOTE_COLUMNS] = arena_array(s->arena, CLASSES + 2, sizeof *note);
    bool found[CLASSES] = {false};
    uint32_t rows = 0;
    for (uint32_t i = 0; i < s->findings; i++)
        found[s->finding[i]->class] = true;
    fill(note[rows++], "labels", "2", "", "", "");
    for (int i = 0; i < CLASSES; i++) {
        const struct class_info *k = &reconcile_classes[i];
        if (found[i])
            fill(note[rows++], "note", "", arena_print(s->arena, "%s : %s", k->name, k->fr),
                 arena_print(s->arena, "%s: %s", k->name, k->ar),
                 arena_print(s->arena, "%s: %s", k->name, k->en));
    }
    fill(note[rows++], "title", "", "Contradictions entre chiffres publiés",
         "تناقضات بين أرقام منشورة", "Contradictions between published figures");
    *row = note;
    return rows;
}
