/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/help.h"

#include <ctype.h>
#include <stdio.h>

#include "chain/chain.h"
#include "chain/run_file.h"

enum { WIDTH = 78, INDENT = 4 };

/* Prints prose, wrapped; keeps empty lines, and lines that begin with a space as they are. */
static void wrap(const char *text, int indent)
{
    int at = 0;
    while (*text) {
        if (*text == '\n') {
            int verbatim = text[1] == ' ' || text[1] == '\n' || text[1] == '\0' || at == 0;
            if (verbatim) {
                putchar('\n');
                at = 0;
            }
            text++;
            continue;
        }
        int n = 0;
        int raw = at == 0 && *text == ' ';
        while (text[n] && text[n] != '\n' && (raw || text[n] != ' '))
            n++;
        if (at && at + 1 + n > WIDTH) {
            putchar('\n');
            at = 0;
        }
        at += at ? printf(" %.*s", n, text) : printf("%*s%.*s", indent, "", n, text);
        text += n;
        while (!raw && *text == ' ')
            text++;
    }
    putchar('\n');
}

/* What stands behind the help of an option: ` (csv|xlsx; default: csv)`. */
static void print_default(const struct option_spec *o)
{
    bool choice = o->kind == OPTION_CHOICE && *o->choices;
    if (choice)
        printf(" (%s", o->choices);
    if (choice && !(o->flags & (OPTION_REQUIRED | OPTION_UNSET)))
        printf("; default: %.*s", (int)strcspn(o->choices, "|"), o->choices);
    else if (*o->choices && !choice)
        printf(" (default: %s", o->choices);
    if (*o->choices)
        putchar(')');
    if (o->flags & OPTION_REQUIRED)
        printf(" [required]");
}

static void print_option(const struct option_spec *o)
{
    bool operand = option_is_operand(o);
    int n = printf("    %s%s", operand ? "" : "--", operand ? o->argument : o->name);
    if (*o->argument && !operand)
        n += printf(" %s", o->argument);
    printf("%*s%s", n < 30 ? 30 - n : 2, "", o->help);
    print_default(o);
    putchar('\n');
}

static void print_options(const struct option_spec *o)
{
    for (; o && *o->name; o++)
        print_option(o);
}

static void print_synopsis(const char *name, const struct option_spec *o)
{
    printf("marsad %s", name);
    for (const struct option_spec *p = o; p && *p->name; p++)
        if (!option_is_operand(p) && (p->flags & OPTION_REQUIRED))
            printf(" --%s %s", p->name, p->argument);
    printf(" [OPTION...]");
    for (const struct option_spec *p = o; p && *p->name; p++)
        if (option_is_operand(p))
            printf(p->flags & OPTION_REQUIRED ? " %s%s" : " [%s%s]", p->argument,
                   p->flags & OPTION_REPEAT ? "..." : "");
    putchar('\n');
}

void help_stage(const struct stage *s)
{
    printf("%s: %s\n\nUsage: ", s->name, s->summary);
    print_synopsis(s->name, s->options);
    puts("\nOptions:");
    print_options(s->options);
    puts("\nLimits, the same for every stage:");
    print_options(common_options);
    if (s->details) {
        putchar('\n');
        wrap(s->details, 0);
    }
    if (s->example)
        printf("\nExample:\n    %s\n", s->example);
}

void help_run(void)
{
    puts("run: run a pipeline file in one process\n");
    fputs("Usage: ", stdout);
    print_synopsis("run", run_options);
    puts("\nOptions:");
    print_options(run_options);
    puts("\nThe file is a list of shell pipelines that `sh FILE` runs with the same result: it "
         "begins\n"
         "with `set -eu`; words, quotes, \"$NAME\", \"${NAME:-default}\", |, < and > are allowed, "
         "all\n"
         "else is refused.  `marsad run OTHER` in it includes another file.  All output files "
         "appear\n"
         "at the end, or none.\n\nExample:\n    marsad run pipelines/networks.sh OUT=out");
}

void help_overview(void)
{
    const struct stage *s;
    puts("marsad: official statistics on migration, at the command line\n");
    puts("Usage: marsad STAGE [OPTION...]      (or marsad-STAGE)");
    puts("       marsad run FILE [NAME=VALUE...]\n\nStages:");
    for (uint32_t i = 0; (s = stage_at(i)); i++)
        printf("    %-12s%s\n", s->name, s->summary);
    printf("    %-12s%s\n", "run", "run a pipeline file in one process");
    puts("\nEach stage reads CSV and writes CSV.  `marsad STAGE --help` tells more, with an "
         "example.");
    puts(
        "Exit codes: 0 done, 64 usage, 65 data, 66 no input, 70 bug, 71 memory, 73 cannot create,");
    puts("74 input or output, 78 configuration.");
}

