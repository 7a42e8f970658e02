/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_read: cells, places and refusals, the same whatever the block and batch size.
 *
 * The expected texts were worked out by hand from RFC 4180 and the table of DESIGN 5; UTF-8 from
 * Unicode 15, table 3-7.
 */
#include "csv_check.h"
#include "utf8_check.h"

static struct csv_rules foreign(void)
{
    struct csv_rules rules = csv_rules_default;
    rules.strict = false;
    return rules;
}

struct example {
    const char *bytes;
    size_t len;
    const char *story;
    const char *reason; /* a part of the refusal, or NULL */
};

#define EXAMPLE(bytes, story, reason)                                                              \
    {                                                                                              \
        bytes, sizeof(bytes) - 1, story, reason                                                    \
    }

static void check_one(const struct example *x, const struct csv_rules *rules, uint32_t batch)
{
    struct story s;
    csv_tell(x->bytes, x->len, rules, batch, &s);
    if (strcmp(s.text, x->story) != 0 || !strstr(s.reason, x->reason ? x->reason : ""))
        fail_msg("block %u, batch %u: '%s' gives\n  %s (%s), not\n  %s (%s)", rules->block, batch,
                 x->bytes, s.text, s.reason, x->story, x->reason ? x->reason : "no refusal");
    free(s.text);
}

/* Blocks of 1 to 64 bytes, which grow, and a large one; batches of 1, 2, 7 and many rows. */
static void check_all(const struct example *x, size_t n, struct csv_rules rules)
{
    static const uint32_t batch[] = {1, 2, 7, 4096};
    for (size_t i = 0; i < n; i++) {
        for (size_t b = 0; b < sizeof batch / sizeof *batch; b++) {
            for (rules.block = 1; rules.block <= 64; rules.block++)
                check_one(&x[i], &rules, batch[b]);
            rules.block = 1 << 17;
            check_one(&x[i], &rules, batch[b]);
        }
    }
}

#define CHECK(list, rules) check_all(list, sizeof(list) / sizeof *(list), rules)

static void test_cells(void **state)
{
    static const struct example list[] = {
        EXAMPLE("a,b\n1,2\n", "a|b;1|2;", NULL),
        EXAMPLE("a,b\n", "a|b;", NULL),
        EXAMPLE("a\n1\n", "a;1;", NULL),
        EXAMPLE("a,b\n,\n", "a|b;|;", NULL),
        EXAMPLE("a,b\n 1 ,\t2\n", "a|b; 1 |\t2;", NULL),
        EXAMPLE("a,b\n\"1\",\"2\"\n", "a|b;1|2;", NULL),
        EXAMPLE("a,b\n\"\",\"\"\n", "a|b;|;", NULL),
        EXAMPLE("a,b\n\"x,y\",\"p\nq\"\n3,4\n", "a|b;x,y|p\nq;3|4;", NULL),
        EXAMPLE("a,b\n\"x\r\ny\",\"p\rq\"\n", "a|b;x\r\ny|p\rq;", NULL),
        EXAMPLE("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", "a|b;say \"hi\"|\";", NULL),
        EXAMPLE("a,b\n\"\"\"\"\"\",\"\"\"x\"\n", "a|b;\"\"|\"x;", NULL),
        EXAMPLE("a\n\n2\n", "a;;2;", NULL),
        EXAMPLE("\"a,1\",\"b\"\"2\"\n1,2\n", "a,1|b\"2;1|2;", NULL),
        EXAMPLE("\"a\nb\",c\n1,2\n", "a\nb|c;1|2;", NULL),
        EXAMPLE("n\n\xd9\x85\xd8\xb1\xd8\xb5\xd8\xaf\n\xf0\x9f\x8f\xa0\n",
                "n;\xd9\x85\xd8\xb1\xd8\xb5\xd8\xaf;\xf0\x9f\x8f\xa0;", NULL),
    };
    (void)state;
    CHECK(list, csv_rules_default);
    CHECK(list, foreign());
}

