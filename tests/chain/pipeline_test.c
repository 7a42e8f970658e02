/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parser of pipeline files: its words against a table of what POSIX says, its refusals, and
 * the order of pipelines.  Agreement with a real shell is in shell_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "chain/order.h"
#include "chain/pipeline.h"

static const char *lookup(void *context, const char *name)
{
    (void)context;
    if (strcmp(name, "YEAR") == 0)
        return "2018";
    if (strcmp(name, "ODD") == 0)
        return "a b*$c\"d";
    if (strcmp(name, "EMPTY") == 0)
        return "";
    return NULL;
}

/* Words of the commands, each in <>, commands ended by |, pipelines by newline. */
static void show(const struct pipeline_file *file, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < file->count; i++) {
        const struct pipeline *p = &file->pipeline[i];
        for (uint32_t c = 0; c < p->commands; c++) {
            for (int w = 0; w < p->command[c].argc; w++)
                n += (size_t)snprintf(out + n, size - n, "<%s>", p->command[c].argv[w]);
            if (c + 1 < p->commands)
                n += (size_t)snprintf(out + n, size - n, "|");
        }
        if (p->input)
            n += (size_t)snprintf(out + n, size - n, " in=%s", p->input);
        if (p->output)
            n += (size_t)snprintf(out + n, size - n, " out=%s", p->output);
        if (p->include)
            n += (size_t)snprintf(out + n, size - n, " include");
        n += (size_t)snprintf(out + n, size - n, "\n");
    }
}

struct accepted {
    const char *text, *shown;
};

static const struct accepted accepted[] = {
    {"", ""},
    {"marsad sort --by a\n", "<sort><--by><a>\n"},
    {"marsad-sort --by a", "<sort><--by><a>\n"},
    {"marsad a|marsad b|\n\n # c\n marsad c\n", "<a>|<b>|<c>\n"},
    {"marsad a <in | marsad b >out\n", "<a>|<b> in=in out=out\n"},
    {"<in marsad a 2 >out b\n", "<a><2><b> in=in out=out\n"},
    {"marsad a; marsad b;\n", "<a>\n<b>\n"},
    {"marsad a # c | d\nmarsad b c#d '#d' \\#e\n", "<a>\n<b><c#d><#d><#e>\n"},
    {"marsad 'a'\"b\"c '' \"\" 'x y'\n", "<abc><><><x y>\n"},
    {"marsad a \"\\$x \\` \\\" \\\\ \\n\" \\$ \\a \\* 'q\\'\n",
     "<a><$x ` \" \\ \\n><$><a><*><q\\>\n"},
    {"marsad a b\\\nc \\\n d \"e\\\nf\" 'g\\\nh'\n", "<a><bc><d><ef><g\\\nh>\n"},
    {"marsad a \"$YEAR\" \"y$YEAR-1\" \"${YEAR}x\" '$YEAR'\n",
     "<a><2018><y2018-1><2018x><$YEAR>\n"},
    {"marsad a \"$ODD\" \"${NONE:-d *e}\" \"${EMPTY:-}\" \"${EMPTY:-f}\" \"$EMPTY\"\n",
     "<a><a b*$c\"d><d *e><><f><>\n"},
    {"marsad a --x=1 b,c a:b %+@^!]\n", "<a><--x=1><b,c><a:b><%+@^!]>\n"},
    {"marsad a 'x > 1 && y | z; `*`'\n", "<a><x > 1 && y | z; `*`>\n"},
    {"marsad run sub.sh YEAR=\"$YEAR\" B=\n", "<run><sub.sh><YEAR=2018><B=> include\n"},
    {"marsad a > \"$YEAR.csv\"\n", "<a> out=2018.csv\n"},
    {"marsad a caf\xc3\xa9 \xe6\x85\xaa \"\xc2\x81\xc2\x88\"\n",
     "<a><caf\xc3\xa9><\xe6\x85\xaa><\xc2\x81\xc2\x88>\n"},
    {"marsad a '1\n2'\nmarsad b\n", "<a><1\n2>\n<b>\n"},
};

static int parse(struct arena *arena, const char *text, struct pipeline_file *file,
                 struct error *error)
{
    char *whole = arena_print(arena, "set -eu\n%s", text);
    return pipeline_parse(arena, "p.sh", whole, strlen(whole), lookup, NULL, file, error);
}

