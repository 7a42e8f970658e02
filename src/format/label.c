/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See label.h. */
#include "format/label.h"

#include <stdio.h>

struct dimension {
    const char *column;
    const char *text[LANGUAGES];
};

static const struct dimension dimensions[] = {
    {"indicator", {"Indicateur", "المؤشر", "Indicator"}},
    {"nationality", {"Nationalité", "الجنسية", "Nationality"}},
    {"sex", {"Sexe", "الجنس", "Sex"}},
    {"age", {"Âge", "السن", "Age"}},
    {"region", {"Région", "الجهة", "Region"}},
    {"prefecture", {"Préfecture ou province", "العمالة أو الإقليم", "Prefecture or province"}},
    {"destination", {"Destination", "الوجهة", "Destination"}},
    {"origin", {"Origine", "الأصل", "Origin"}},
    {"scheme", {"Programme", "البرنامج", "Scheme"}},
    {"programme", {"Programme", "البرنامج", "Programme"}},
    {"phase", {"Phase", "المرحلة", "Phase"}},
    {"form", {"Forme", "الشكل", "Form"}},
    {"direction", {"Sens", "الاتجاه", "Direction"}},
    {"purpose", {"Motif", "السبب", "Purpose"}},
    {"sector", {"Secteur", "القطاع", "Sector"}},
    {"education", {"Niveau d’études", "المستوى الدراسي", "Education"}},
    {"period", {"Période", "الفترة", "Period"}},
    {"year", {"Année", "السنة", "Year"}},
    {"producer", {"Producteur", "الجهة المنتجة", "Producer"}},
    {"as_of", {"Données arrêtées à", "تاريخ حصر المعطيات", "As of"}},
    {"scope", {"Champ", "النطاق", "Scope"}},
    {"unit", {"Unité", "الوحدة", "Unit"}},
    {"status", {"Statut", "الحالة", "Status"}},
};

/* Columns whose codes are those of a list of another name. */
static const char *const lists[][2] = {
    {"age", "age_group"},           {"scheme", "return_scheme"},
    {"prefecture", "province"},     {"programme", "snia_programme"},
    {"origin", "nationality"},      {"destination", "nationality"},
    {"citizenship", "nationality"}, {"country", "nationality"},
};

/* U+200E keeps the parts of a date behind Arabic words in order. */
static const char *const words[WORDS][LANGUAGES] = {
    [WORD_TOTAL] = {"Total", "المجموع", "Total"},
    [WORD_OTHER] = {"Autres", "أخرى", "Other"},
    [WORD_VALUE] = {"Valeur", "القيمة", "Value"},
    [WORD_BY] = {" par ", " حسب ", " by "},
    [WORD_AND] = {" et ", " و", " and "},
    [WORD_COLON] = {" : ", ": ", ": "},
    [WORD_AS_OF] = {", données arrêtées à ", "، معطيات إلى غاية \u200e", ", data as of "},
    [WORD_TABLE] = {"Tableau", "جدول", "Table"},
    [WORD_UNIT] = {"Unité", "الوحدة", "Unit"},
    [WORD_SOURCE] = {"Source", "المصدر", "Source"},
    [WORD_VINTAGE] = {"Millésime", "تاريخ المعطيات", "Vintage"},
    [WORD_MARK] = {"Signes", "الرموز", "Marks"},
    [WORD_NOTE] = {"Note", "ملاحظة", "Note"},
    [WORD_NOTES] = {"Notes", "ملاحظات", "Notes"},
    [WORD_WITHHELD] = {"donnée non diffusée (secret statistique)", "معطى محجوب (السر الإحصائي)",
                       "withheld (statistical confidentiality)"},
    [WORD_MISSING] = {"donnée manquante", "معطى غير متوفر", "not available"},
    [WORD_APPROXIMATE] = {"valeur approchée", "قيمة تقريبية", "approximate value"},
    [WORD_ABOVE] = {"plus que la valeur indiquée", "أكثر من القيمة المذكورة",
                    "more than the value shown"},
    [WORD_BELOW] = {"moins que la valeur indiquée", "أقل من القيمة المذكورة",
                    "less than the value shown"},
    [WORD_GROUPS] = {"Les groupes recoupent d’autres lignes ou colonnes et ne s’y ajoutent pas",
                     "تتداخل المجموعات مع سطور أو أعمدة أخرى ولا تضاف إليها",
                     "Groups overlap with other rows or columns and are not added to them"},
    [WORD_PRODUCERS] = {"Les chiffres viennent de plusieurs producteurs",
                        "الأرقام صادرة عن عدة جهات منتجة",
                        "The figures come from several producers"},
};

static int find_language(const struct schema *schema, enum language language)
{
    char name[16];
    int column = schema_find(schema, text_of(language_code(language)));

    if (column != NO_COLUMN)
        return column;
    snprintf(name, sizeof(name), "label_%s", language_code(language));
    return schema_find(schema, text_of(name));
}

void labels_open(struct labels *l, struct arena *arena, const struct table *list)
{
    int code = list == NULL ? NO_COLUMN : schema_find(list->schema, TEXT("code"));

    *l = (struct labels){0};
    keys_open(&l->code, arena);
    if (code == NO_COLUMN)
        return;
    l->list = list;
    l->kind = schema_find(list->schema, TEXT("kind"));
    for (int i = 0; i < LANGUAGES; i++)
        l->text[i] = find_language(list->schema, (enum language)i);
    for (uint32_t i = 0; i < list->rows; i++) /* a code that occurs twice ends the list */
        if (keys_add(&l->code, table_cell(list, i, (uint32_t)code)) != i)
            break;
}

int64_t labels_row(const struct labels *l, struct text code)
{
    return keys_find(&l->code, code);
}

struct text labels_text(const struct labels *l, struct text code, enum language language)
{
    static const enum language others[] = {FRENCH, ENGLISH, ARABIC};
    int64_t row = labels_row(l, code);
    struct text t;

    if (row == KEYS_NONE)
        return code;
    t = table_get(l->list, (uint32_t)row, l->text[language]);
    for (size_t i = 0; text_missing(t) && i < sizeof(others) / sizeof(others[0]); i++)
        t = table_get(l->list, (uint32_t)row, l->text[others[i]]);
    return text_missing(t) ? code : t;
}

bool labels_group(const struct labels *l, struct text code)
{
    int64_t row = labels_row(l, code);

    return row != KEYS_NONE &&
           text_equal(table_get(l->list, (uint32_t)row, l->kind), TEXT("group"));
}

const char *label_list(struct text column)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (text_equal(column, text_of(lists[i][0])))
            return lists[i][1];
    return NULL;
}

struct text label_dimension(struct text column, enum language language)
{
    for (size_t i = 0; i < sizeof(dimensions) / sizeof(dimensions[0]); i++)
        if (text_equal(column, text_of(dimensions[i].column)))
            return text_of(dimensions[i].text[language]);
    return column;
}

struct text label_word(enum word word, enum language language)
{
    return text_of(words[word][language]);
}
