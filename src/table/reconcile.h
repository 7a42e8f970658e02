/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contradictions between published figures: the closed list of classes, and what is found.
 *
 * A claim is one printed figure: an observation with the words it was printed under.  Its `place`
 * is the cell of a table it stands in (axes other than totals); its value is an exact decimal.
 * claims_read() takes the rows, claims_arrange() groups them (same indicator and place), and each
 * class of reconcile_classes[] looks at the groups and lists and adds findings.  A finding names
 * its claims, says by arithmetic why, and proposes a reading; nothing is ever changed.  Everything
 * is deterministic: findings are sorted by class and first row.  All of it lives in one arena.
 * Cost: a sort, then pairs within a group.  Misuse: estimates of models; only printed figures.
 */
#ifndef MARSAD_TABLE_RECONCILE_H
#define MARSAD_TABLE_RECONCILE_H

#include "table/catalogue.h"
#include "table/codelist.h"
#include "table/observation.h"

enum finding_class {
    CLASS_SUPERSEDED,
    CLASS_PART_PERIOD,
    CLASS_CUTOFF,
    CLASS_MISPRINT,
    CLASS_PERMUTED,
    CLASS_REVERSED,
    CLASS_TENFOLD,
    CLASS_PRODUCERS,
    CLASS_SCOPES,
    CLASS_PRINTINGS,
    CLASS_LABELS,
    CLASS_SUM,
    CLASS_OVERLAP,
    CLASS_SHARE,
    CLASS_FALLING,
    CLASS_YEARS,
    CLASS_CONFUSABLE,
    CLASS_NEIGHBOUR,
    CLASS_MONEY,
    CLASS_ROUNDED,
    CLASS_PLANNED,
    CLASS_DIRECTION,
    CLASS_TEXT,
    CLASSES,
};

enum weight { WEIGHT_NOTE, WEIGHT_DOUBT, WEIGHT_ERROR };

struct axis {
    struct text name, code;
};

struct claim {
    uint32_t row; /* number of the record, from 0 */
    struct text id, indicator, unit, producer, scope, source, written, note;
    struct text period_text, as_of_text;
    struct text place; /* `nationality=SEN`; empty for a total */
    uint32_t axes;
    struct axis *axis;
    struct span period, as_of;
    struct decimal value;
    enum bearing bearing;
    bool percent, planned, superseded;
    bool struck;        /* some finding decided against it */
    struct text status; /* what reconciling makes of the status of the row; empty: nothing */
    uint32_t group;
};

struct finding {
    enum finding_class class;
    enum weight weight;
    uint32_t claims;
    const struct claim **claim;
    const struct claim *doubtful, *used; /* or NULL */
    struct text evidence, reading_fr, reading_en;
};

/* Claims of one indicator and place, by period, then in the order of the rows. */
struct group {
    uint32_t claims;
    struct claim **claim;
};

/* What one publication says along one axis. */
struct list {
    uint32_t axis; /* which axis of its claims */
    uint32_t claims;
    struct claim **claim;
};

/* A printed share or rate that two printed counts do make. */
struct fit {
    const struct claim *rate, *part, *whole;
    bool own; /* all of one producer */
};

struct claims {
    struct arena *arena;
    const struct table *catalogue; /* code, formula, note */
    const struct table *countries; /* the list behind `nationality` */
    const struct codelist *nationality, *region, *sex;
    uint32_t count, room;
    struct claim **at; /* in the order of the rows */
    uint32_t groups, cells, lists;
    struct group *group;
    struct group *cell; /* the claims of one period of a group */
    struct list *list;
    uint32_t findings, finding_room;
    struct finding **finding;
    uint32_t pairs, pair_room;
    const struct claim *(*pair)[2]; /* whose difference is explained */
    uint32_t fits, fit_room;
    struct fit *fit;
    bool on[CLASSES];
};

struct class_info {
    const char *name;
    const char *fr, *en, *ar;      /* what it finds */
    void (*find)(struct claims *); /* NULL: found beside another class */
};

extern const struct class_info reconcile_classes[CLASSES];

/* CLASSES for a name that is none. */
enum finding_class reconcile_class(struct text name);

/* A new zeroed claim; its fields are set, then claim_place() with its axes. */
struct claim *claims_add(struct claims *);

/* Sets axes and place from names and codes as written; totals are left out. */
void claim_place(struct claims *, struct claim *, struct axis *, uint32_t axes);

/* Groups, lists, vintages; then all classes that are on; then findings are sorted. */
void claims_reconcile(struct claims *);

#endif