static void test_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct arena *arena = arena_new();
        struct pipeline_file file;
        struct error error = {0};
        char shown[1000];
        if (parse(arena, accepted[i].text, &file, &error))
            fail_msg("%s: refused: %s", accepted[i].text, error.message);
        show(&file, shown, sizeof shown);
        assert_string_equal(shown, accepted[i].shown);
        arena_free(arena);
    }
}

struct refusal {
    const char *text;
    uint64_t line;
    uint32_t column;
    const char *says;
};

/* Lines count from `set -eu`, which is the first. */
static const struct refusal refusals[] = {
    {"marsad a *.csv", 2, 10, "patterns"},
    {"marsad a b?c", 2, 11, "patterns"},
    {"marsad a [x]", 2, 10, "patterns"},
    {"marsad a ~/x", 2, 10, "~"},
    {"marsad a x=~/x", 2, 12, "~"},
    {"marsad a ''~", 2, 12, "~"},
    {"marsad a $YEAR", 2, 10, "double quotes"},
    {"marsad a $(date)", 2, 10, "command substitution"},
    {"marsad a \"$(date)\"", 2, 12, "only \"$NAME\""},
    {"marsad a `date`", 2, 10, "command substitution"},
    {"marsad a \"`date`\"", 2, 11, "command substitution"},
    {"marsad a \"$1\"", 2, 12, "only \"$NAME\""},
    {"marsad a \"cost $\"", 2, 17, "dollar"},
    {"marsad a \"${YEAR-x}\"", 2, 17, "only"},
    {"marsad a \"${#YEAR}\"", 2, 13, "only"},
    {"marsad a \"${YEAR:-$X}\"", 2, 19, "plain"},
    {"marsad a \"$NONE\"", 2, 11, "NONE is not set"},
    {"marsad a \"$IFS\"", 2, 11, "shell's own"},
    {"marsad a && marsad b", 2, 10, "&&"},
    {"marsad a || marsad b", 2, 10, "||"},
    {"marsad a |\\\n| marsad b", 2, 10, "||"},
    {"marsad a |& marsad b", 2, 10, "|&"},
    {"marsad a &", 2, 10, "background"},
    {"marsad a >> x", 2, 10, "appending"},
    {"marsad a 2> x", 2, 11, "number"},
    {"marsad a 12> x", 2, 12, "number"},
    {"marsad a << x\nx\n", 2, 10, "here-doc"},
    {"marsad a <<< x", 2, 10, "here-doc"},
    {"marsad a >&2", 2, 10, "descriptors"},
    {"marsad a <(b)", 2, 10, "process"},
    {"marsad a {b,c}", 2, 10, "braces"},
    {"X=1", 2, 1, "assignments"},
    {"X=1 marsad a", 2, 1, "assignments"},
    {"if marsad a; then marsad b; fi", 2, 1, "conditions"},
    {"! marsad a", 2, 1, "conditions"},
    {"{ marsad a; }", 2, 1, "braces"},
    {"(marsad a)", 2, 1, "subshells"},
    {"f() { marsad a; }", 2, 1, "every command"},
    {"cat x | marsad a", 2, 1, "every command"},
    {"marsad a | sort", 2, 12, "every command"},
    {"set -eu", 2, 1, "once"},
    {"marsad", 2, 1, "stage's name"},
    {"marsad --help", 2, 1, "stage's name"},
    {"marsad a | < x marsad b", 2, 12, "first command"},
    {"marsad a > x | marsad b", 2, 10, "last command"},
    {"marsad a < x < y", 2, 14, "second <"},
    {"marsad a >", 2, 10, "name of a file"},
    {"marsad a > ''", 2, 12, "no name"},
    {"< x", 2, 1, "missing"},
    {"marsad a |", 2, 11, "missing"},
    {"marsad a | ; marsad b", 2, 12, "missing"},
    {"; marsad a", 2, 1, "missing"},
    {"marsad a;; marsad b", 2, 9, "case"},
    {"marsad a ; ; marsad b", 2, 12, "missing"},
    {"marsad a 'x", 2, 10, "never closed"},
    {"marsad a \"x\ny", 2, 10, "never closed"},
    {"marsad a\r", 2, 9, "LF"},
    {"marsad a \x01", 2, 10, "control"},
    {"marsad a \\", 2, 10, "backslash"},
    {"marsad run x | marsad a", 2, 1, "alone"},
    {"marsad a | marsad run x", 2, 12, "alone"},
    {"marsad run x > y", 2, 1, "alone"},
    {"marsad run --threads 2 x", 2, 1, "no options"},
    {"marsad run x y", 2, 1, "NAME=VALUE"},
    {"# one\n\nmarsad b |\n  marsad 'x\ny' $z", 6, 4, "double quotes"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *r = &refusals[i];
        struct arena *arena = arena_new();
        struct pipeline_file file;
        struct error error = {0};
        if (parse(arena, r->text, &file, &error) == 0)
            fail_msg("accepted: %s", r->text);
        assert_int_equal(error.code, EX_CONFIG);
        if (error.place.line != r->line || error.place.column != r->column ||
            !strstr(error.message, r->says))
            fail_msg("%s: %d:%d: %s", r->text, (int)error.place.line, (int)error.place.column,
                     error.message);
        arena_free(arena);
    }
}

