/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/option.h"

#include <errno.h>
#include <stdlib.h>

#include "base/nearest.h"

struct parse {
    const struct option_spec *table[2]; /* its own, those that all have */
    int argc, at;
    char *const *argv;
    struct options *out;
    struct error *error;
};

bool option_is_operand(const struct option_spec *spec)
{
    return spec->name[0] >= 'A' && spec->name[0] <= 'Z';
}

const char *options_get(const struct options *o, const char *name, uint32_t n)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (strcmp(o->value[i].spec->name, name) == 0 && n-- == 0)
            return o->value[i].value;
    return NULL;
}

uint32_t options_count(const struct options *o, const char *name)
{
    uint32_t n = 0;
    while (options_get(o, name, n))
        n++;
    return n;
}

/* Empty where no option has a name like it. */
static struct text option_suggest(const struct parse *p, struct text given)
{
    struct guess guess = guess_begin(given);
    for (int i = 0; i < 2; i++)
        for (const struct option_spec *s = p->table[i]; *s->name; s++)
            if (!option_is_operand(s))
                guess_offer(&guess, text_of(s->name));
    return guess.name;
}

static const struct option_spec *option_find(const struct parse *p, struct text name)
{
    for (int i = 0; i < 2; i++)
        for (const struct option_spec *s = p->table[i]; *s->name; s++)
            if (!option_is_operand(s) && text_equal(text_of(s->name), name))
                return s;
    return NULL;
}

/* Up to the first `=`. */
static uint32_t name_length(const char *option)
{
    uint32_t n = 0;
    while (option[n] && option[n] != '=')
        n++;
    return n;
}

static int unknown_option(struct parse *p, const char *argument, struct text name)
{
    struct text meant = option_suggest(p, name);
    int given = (int)(name.at - argument) + (int)name.len;
    if (!meant.len)
        return error_set(p->error, EX_USAGE, NOWHERE, "unknown option %.*s (--help lists them)",
                         given, argument);
    return error_set(p->error, EX_USAGE, NOWHERE, "unknown option %.*s; did you mean --%.*s?",
                     given, argument, (int)meant.len, meant.at);
}

static bool is_integer(const char *value)
{
    if (*value == '-' || *value == '+')
        value++;
    size_t digits = strspn(value, "0123456789");
    return digits && value[digits] == '\0';
}

static const char *dashes(const struct option_spec *spec)
{
    return option_is_operand(spec) ? "" : "--";
}

static int check_choice(struct parse *p, const struct option_spec *spec, struct text value)
{
    struct text list = text_of(spec->choices), choice;
    struct guess guess = guess_begin(value);
    while (text_next(&list, '|', &choice)) {
        if (text_equal(choice, value))
            return 0;
        guess_offer(&guess, choice);
    }
    return error_set(p->error, EX_USAGE, NOWHERE, "%s%s: '%.*s' is none of %s%s%.*s%s",
                     dashes(spec), spec->name, (int)value.len, value.at, spec->choices,
                     guess.name.len ? "; did you mean " : "", (int)guess.name.len, guess.name.at,
                     guess.name.len ? "?" : "");
}

/* What can be said about a value before any file is open.  An empty one comes from a variable
 * that is not set, and only a text may be empty. */
static int check_value(struct parse *p, const struct option_spec *spec, const char *value)
{
    if (spec->kind == OPTION_CHOICE && *spec->choices)
        return check_choice(p, spec, text_of(value));
    if (*value == '\0' && spec->kind != OPTION_TEXT && spec->kind != OPTION_FLAG)
        return error_set(p->error, EX_USAGE, NOWHERE, "%s%s: the value is empty", dashes(spec),
                         spec->name);
    if (spec->kind == OPTION_INTEGER && !is_integer(value))
        return error_set(p->error, EX_USAGE, NOWHERE, "%s%s: '%s' is not a whole number",
                         dashes(spec), spec->name, value);
    return 0;
}

static bool is_given(const struct options *o, const struct option_spec *spec)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->value[i].spec == spec)
            return true;
    return false;
}

static void add_value(struct parse *p, const struct option_spec *spec, const char *value)
{
    p->out->value[p->out->count++] = (struct option_value){spec, value};
}

/* The word after an option is its value whatever it looks like (-1, -, a title that begins with
 * dashes), unless it is itself an option of the table: then a value was forgotten. */
static const char *next_value(struct parse *p)
{
    if (p->at + 1 >= p->argc)
        return NULL;
    const char *next = p->argv[p->at + 1];
    struct text name = text_of(next), rest;
    if (text_starts(name, TEXT("--"))) {
        rest = (struct text){next + 2, name_length(next + 2)};
        if (rest.len == 0 || option_find(p, rest))
            return NULL;
    }
    p->at++;
    return next;
}

