/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does `sh` see the words that pipeline_parse() sees?
 *
 * Texts are made at random by the grammar of pipeline files, half of them damaged afterwards.  What
 * the parser accepts is run by /bin/sh (and bash as sh, where there is one) with a `marsad` on PATH
 * that records its arguments and its standard input; both must agree.  What the parser refuses is
 * never run.  Accepted texts can only name `marsad` and files of the scratch folder, because no
 * text made here has a slash.  SHELL_TEST_TEXTS=n and SHELL_TEST_SEED=n make a longer run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chain/pipeline.h"

enum { TEXT_ROOM = 4096 };

struct maker {
    uint64_t random;
    char text[TEXT_ROOM];
    size_t len;
    int commands;
};

static const char *const variables[][2] = {{"YEAR", "2018"},
                                           {"ODD", "a b*$c\"d'\\`~{x}"},
                                           {"EMPTY", ""},
                                           {"UTF", "\xc3\x81\xc2\x88 \xd9\x85"}};

static const char *lookup(void *context, const char *name)
{
    (void)context;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcmp(variables[i][0], name) == 0)
            return variables[i][1];
    return NULL;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint32_t draw(struct maker *m, uint32_t below)
{
    uint64_t z = (m->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 33) % below;
}

static void put(struct maker *m, const char *s)
{
    size_t n = strlen(s);
    if (m->len + n < TEXT_ROOM - 1) {
        memcpy(m->text + m->len, s, n + 1);
        m->len += n;
    }
}

static const char *pick(struct maker *m, const char *const *list, uint32_t n)
{
    return list[draw(m, n)];
}

#define PICK(m, ...)                                                                               \
    pick(m, (const char *const[]){__VA_ARGS__},                                                    \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void put_double(struct maker *m)
{
    put(m, "\"");
    for (uint32_t n = draw(m, 5); n; n--)
        put(m, PICK(m, "a", " ", "b|c", "*", "\\n", "\\$", "\\\"", "\\\\", "\\`", "'", "#", "~",
                    "\\\n", "\n", "$YEAR", "${YEAR}", "$ODD", "${ODD:-x}", "${EMPTY:-d e}",
                    "${NONE:-*~#=}", "${NONE:-}", "$EMPTY", "$UTF", "\xc2\x81", "\xe2\x82\xac", "!",
                    "&", ";", "{", "\t", "-", "$YEAR-$YEAR", "${NONE:-~}", "${NONE:-\xc2\x82}"));
    put(m, "\"");
}

static void put_piece(struct maker *m)
{
    switch (draw(m, 5)) {
    case 0:
        put_double(m);
        break;
    case 1:
        put(m, PICK(m, "''", "'a b'", "'\"$x\"'", "'\\'", "'*\n'", "'#'", "'\xc2\x88'", "'~'"));
        break;
    case 2:
        put(m, PICK(m, "\\a", "\\$", "\\ ", "\\*", "\\'", "\\\"", "\\\\", "\\\n", "\\|", "\\~",
                    "\\\xc3\xa9", "\\#", "\\\t"));
        break;
    default:
        put(m, PICK(m, "a", "b2", "-x", "--by=a,b", "=", ":", ",", "]", "%", "@", "^", "!", "#",
                    "+", ".", "7", "\xc2\x81", "\xd9\x85\xd8\xb1", "x~"));
    }
}

static void put_blank(struct maker *m)
{
    put(m, PICK(m, " ", "  ", "\t", " \\\n ", " "));
}

static void put_word(struct maker *m)
{
    put_blank(m);
    for (uint32_t n = 1 + draw(m, 3); n; n--)
        put_piece(m);
}

static void put_redirect(struct maker *m, const char *sign)
{
    put(m, " ");
    put(m, sign);
    put(m, PICK(m, " ", "", "\\\n", "\t"));
    put(m, *sign == '<' ? "f" : "g");
    put_piece(m);
}

static void put_pipeline(struct maker *m)
{
    uint32_t n = 1 + draw(m, 3);
    for (uint32_t i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "marsad s%d", m->commands++);
        put(m, name);
        for (uint32_t words = draw(m, 5); words; words--)
            put_word(m);
        if (i == 0 && draw(m, 3) == 0)
            put_redirect(m, "<");
        if (i + 1 == n && draw(m, 3) == 0)
            put_redirect(m, ">");
        if (i + 1 < n)
            put(m, PICK(m, "|", " | ", " |\n", " | # why\n\n\t", "|\\\n"));
    }
    put(m, PICK(m, "\n", ";", " ;\n", " # c 'x\n", "\n\n", " \n"));
}

/* Puts or changes one byte or two somewhere behind `set -eu`. */
static void damage(struct maker *m)
{
    static const char bytes[] = "\"'\\$`*?[]{}~#!&|;<>()\n\t =:-+,.019azA_\x81\xc3\r";
    for (uint32_t n = 1 + draw(m, 2); n; n--) {
        size_t at = 8 + draw(m, (uint32_t)m->len - 8);
        char c = bytes[draw(m, sizeof bytes - 1)];
        if (draw(m, 2) && m->len + 1 < TEXT_ROOM) {
            memmove(m->text + at + 1, m->text + at, m->len - at + 1);
            m->len++;
        }
        m->text[at] = c;
    }
    m->text[m->len] = '\0';
}

static void make_text(struct maker *m)
{
    m->len = 0;
    m->commands = 0;
    put(m, "set -eu\n");
    for (uint32_t n = 1 + draw(m, 3); n; n--)
        put_pipeline(m);
    if (draw(m, 2))
        damage(m);
}

/* ---- the scratch folder ---- */