static void test_set_first(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "marsad a\n",
                                        "set -e\nmarsad a\n",
                                        "set -eu x\n",
                                        "set -eu | marsad a\n",
                                        "\xef\xbb\xbfset -eu\n"};
    struct arena *arena = arena_new();
    struct pipeline_file file;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error error = {0};
        assert_int_equal(-1, pipeline_parse(arena, "p.sh", texts[i], strlen(texts[i]), lookup, NULL,
                                            &file, &error));
    }
    struct error error = {0};
    static const char good[] = "#!/bin/sh\n# what\n\nset -eu; marsad a";
    assert_int_equal(
        0, pipeline_parse(arena, "p.sh", good, strlen(good), lookup, NULL, &file, &error));
    assert_int_equal(file.count, 1);
    assert_int_equal(file.pipeline[0].command[0].place.line, 4);
    assert_int_equal(file.pipeline[0].command[0].place.column, 10);
    assert_null(file.pipeline[0].command[0].argv[1]);
    assert_int_equal(
        -1, pipeline_parse(arena, "p.sh", "set -eu\n#\0", 10, lookup, NULL, &file, &error));
    arena_free(arena);
}

static void test_path(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"./a//b", "a/b"},
        {"a/./b/", "a/b"},
        {"a/c/../b", "a/b"},
        {"../a", "../a"},
        {"../../a", "../../a"},
        {"a/..", "."},
        {"", "."},
        {"/", "/"},
        {"/../a", "/a"},
        {"//a/../..", "/"},
        {"a/../../b", "../b"},
        {".../a", ".../a"},
        {"/a/b/../..", "/"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(path_normal(arena, pairs[i][0]), pairs[i][1]);
    arena_free(arena);
}

/* One pipeline a letter pair: what it reads and writes; "-" is nothing. */
static int order(const char *const (*files)[2], uint32_t count, struct error *error)
{
    struct order_item item[8];
    for (uint32_t i = 0; i < count; i++)
        item[i] = (struct order_item){.reads = strcmp(files[i][0], "-") != 0,
                                      .writes = strcmp(files[i][1], "-") != 0,
                                      .read = &files[i][0],
                                      .write = &files[i][1],
                                      .place = {"p.sh", i + 1, 1}};
    *error = (struct error){0};
    return order_check(item, count, error);
}

static void test_order(void **state)
{
    (void)state;
    struct error error;
    static const char *const good[][2] = {
        {"a", "b"}, {"./b", "c"}, {"b", "/dev/null"}, {"c", "/dev/null"}, {"x/../a", "-"}};
    assert_int_equal(order(good, 5, &error), 0);
    static const char *const later[][2] = {{"a", "b"}, {"d//e", "c"}, {"a", "./d/e"}};
    assert_int_equal(order(later, 3, &error), -1);
    assert_int_equal(error.code, EX_CONFIG);
    assert_int_equal(error.place.line, 2);
    assert_non_null(strstr(error.message, "line 3"));
    static const char *const twice[][2] = {{"a", "b"}, {"b", "c"}, {"a", "./b"}};
    assert_int_equal(order(twice, 3, &error), -1);
    assert_int_equal(error.place.line, 3);
    assert_non_null(strstr(error.message, "written again"));
    static const char *const self[][2] = {{"a", "a/../a"}};
    assert_int_equal(order(self, 1, &error), -1);
    assert_non_null(strstr(error.message, "both read and written"));
    static const char *const both[] = {"x", "./x"};
    struct order_item item = {.writes = 2, .write = both, .place = {"p.sh", 1, 1}};
    error = (struct error){0};
    assert_int_equal(order_check(&item, 1, &error), -1);
    assert_non_null(strstr(error.message, "twice"));
    assert_int_equal(order_check(NULL, 0, &error), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),  cmocka_unit_test(test_refused),
        cmocka_unit_test(test_set_first), cmocka_unit_test(test_path),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
