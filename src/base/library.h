/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Libraries that only some runs need are loaded when such a run needs them, and only here: others
 * do not pay for them at their start.
 *
 * A user lists its functions once and gets a struct of pointers with their declared types:
 *
 *     #define CALLS(X) X(freexl_open) X(freexl_close)
 *     struct calls { CALLS(LIBRARY_MEMBER) };
 *     static const char names[] = CALLS(LIBRARY_NAME);
 *     struct calls calls;
 *     if (library_load("libfreexl.so.1", "libfreexl1", names, &calls, e) < 0) ...
 *     calls.freexl_open(...)
 *
 * A library stays loaded until the process ends.  Cost: about a millisecond, once a process.
 */
#ifndef MARSAD_BASE_LIBRARY_H
#define MARSAD_BASE_LIBRARY_H

#include "base/error.h"

#define LIBRARY_MEMBER(function) __typeof__(function) *(function);
#define LIBRARY_NAME(function) #function "\0"

/* Fills the pointers of *calls in the order of names[], each ended by a NUL, all by one more.  -1
 * and *error (EX_UNAVAILABLE) where the library, which `package` holds, is not there. */
int library_load(const char *soname, const char *package, const char *names, void *calls,
                 struct error *);

#endif