static char home[] = "/tmp/marsad-shell-test-XXXXXX";

static void write_file(const char *name, const char *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    if (!f)
        fail_msg("cannot write %s", name);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static size_t read_file(const char *name, char *out, size_t size)
{
    FILE *f = fopen(name, "rb");
    if (!f)
        return SIZE_MAX;
    size_t n = fread(out, 1, size, f);
    fclose(f);
    return n;
}

static int setup(void **state)
{
    (void)state;
    static const char fake[] = "#!/bin/sh\nprintf '%s\\0' \"$@\" > ../log/\"$1\"\n"
                               "/bin/cat > ../in/\"$1\"\nprintf '%s' \"$1\"\n";
    if (!mkdtemp(home) || chdir(home) || mkdir("bin", 0700))
        return -1;
    write_file("bin/marsad", fake, strlen(fake));
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        setenv(variables[i][0], variables[i][1], 1);
    unsetenv("NONE");
    return chmod("bin/marsad", 0700);
}

static int teardown(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", home);
    return chdir("/") || system(command);
}

/* ---- one text ---- */

/* Only names that the fake program can use as file names, each once. */
static bool names_usable(const struct pipeline_file *file)
{
    const char *seen[64];
    size_t n = 0;
    for (uint32_t i = 0; i < file->count; i++) {
        const struct pipeline *p = &file->pipeline[i];
        if (p->include || (p->input && strlen(p->input) > 200) ||
            (p->output && strlen(p->output) > 200) || (p->output && p->output[0] != 'g') ||
            (p->input && p->input[0] != 'f'))
            return false;
        for (uint32_t c = 0; c < p->commands; c++) {
            for (size_t k = 0; k < n; k++)
                if (strcmp(seen[k], p->command[c].argv[0]) == 0)
                    return false;
            if (n == 64 || p->command[c].argv[0][0] != 's')
                return false;
            seen[n++] = p->command[c].argv[0];
        }
    }
    return true;
}

static void check_argv(const struct command *c, const char *text)
{
    char path[300], got[8192], want[8192];
    size_t n = 0;
    for (int i = 0; i < c->argc; i++) {
        size_t len = strlen(c->argv[i]) + 1;
        assert_true(n + len <= sizeof want);
        memcpy(want + n, c->argv[i], len);
        n += len;
    }
    snprintf(path, sizeof path, "../log/%s", c->argv[0]);
    size_t got_len = read_file(path, got, sizeof got);
    if (got_len != n || memcmp(got, want, n) != 0)
        fail_msg("the words of %s differ in:\n%s", c->argv[0], text);
}

static void check_content(const char *path, const char *want, const char *text)
{
    char got[1024];
    size_t n = read_file(path, got, sizeof got);
    if (n != strlen(want) || memcmp(got, want, n) != 0)
        fail_msg("%s does not hold what it should after:\n%s", path, text);
}

static void check_file(const struct pipeline_file *file, const char *text)
{
    for (uint32_t i = 0; i < file->count; i++) {
        const struct pipeline *p = &file->pipeline[i];
        char path[300];
        for (uint32_t c = 0; c < p->commands; c++) {
            check_argv(&p->command[c], text);
            snprintf(path, sizeof path, "../in/%s", p->command[c].argv[0]);
            const char *before = c ? p->command[c - 1].argv[0] : p->input ? p->input : "";
            check_content(path, before, text);
        }
        bool last = true; /* writes this file last */
        for (uint32_t k = i + 1; p->output && k < file->count; k++)
            last = last &&
                   (!file->pipeline[k].output || strcmp(file->pipeline[k].output, p->output) != 0);
        if (p->output && last)
            check_content(p->output, p->command[p->commands - 1].argv[0], text);
    }
}

static void run_shell(const char *shell, const struct pipeline_file *file, const char *text)
{
    char command[400];
    assert_int_equal(chdir(home), 0);
    assert_int_equal(system("rm -rf run log in && mkdir run log in"), 0);
    assert_int_equal(chdir("run"), 0);
    for (uint32_t i = 0; i < file->count; i++)
        if (file->pipeline[i].input)
            write_file(file->pipeline[i].input, file->pipeline[i].input,
                       strlen(file->pipeline[i].input));
    write_file("../text", text, strlen(text));
    snprintf(command, sizeof command, "PATH=%s/bin %s ../text < /dev/null > /dev/null", home,
             shell);
    int status = system(command);
    if (status != 0)
        fail_msg("%s refuses what the parser accepts:\n%s", shell, text);
    check_file(file, text);
}

static long setting(const char *name, long otherwise)
{
    const char *value = getenv(name);
    return value ? atol(value) : otherwise;
}

static void test_agrees_with_shell(void **state)
{
    (void)state;
    static const char *const shells[] = {"/bin/sh", "/bin/bash --posix", "/bin/bash"};
    struct maker m = {.random = (uint64_t)setting("SHELL_TEST_SEED", 1)};
    long accepted = 0, texts = setting("SHELL_TEST_TEXTS", 150);
    bool bash = access("/bin/bash", X_OK) == 0;
    for (long i = 0; i < texts; i++) {
        struct arena *arena = arena_new();
        struct pipeline_file file;
        struct error error = {0};
        make_text(&m);
        bool good = pipeline_parse(arena, "text", m.text, m.len, lookup, NULL, &file, &error) == 0;
        if (good && names_usable(&file)) {
            accepted++;
            run_shell(shells[bash ? i % 3 : 0], &file, m.text);
        }
        arena_free(arena);
    }
    assert_true(accepted * 3 > texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_agrees_with_shell)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