/* ---- man pages ---- */

static void roff(const char *text)
{
    bool start = true;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
        start = *text == '\n';
    }
}

/* Paragraphs as they are; lines that begin with spaces stay lines. */
static void roff_prose(const char *text)
{
    bool code = false;
    struct text rest = text_of(text), line;
    char buffer[4096];
    while (text_next(&rest, '\n', &line)) {
        bool is_code = line.len > 0 && line.at[0] == ' ';
        if (is_code != code)
            puts(is_code ? ".nf" : ".fi");
        code = is_code;
        snprintf(buffer, sizeof buffer, "%.*s", (int)line.len, line.at);
        if (line.len == 0)
            puts(".PP");
        else
            roff(buffer), putchar('\n');
    }
    if (code)
        puts(".fi");
}

static void roff_options(const struct option_spec *o)
{
    for (; o && *o->name; o++) {
        bool operand = option_is_operand(o);
        printf(".TP\n\\fB%s", operand ? "" : "\\-\\-");
        roff(operand ? o->argument : o->name);
        fputs("\\fR", stdout);
        if (*o->argument && !operand) {
            fputs(" \\fI", stdout);
            roff(o->argument);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        roff(o->help);
        print_default(o);
        putchar('\n');
    }
}

static void man_stage(const struct stage *s)
{
    printf(".TH MARSAD\\-%s 1 \"\" \"marsad %s\" \"marsad\"\n.SH NAME\nmarsad\\-%s \\- ", s->name,
           VERSION, s->name);
    roff(s->summary);
    fputs("\n.SH SYNOPSIS\n", stdout);
    print_synopsis(s->name, s->options);
    puts(".SH OPTIONS");
    roff_options(s->options);
    puts(".SS Limits, the same for every stage");
    roff_options(common_options);
    puts(".SH DESCRIPTION");
    roff_prose(s->details ? s->details : s->summary);
    if (s->example) {
        puts(".SH EXAMPLE\n.nf");
        roff(s->example);
        puts("\n.fi");
    }
    puts(".SH SEE ALSO\nmarsad(1), marsad\\-expressions(7)");
}

static void man_overview(void)
{
    const struct stage *s;
    printf(
        ".TH MARSAD 1 \"\" \"marsad %s\" \"marsad\"\n.SH NAME\nmarsad \\- official statistics on "
        "migration, at the command line\n.SH SYNOPSIS\nmarsad STAGE [OPTION...]\n.br\nmarsad run "
        "FILE [NAME=VALUE...]\n.SH STAGES\n",
        VERSION);
    for (uint32_t i = 0; (s = stage_at(i)); i++) {
        printf(".TP\n\\fBmarsad\\-%s\\fR(1)\n", s->name);
        roff(s->summary);
        putchar('\n');
    }
    puts(
        ".SH RUN\nA pipeline file is a list of shell pipelines; marsad run FILE gives what sh FILE "
        "gives, in one process, and all output files at the end or none.");
    roff_options(run_options);
    puts(".SH EXIT STATUS\n0 done, 64 usage, 65 data, 66 no input, 70 bug, 71 memory, 73 cannot "
         "create, 74 input or output, 78 configuration.");
}

void help_man(const struct stage *s)
{
    if (s)
        man_stage(s);
    else
        man_overview();
}

/* ---- completion ---- */

static void completion_stage(const struct stage *s)
{
    printf("    %s) words=\"--help", s->name);
    for (const struct option_spec *o = s->options; o && *o->name; o++)
        if (!option_is_operand(o))
            printf(" --%s", o->name);
    puts("\" ;;");
}

void help_completion(void)
{
    const struct stage *s;
    fputs("# bash completion for marsad\n_marsad() {\n    local words stages=\"run help", stdout);
    for (uint32_t i = 0; (s = stage_at(i)); i++)
        printf(" %s", s->name);
    puts(
        "\"\n    local word=\"${COMP_WORDS[COMP_CWORD]}\"\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W \"$stages\" -- \"$word\"))\n        return\n    fi\n"
        "    case \"${COMP_WORDS[1]}\" in");
    for (uint32_t i = 0; (s = stage_at(i)); i++)
        completion_stage(s);
    puts("    *) words=\"--help --manifest\" ;;\n    esac\n    case \"$word\" in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n    esac\n}\ncomplete -F _marsad "
         "marsad");
}