static void test_foreign(void **state)
{
    static const struct example list[] = {
        EXAMPLE("a,b\r\n1,2\r\n", "a|b;1|2;", NULL),
        EXAMPLE("\"a\",\"b\"\r\n\"1\",\"2\"\r\n", "a|b;1|2;", NULL),
        EXAMPLE("a,b\r\n1,2\n3,4\r\n", "a|b;1|2;3|4;", NULL),
        EXAMPLE("a,b\n1,2", "a|b;1|2;", NULL),
        EXAMPLE("a,b\n1,\"2\"", "a|b;1|2;", NULL),
        EXAMPLE("a,b\n1,", "a|b;1|;", NULL),
        EXAMPLE("a,b", "a|b;", NULL),
        EXAMPLE("a,\"b\"", "a|b;", NULL),
        EXAMPLE("a,b\r\n1,2\r", "a|b;1|2;", NULL),
        EXAMPLE("a\r", "a;", NULL),
        EXAMPLE("\"p\nq\",\r", "p\nq|;", NULL),
        EXAMPLE("\xef\xbb\xbf"
                "a,b\n\n",
                "a|b;!2:1", "blank"),
        EXAMPLE("\xef\xbb\xbf\n", "!1:1", "blank"),
        EXAMPLE("\xef\xbb\xbf"
                "a,b\n1,2\n",
                "a|b;1|2;", NULL),
        EXAMPLE("\xef\xbb\xbf\"a\",b\n1,2\n", "a|b;1|2;", NULL),
        EXAMPLE("a,b\n\"1\n2\"\"\",3", "a|b;1\n2\"|3;", NULL),
    };
    (void)state;
    CHECK(list, foreign());
}

static void test_refused(void **state)
{
    static const struct example list[] = {
        EXAMPLE("", "!1:1", "empty"),
        EXAMPLE("a,b\n1\n", "a|b;!2:2", "fewer cells"),
        EXAMPLE("a,b\n1,2\n1,2,3\n", "a|b;1|2;!3:1", "more cells"),
        EXAMPLE("a,b\n1,2\n\n3,4\n", "a|b;1|2;!3:1", "blank"),
        EXAMPLE("a,b\n1,x\ry\n", "a|b;!2:4", "carriage return"),
        EXAMPLE("a,b\n1,2\r\r\n", "a|b;!2:4", "carriage return"),
        EXAMPLE("a,b\n1,x\0y\n", "a|b;!2:4", "NUL"),
        EXAMPLE("a,b\n\"\0\",\n", "a|b;!2:2", "NUL"),
        EXAMPLE("a,b\n1,x\xffy\n", "a|b;!2:4", "UTF-8"),
        EXAMPLE("a\0,b\n1,2\n", "!1:2", "NUL"),
        EXAMPLE("a,\xe9\n1,2\n", "!1:3", "UTF-8"),
        EXAMPLE("a\rb,c\n1,2\n", "!1:2", "carriage return"),
        EXAMPLE("a\r1\r2\n", "!1:2", "carriage return"),
        EXAMPLE("\n1\n", "!1:1", "blank"),
        EXAMPLE("a,b\n1,x\"y\n", "a|b;!2:4", "stray quote"),
        EXAMPLE("a,b\n1,x\"y\"\n", "a|b;!2:4", "stray quote"),
        EXAMPLE("a,b\n1, \"2\"\n", "a|b;!2:4", "stray quote"),
        EXAMPLE("a,b\n3,4\n\"1\" ,2\n", "a|b;3|4;!3:4", "stray quote"),
        EXAMPLE("a,b\n\"1\"x,2\n", "a|b;!2:4", "stray quote"),
        EXAMPLE("a,b\n\"1\"\rx,2\n", "a|b;!2:4", "stray quote"),
        EXAMPLE("a,\"b\"c\n1,2\n", "!1:6", "stray quote"),
        EXAMPLE("a,b\n1,\"2\n3,4\n", "a|b;!2:3", "never closed"),
        EXAMPLE("a,b\n1,2\n\"\n", "a|b;1|2;!3:1", ""),
        EXAMPLE("a,b\n\"p\nq\",r\n1,\"2\n", "a|b;p\nq|r;!4:3", "never closed"),
        EXAMPLE("a,\"b\n1,2\n", "!1:3", "never closed"),
        EXAMPLE("a,b\n\"p\nq\",x\"\n", "a|b;!3:5", "stray quote"),
    };
    (void)state;
    CHECK(list, csv_rules_default);
    CHECK(list, foreign());
}

