/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mathematical library, loaded by the first call of one of its functions: a second shared
 * library costs a tenth of the time that a small run takes, and few stages compute with logarithms.
 *
 * Nobody calls these by name.  The linker is told (--wrap, Makefile) to lead calls of log() to
 * __wrap_log(), those in the archives of GSL too, so that the same functions of the same library
 * are called as without.  Where it is not told so, nothing of this gets into the program. Cost: a
 * look at a flag a call.  A new function goes into the lists here and into MATH of the Makefile;
 * one that is forgotten only loads the library at the start, which tests/start/run sees.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/library.h"

#define OF_ONE(X)                                                                                  \
    X(acos)                                                                                        \
    X(acosh)                                                                                       \
    X(asin)                                                                                        \
    X(atan)                                                                                        \
    X(atanh)                                                                                       \
    X(ceil)                                                                                        \
    X(cos)                                                                                         \
    X(cosh)                                                                                        \
    X(exp)                                                                                         \
    X(expm1)                                                                                       \
    X(floor)                                                                                       \
    X(log)                                                                                         \
    X(log1p)                                                                                       \
    X(round)                                                                                       \
    X(sin)                                                                                         \
    X(sinh)                                                                                        \
    X(sqrt)                                                                                        \
    X(tan)                                                                                         \
    X(tanh)
#define OF_TWO(X) X(atan2) X(fmax) X(fmin) X(fmod) X(hypot) X(pow)

#define MEMBER_ONE(function) double (*(function))(double);
#define MEMBER_TWO(function) double (*(function))(double, double);

/* In the order of the names, as library_load() fills it. */
struct calls {
    OF_ONE(MEMBER_ONE)
    OF_TWO(MEMBER_TWO)
    long long (*llround)(double);
    void (*sincos)(double, double *, double *);
};

static struct calls calls; /* what lasts: the same for the whole program, filled once */

static void load(void)
{
    static const char names[] = OF_ONE(LIBRARY_NAME) OF_TWO(LIBRARY_NAME) "llround\0sincos\0";
    struct error e = {0};
    if (library_load("libm.so.6", "libc6", names, &calls, &e) == 0)
        return;
    error_print(&e, stderr);
    exit(e.code);
}

static const struct calls *math(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return &calls;
}

#define CALL_ONE(function)                                                                         \
    double __wrap_##function(double);                                                              \
    double __wrap_##function(double x)                                                             \
    {                                                                                              \
        return math()->function(x);                                                                \
    }
#define CALL_TWO(function)                                                                         \
    double __wrap_##function(double, double);                                                      \
    double __wrap_##function(double x, double y)                                                   \
    {                                                                                              \
        return math()->function(x, y);                                                             \
    }

OF_ONE(CALL_ONE)
OF_TWO(CALL_TWO)

long long __wrap_llround(double);
long long __wrap_llround(double x)
{
    return math()->llround(x);
}

void __wrap_sincos(double, double *, double *);
void __wrap_sincos(double x, double *sine, double *cosine)
{
    math()->sincos(x, sine, cosine);
}
