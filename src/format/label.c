/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See label.h. */
#include "format/label.h"
#include "table/period_label.h"

#include <stdio.h>

struct dimension {
    char column[24], text[LANGUAGES][48];
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
    {"activity", {"Activité", "النشاط", "Activity"}},
    {"citizenship", {"Nationalité", "الجنسية", "Citizenship"}},
    {"country", {"Pays", "البلد", "Country"}},
    {"household_type", {"Type de ménage", "نوع الأسرة", "Type of household"}},
    {"legal_status", {"Situation administrative", "الوضعية الإدارية", "Legal status"}},
    {"marital_status", {"État matrimonial", "الحالة الزواجية", "Marital status"}},
    {"milieu", {"Milieu", "الوسط", "Area"}},
    {"urban_rural", {"Milieu", "الوسط", "Area"}},
    {"motive", {"Motif", "السبب", "Motive"}},
    {"motive_sex", {"Motif et sexe", "السبب والجنس", "Motive and sex"}},
    {"nationality_group", {"Groupe de nationalités", "مجموعة الجنسيات", "Group of nationalities"}},
    {"office", {"Bureau", "المكتب", "Office"}},
    {"sex_age", {"Sexe et âge", "الجنس والسن", "Sex and age"}},
    {"period", {"Période", "الفترة", "Period"}},
    {"year", {"Année", "السنة", "Year"}},
    {"producer", {"Producteur", "الجهة المنتجة", "Producer"}},
    {"as_of", {"Date des données", "تاريخ المعطيات", "Data as of"}},
    {"scope", {"Champ", "النطاق", "Scope"}},
    {"significant", {"Significatif", "دال إحصائيا", "Significant"}},
    {"unit", {"Unité", "الوحدة", "Unit"}},
    {"value", {"Valeur", "القيمة", "Value"}},
    {"qualifier", {"Précision", "الدقة", "Qualifier"}},
    {"n", {"Effectif enquêté", "عدد المستجوبين", "Sample size"}},
    {"se", {"Erreur type", "الخطأ المعياري", "Standard error"}},
    {"cv", {"Coefficient de variation", "معامل التغير", "Coefficient of variation"}},
    {"ci_low", {"Borne inférieure", "الحد الأدنى", "Lower bound"}},
    {"ci_high", {"Borne supérieure", "الحد الأعلى", "Upper bound"}},
    {"deff", {"Effet de plan", "أثر التصميم", "Design effect"}},
    {"df", {"Degrés de liberté", "درجات الحرية", "Degrees of freedom"}},
    {"status", {"Statut de la donnée", "حالة المعطى", "Status"}},
    {"confidentiality", {"Confidentialité", "السرية", "Confidentiality"}},
    {"source", {"Source", "المصدر", "Source"}},
    {"note", {"Note", "ملاحظة", "Note"}},
};

/* Columns whose codes are those of a list of another name. */
static const char lists[][2][24] = {
    {"age", "age_group"},
    {"scheme", "return_scheme"},
    {"prefecture", "province"},
    {"programme", "snia_programme"},
    {"origin", "nationality"},
    {"destination", "nationality"},
    {"citizenship", "nationality"},
    {"country", "nationality"},
    {"urban_rural", "milieu"},
    {"status", "obs_status"},
    {"confidentiality", "conf_status"},
};

static const char words[WORDS][LANGUAGES][128] = {
    [WORD_TOTAL] = {"Total", "المجموع", "Total"},
    [WORD_OTHER] = {"Autres", "أخرى", "Other"},
    [WORD_VALUE] = {"Valeur", "القيمة", "Value"},
    [WORD_BY] = {" par ", " حسب ", " by "},
    [WORD_AND] = {" et ", " و", " and "},
    [WORD_COLON] = {" : ", ": ", ": "},
    [WORD_SEMICOLON] = {" ; ", "؛ ", "; "},
    [WORD_TABLE] = {"Tableau", "جدول", "Table"},
    [WORD_UNIT] = {"Unité", "الوحدة", "Unit"},
    [WORD_SOURCE] = {"Source", "المصدر", "Source"},
    [WORD_SOURCES] = {"Sources", "المصادر", "Sources"},
    [WORD_VINTAGE] = {"Date des données", "تاريخ المعطيات", "Data as of"},
    [WORD_MARK] = {"Signes", "الرموز", "Marks"},
    [WORD_NOTE] = {"Note", "ملاحظة", "Note"},
    [WORD_NOTES] = {"Notes", "ملاحظات", "Notes"},
    [WORD_MORE] = {"Suite des notes : dernière feuille", "تتمة الملاحظات: الورقة الأخيرة",
                   "More notes: last sheet"},
    [WORD_OTHERS] = {"autres indicateurs", "مؤشرات أخرى", "other indicators"},
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

uint32_t labels_position(const struct labels *l, struct text code)
{
    int64_t row = labels_row(l, code);
    uint32_t behind;

    if (row != KEYS_NONE)
        return (uint32_t)row;
    behind = l->next == NULL ? UINT32_MAX : labels_position(l->next, code);
    return behind == UINT32_MAX ? behind : l->code.count + behind;
}

struct text labels_text(const struct labels *l, struct text code, enum language language)
{
    static const enum language others[] = {FRENCH, ENGLISH, ARABIC};
    int64_t row = labels_row(l, code);
    struct text t;

    if (l->time)
        return period_label(l->code.arena, code, language);
    if (row == KEYS_NONE)
        return l->next == NULL ? code : labels_text(l->next, code, language);
    t = table_get(l->list, (uint32_t)row, l->text[language]);
    for (size_t i = 0; text_missing(t) && i < sizeof(others) / sizeof(others[0]); i++)
        t = table_get(l->list, (uint32_t)row, l->text[others[i]]);
    return text_missing(t) ? code : t;
}

struct text labels_plural(const struct labels *l, struct text code, enum language language)
{
    static const char *const plural[LANGUAGES] = {"fr_plural", "ar_plural", "en_plural"};
    int64_t row = labels_row(l, code);
    struct text many = {"", 0};

    if (row != KEYS_NONE)
        many = table_get(l->list, (uint32_t)row,
                         schema_find(l->list->schema, text_of(plural[language])));
    return text_missing(many) ? labels_text(l, code, language) : many;
}

struct text labels_heading(const struct labels *l, struct text code, enum language language)
{
    return text_equal(code, TEXT("_T")) ? label_word(WORD_TOTAL, language)
                                        : labels_plural(l, code, language);
}

static bool is_kind(const struct labels *l, struct text code, struct text kind)
{
    int64_t row = labels_row(l, code);

    if (row == KEYS_NONE)
        return l->next != NULL && is_kind(l->next, code, kind);
    return text_equal(table_get(l->list, (uint32_t)row, l->kind), kind);
}

bool labels_group(const struct labels *l, struct text code)
{
    return is_kind(l, code, TEXT("group"));
}

bool labels_special(const struct labels *l, struct text code)
{
    return is_kind(l, code, TEXT("special"));
}

const char *label_list(struct text column)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (text_equal(column, text_of(lists[i][0])))
            return lists[i][1];
    return NULL;
}

bool label_time(struct text column)
{
    return text_equal(column, TEXT("period")) || text_equal(column, TEXT("as_of"));
}

bool label_alphabetical(struct text column)
{
    const char *list = label_list(column);
    struct text name = list == NULL ? column : text_of(list);

    return text_equal(name, TEXT("nationality")) || text_equal(name, TEXT("producer"));
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
