/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * marsad: one program, many names.  The stage is argv[0] without `marsad-`, or argv[1].
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "chain/chain.h"
#include "chain/help.h"
#include "chain/plan.h"
#include "chain/run_file.h"
#include "io/pipe.h"

static bool asks_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

/* What was written must have arrived. */
static int arrived(int status, int code)
{
    if (status == 0 || code != 0)
        return code;
    perror("marsad: standard output");
    return EX_IOERR;
}

/* Help alone is printed by stdio; results are not (io/output.h). */
static int printed(int code)
{
    return arrived(fflush(stdout) || ferror(stdout), code);
}

static int no_stage(const char *name)
{
    fprintf(stderr, "marsad: there is no stage '%s'; `marsad help` lists them\n", name);
    return EX_USAGE;
}

static int help(int argc, char **argv)
{
    const struct stage *stage = argc > 1 ? stage_find(argv[1]) : NULL;
    if (argc <= 1)
        help_overview();
    else if (strcmp(argv[1], "run") == 0)
        help_run();
    else if (strcmp(argv[1], "--man") == 0)
        help_man(argc > 2 ? stage_find(argv[2]) : NULL);
    else if (strcmp(argv[1], "--completion") == 0)
        help_completion();
    else if (stage)
        help_stage(stage);
    else
        return no_stage(argv[1]);
    return printed(0);
}

static int run_stage(int argc, char **argv)
{
    struct command command = {argc, argv, NOWHERE};
    struct pipeline pipeline = {.commands = 1, .command = &command};
    struct plan_options options = {.progress = true};
    const struct stage *stage = stage_find(argv[0]);
    if (!stage)
        return no_stage(argv[0]);
    if (asks_help(argc - 1, argv + 1)) {
        help_stage(stage);
        return printed(0);
    }
    return plan_run(&pipeline, 1, &options);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 1) {
        help_overview();
        return printed(EX_USAGE);
    }
    if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0)
        return help(argc, argv);
    if (strcmp(argv[0], "--version") == 0)
        return puts("marsad " VERSION) < 0 ? EX_IOERR : printed(0);
    if (strcmp(argv[0], "run") != 0)
        return run_stage(argc, argv);
    if (!asks_help(argc - 1, argv + 1))
        return run_file(argc - 1, argv + 1);
    help_run();
    return printed(0);
}

int main(int argc, char **argv)
{
    const char *slash = argc ? strrchr(argv[0], '/') : NULL;
    char *name = argc ? argv[0] + (slash ? slash + 1 - argv[0] : 0) : NULL;
    pipe_prepare();
    if (name && strncmp(name, "marsad-", 7) == 0)
        argv[0] = name + 7;
    else if (argc)
        argc--, argv++;
    int code = dispatch(argc, argv);
    return arrived(close(STDOUT_FILENO), code);
}