static void test_strict(void **state)
{
    static const struct example list[] = {
        EXAMPLE("a,b\r\n1,2\n", "!1:4", "CR LF"),
        EXAMPLE("a,b\n1,2\r\n", "a|b;!2:4", "CR LF"),
        EXAMPLE("a,b\n\"1\",\"2\"\r\n", "a|b;!2:8", "CR LF"),
        EXAMPLE("\xef\xbb\xbf"
                "a,b\n",
                "!1:1", "byte order mark"),
        EXAMPLE("a,b\n1,2", "a|b;!2:4", "no end"),
        EXAMPLE("a,b\n1,\"2\"", "a|b;!2:6", "no end"),
        EXAMPLE("a,b\n1,\"2\"\r", "a|b;!2:7", "no end"),
        EXAMPLE("a,b", "!1:4", "no end"),
        EXAMPLE("a,b\n1,2\n\"\n", "a|b;1|2;!3:1", "program before this one failed"),
        EXAMPLE("a,b\n\"\n", "a|b;!2:1", "program before this one failed"),
        EXAMPLE("\"\n", "!1:1", "program before this one failed"),
        EXAMPLE("a,b\n1,\"2\n", "a|b;!2:3", "never closed"),
    };
    (void)state;
    CHECK(list, csv_rules_default);
}

static void test_set_aside(void **state)
{
    static const struct example list[] = {
        EXAMPLE("a,b\n1\n2,3\n4,5,6\n7,8\n", "a|b;{2:2 1}2|3;{4:1 4,5,6}7|8;", NULL),
        EXAMPLE("a,b\n1,x\ry\n2,3\n", "a|b;{2:4 1,x\ry}2|3;", NULL),
        EXAMPLE("a,b\n\xff,1\n2,3\n\n4,5\n", "a|b;{2:1 \xff,1}2|3;{4:1 }4|5;", NULL),
        EXAMPLE("a,b\n1\n2\n3\n", "a|b;{2:2 1}{3:2 2}{4:2 3}", NULL),
        EXAMPLE("a,b\n1", "a|b;{2:2 1}", NULL),
        EXAMPLE("a,b\n1\n2,x\"\n", "a|b;{2:2 1}!3:4", "stray quote"),
    };
    struct csv_rules rules = foreign();
    (void)state;
    rules.set_aside = true;
    CHECK(list, rules);
}

static void test_skip_blank(void **state)
{
    static const struct example list[] = {
        EXAMPLE("a,b\n\n1,2\n\n\n3,4\n\n", "a|b;1|2;3|4;", NULL),
        EXAMPLE("a\n\n1\r\n\r\n\"\"\n2\n", "a;1;;2;", NULL),
        EXAMPLE("a,b\n\n\n", "a|b;", NULL),
    };
    struct csv_rules rules = foreign();
    (void)state;
    rules.skip_blank = true;
    CHECK(list, rules);
}

static void test_delimiter(void **state)
{
    static const struct example list[] = {
        EXAMPLE("a;b\n\"x;y\";1,5\n", "a|b;x;y|1,5;", NULL),
        EXAMPLE("a;b\n1,2\n", "a|b;!2:4", "fewer"),
    };
    struct csv_rules rules = foreign();
    (void)state;
    rules.delimiter = ';';
    CHECK(list, rules);
}

/* Every limit is of the data, not of the block that happens to hold it. */
static void test_limits(void **state)
{
    static const struct example field[] = {
        EXAMPLE("a,b\n12345,2\n", "a|b;12345|2;", NULL),
        EXAMPLE("a,b\n1,123456\n", "a|b;!2:3", "--max-field"),
        EXAMPLE("a,b\n\"12345\",2\n", "a|b;12345|2;", NULL),
        EXAMPLE("a,b\n\"1,345\",\"\"\"234\"\"\"\n", "a|b;1,345|\"234\";", NULL),
        EXAMPLE("a,b\n7,8\n1,\"123456\"\n", "a|b;7|8;!3:3", "--max-field"),
        EXAMPLE("a,b\n1,\"123456", "a|b;!2:3", "never closed"),
        EXAMPLE("a,b\n1,\"123456789012", "a|b;!2:3", "--max-field"),
        EXAMPLE("a,b\n1,123456", "a|b;!2:3", "--max-field"),
    };
    static const struct example lines[] = {
        EXAMPLE("a,b\n\"1\n2\n3\",2\n", "a|b;1\n2\n3|2;", NULL),
        EXAMPLE("a,b\n\"1\n2\n3\n\",2\n", "a|b;!2:1", "--max-lines"),
        EXAMPLE("a,b\n\"1\n2\n\n\n", "a|b;!2:1", "--max-lines"),
    };
    static const struct example record[] = {
        EXAMPLE("a,b\n1234,678\n", "a|b;1234|678;", NULL),
        EXAMPLE("a,b\n1234,6789\n1,2\n", "a|b;!2:1", "--max-record"),
        EXAMPLE("a,b\n1234,6789", "a|b;!2:1", "--max-record"),
    };
    static const struct example columns[] = {
        EXAMPLE("a,b\n1,2\n", "a|b;1|2;", NULL),
        EXAMPLE("a,b,c\n1,2,3\n", "!1:1", "--max-columns"),
    };
    struct csv_rules rules = foreign();
    (void)state;
    rules.max_field = 5;
    CHECK(field, rules);
    rules = foreign();
    rules.max_lines = 2;
    CHECK(lines, rules);
    rules = foreign();
    rules.max_record = 8;
    CHECK(record, rules);
    rules = foreign();
    rules.max_columns = 2;
    CHECK(columns, rules);
}