static int parse_option(struct parse *p, const char *argument)
{
    struct text name = {argument + 2, name_length(argument + 2)};
    const char *value = name.at[name.len] ? name.at + name.len + 1 : NULL;
    const struct option_spec *spec = option_find(p, name);
    if (!spec)
        return unknown_option(p, argument, name);
    if (!(spec->flags & OPTION_REPEAT) && is_given(p->out, spec))
        return error_set(p->error, EX_USAGE, NOWHERE, "--%s is given twice", spec->name);
    if (spec->kind == OPTION_FLAG && value)
        return error_set(p->error, EX_USAGE, NOWHERE, "--%s takes no value", spec->name);
    if (spec->kind == OPTION_FLAG)
        value = "";
    else if (!value)
        value = next_value(p);
    if (!value)
        return error_set(p->error, EX_USAGE, NOWHERE, "--%s needs a value: %s", spec->name,
                         *spec->argument ? spec->argument : "VALUE");
    add_value(p, spec, value);
    return check_value(p, spec, value);
}

/* `-`, `-1` and `-.5` are operands; `-by` is an option that lacks a dash. */
static bool looks_like_operand(const char *argument)
{
    return argument[0] != '-' || argument[1] == '\0' || strchr("0123456789.", argument[1]);
}

static int parse_argument(struct parse *p, bool *operands_only)
{
    const char *argument = p->argv[p->at];
    if (*operands_only || looks_like_operand(argument)) {
        add_value(p, NULL, argument);
        return 0;
    }
    if (argument[1] != '-')
        return unknown_option(p, argument, text_of(argument + 1));
    if (argument[2])
        return parse_option(p, argument);
    *operands_only = true;
    return 0;
}

static const struct option_spec *next_operand(const struct option_spec *spec)
{
    while (*spec->name && !option_is_operand(spec))
        spec++;
    return *spec->name ? spec : NULL;
}

/* Behind a repeating operand only the main input can follow: the operand without `=`. */
static const struct option_spec *input_behind(const struct option_spec *repeating)
{
    const struct option_spec *s = next_operand(repeating + 1);
    while (s && s->kind != OPTION_INPUT)
        s = next_operand(s + 1);
    return s;
}

static const struct option_spec *operand_spec(const struct options *o,
                                              const struct option_spec **next, const char *value)
{
    const struct option_spec *spec = *next, *input;
    if (!spec)
        return NULL;
    if (!(spec->flags & OPTION_REPEAT)) {
        *next = next_operand(spec + 1);
        return spec;
    }
    input = input_behind(spec);
    if (!input || strchr(value, '='))
        return spec;
    return is_given(o, input) ? NULL : input;
}

static int assign_operands(struct parse *p)
{
    const struct option_spec *next = next_operand(p->table[0]);
    for (uint32_t i = 0; i < p->out->count; i++) {
        struct option_value *v = &p->out->value[i];
        if (v->spec)
            continue;
        v->spec = operand_spec(p->out, &next, v->value);
        if (!v->spec)
            return error_set(p->error, EX_USAGE, NOWHERE, "'%s' is one operand too many%s%s",
                             v->value, next ? ": it is no " : "",
                             next ? (*next->argument ? next->argument : next->name) : "");
        if (check_value(p, v->spec, v->value))
            return -1;
    }
    return 0;
}

static int check_required(struct parse *p)
{
    for (const struct option_spec *s = p->table[0]; *s->name; s++) {
        if (!(s->flags & OPTION_REQUIRED) || is_given(p->out, s))
            continue;
        bool operand = option_is_operand(s);
        return error_set(p->error, EX_USAGE, NOWHERE, "%s%s%s%s is missing: %s", dashes(s), s->name,
                         operand || !*s->argument ? "" : " ", operand ? "" : s->argument, s->help);
    }
    return 0;
}

int options_parse(struct arena *arena, const struct option_spec *table,
                  const struct option_spec *common, int argc, char *const *argv,
                  struct options *out, struct error *error)
{
    static const struct option_spec none[] = {{.name = ""}};
    struct parse p = {{table ? table : none, common ? common : none}, argc, 0, argv, out, error};
    bool operands_only = false;
    out->count = 0;
    out->value = arena_zarray(arena, (size_t)argc, sizeof *out->value);
    for (; p.at < argc; p.at++)
        if (parse_argument(&p, &operands_only))
            return -1;
    return assign_operands(&p) || check_required(&p) ? -1 : 0;
}

int options_integer(const struct options *o, const char *name, long long low, long long high,
                    long long otherwise, long long *out, struct error *error)
{
    const char *value = options_get(o, name, 0);
    *out = otherwise;
    if (!value)
        return 0;
    errno = 0;
    long long n = strtoll(value, NULL, 10);
    if (!is_integer(value) || errno || n < low || n > high)
        return error_set(error, EX_USAGE, NOWHERE,
                         "--%s: a whole number from %lld to %lld is wanted, not '%s'", name, low,
                         high, value);
    *out = n;
    return 0;
}
