/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the unit tests of this folder share: cmocka with the headers that it wants before it, and a
 * comparison of a text of known length with the one expected.
 */
#ifndef MARSAD_TESTS_BASE_CHECK_H
#define MARSAD_TESTS_BASE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* `out` has room for a NUL behind the length bytes. */
static inline void check_text(char *out, size_t length, const char *expected)
{
    out[length] = '\0';
    assert_string_equal(out, expected);
}

#endif