static bool accepted(const unsigned char *bytes, size_t n, uint32_t block)
{
    char file[32] = "n\n";
    struct csv_rules rules = csv_rules_default;
    struct story s;
    rules.block = block;
    memcpy(file + 2, bytes, n);
    memcpy(file + 2 + n, "x\n", 2);
    csv_tell(file, n + 4, &rules, 7, &s);
    bool ok = !s.reason[0];
    free(s.text);
    return ok;
}

/* Every lead byte with second bytes at the edges of every range, 1 to 4 bytes long. */
static void test_utf8(void **state)
{
    static const unsigned char edge[] = {0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    (void)state;
    for (unsigned first = 0x80; first <= 0xff; first++) {
        for (size_t n = 1; n <= 4; n++) {
            for (size_t e = 0; e < sizeof edge * (n > 1 ? 4 : 1); e++) {
                unsigned char b[4] = {(unsigned char)first, 0x80, 0x80, 0x80};
                size_t place = 1 + e / sizeof edge;
                if (place < n || n == 1)
                    b[n == 1 ? 0 : place] = n == 1 ? (unsigned char)first : edge[e % sizeof edge];
                for (uint32_t block = 1; block <= 8; block++)
                    if (accepted(b, n, block) != utf8_well_formed(b, n))
                        fail_msg("%02x %02x %02x %02x, %zu bytes, block %u", b[0], b[1], b[2], b[3],
                                 n, block);
            }
        }
    }
}

/* Columns that nobody needs are still checked. */
static void test_unneeded(void **state)
{
    static const char *const bad[] = {"a,b\n1,\xff\n", "a,b\n1,x\"\n", "a,b\n1,2,3\n",
                                      "a,b\n1,\"2\n"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error e = {0};
        struct arena *a = arena_new();
        struct input *in = input_memory(bad[i], strlen(bad[i]), "f");
        struct csv_reader *r = csv_reader_new(in, &csv_rules_default);
        struct text *name;
        struct place place;
        struct csv_chunk chunk;
        uint32_t columns;
        bool need[2] = {true, false};
        assert_int_equal(csv_read_header(r, 0, a, &name, &columns, &place, &e), 0);
        assert_int_equal(csv_read_next(r, a, need, 10, &chunk, &e), -1);
        assert_int_equal(e.code, EX_DATAERR);
        csv_reader_free(r);
        input_close(in);
        arena_free(a);
    }
}

/* A block full of faults costs as much as one of rows, not its square. */
static void test_many_faults(void **state)
{
    enum { ROWS = 400000 };
    size_t n = 4 + 2 * ROWS;
    char *bytes = malloc(n);
    struct csv_rules rules = foreign();
    struct story s;
    (void)state;
    memcpy(bytes, "a,b\n", 4);
    for (size_t i = 4; i < n; i += 2)
        memcpy(bytes + i, "1\n", 2);
    rules.set_aside = true;
    csv_tell(bytes, n, &rules, 4096, &s);
    assert_null(strstr(s.text, "!"));
    assert_non_null(strstr(s.text, "{400001:2 1}"));
    free(s.text);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),       cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_strict),
        cmocka_unit_test(test_set_aside),   cmocka_unit_test(test_skip_blank),
        cmocka_unit_test(test_delimiter),   cmocka_unit_test(test_limits),
        cmocka_unit_test(test_utf8),        cmocka_unit_test(test_unneeded),
        cmocka_unit_test(test_many_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
