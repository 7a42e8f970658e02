/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

static void check_filled(const unsigned char *at, size_t n, unsigned char value)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(at[i], value);
}

/* Sizes around the block size, all alive at once: no two overlap, each is aligned. */
static void test_apart(void **state)
{
    static const size_t sizes[] = {1,     15,    16,     17,    1000, 0,     65535, 65536,
                                   65537, 40000, 300000, 40000, 8,    65520, 1,     100};
    struct arena *a = arena_new();
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        unsigned char *at[COUNT(sizes)];
        for (size_t i = 0; i < COUNT(sizes); i++) {
            at[i] = arena_alloc(a, sizes[i]);
            assert_int_equal((uintptr_t)at[i] % 16, 0);
            memset(at[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < COUNT(sizes); i++)
            check_filled(at[i], sizes[i], (unsigned char)(i + 1));
        arena_reset(a);
        assert_int_equal(arena_used(a), 0);
    }
    arena_free(a);
}

static void test_reuse(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    void *first = arena_alloc(a, 100);
    assert_true(arena_used(a) >= 100);
    arena_reset(a);
    assert_ptr_equal(arena_alloc(a, 100), first);
    arena_free(a);
    arena_free(NULL);
}

static void test_zeroed(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    memset(arena_alloc(a, 1000), 0xff, 1000);
    arena_reset(a);
    check_filled(arena_zalloc(a, 400), 400, 0);
    check_filled(arena_zarray(a, 100, 4), 400, 0);
    arena_free(a);
}

static void test_copy_and_print(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(arena_copy(a, "Rabat-Sal\xc3\xa9", 5), "Rabat");
    assert_string_equal(arena_copy(a, NULL, 0), "");
    assert_string_equal(arena_print(a, "%s:%d", "file", 12), "file:12");
    char *wide = arena_print(a, "%070000d", 7);
    assert_int_equal(strlen(wide), 70000);
    assert_int_equal(wide[69999], '7');
    arena_free(a);
}

static void test_grow(void **state)
{
    struct arena *a = arena_new();
    uint32_t *n = NULL, room = 0, count = 0;
    (void)state;
    for (; count < 1000; count++) {
        n = arena_grow(a, n, count, &room, sizeof *n);
        assert_int_equal(n[count], 0); /* and whatever lies behind is zero */
        n[count] = count;
    }
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(n[i], i);
    assert_int_equal(room, 1024);
    assert_ptr_equal(arena_grow(a, n, count, &room, sizeof *n), n);
    arena_free(a);
}

/* An array whose size overflows ends the program with 71 rather than giving a short one. */
static void test_overflow(void **state)
{
    static struct arena *a; /* still reachable when the child ends, for the leak checker */
    int status = 0;
    (void)state;
    a = arena_new();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        arena_array(a, SIZE_MAX / 4, 16);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 71);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart),  cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_zeroed), cmocka_unit_test(test_copy_and_print),
        cmocka_unit_test(test_grow),   cmocka_unit_test(test_overflow),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
