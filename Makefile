# SPDX-License-Identifier: GPL-3.0-or-later
# marsad: GNU Make.  `make help` lists the targets.  CFLAGS, LDFLAGS, CC, prefix, DESTDIR are yours.

MODE    ?= release
CC      ?= cc
prefix  ?= /usr/local
bindir  ?= $(prefix)/bin
mandir  ?= $(prefix)/share/man
datadir ?= $(prefix)/share
PKGS     = gsl zlib jansson xlsxwriter libutf8proc nettle
VERSION := $(shell cat VERSION)

comma := ,
try = $(shell printf 'int main(void){return 0;}' | $(CC) $(1) -Werror -x c -o /dev/null - 2>/dev/null && echo '$(1)')

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
       -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wformat=2 -Wundef -Wvla \
       -Wdouble-promotion -Wimplicit-fallthrough
HARD := $(call try,-fstack-protector-strong) $(call try,-fstack-clash-protection) \
        $(call try,-fcf-protection) $(call try,-ftrivial-auto-var-init=zero)
HARD_LD := $(call try,-pie) $(call try,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now$(comma)-z$(comma)noexecstack$(comma)--as-needed)

ifeq ($(MODE),release)
CFLAGS ?= -O2 -g
MODE_FLAGS = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARD)
else ifeq ($(MODE),asan)
CFLAGS ?= -O1 -g
MODE_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else
CFLAGS ?= -O0 -g
endif
ifdef CI
WERROR = -Werror
endif

ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DVERSION='"$(VERSION)"' -Isrc -fPIE -ffp-contract=off \
             $(WARN) $(WERROR) $(MODE_FLAGS) $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)
ALL_LDFLAGS = $(MODE_FLAGS) $(HARD_LD) $(LDFLAGS)
LIBS := -lcsv $(shell pkg-config --libs $(PKGS)) -lpthread -lm

B       := build/$(MODE)
SOURCES := $(sort $(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(B)/%.o) $(B)/reference.o
LISTS   := $(sort $(wildcard data/reference/*.csv))
TESTS   := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/*/*_test.c)))
STAGES   = $(shell sed -n 's/^ *STAGE(\([a-z_]*\)).*/\1/p' src/stages/stages.list)

.PHONY: all check check-unit check-asan lint format bench help install uninstall dist clean samples
all: $(B)/marsad $(B)/links

$(B)/marsad: $(B)/src/main.o $(B)/libmarsad.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libmarsad.a: $(OBJECTS)
	rm -f $@
	$(AR) rcsD $@ $^

$(B)/links: $(B)/marsad src/stages/stages.list
	mkdir -p $(B)/bin
	cd $(B)/bin && ln -sf ../marsad marsad && for s in $(STAGES); do ln -sf ../marsad marsad-$$s; done
	touch $@

$(B)/%.o: %.c | $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The code lists of data/reference, compiled in as they are.
$(B)/reference.S: $(LISTS) scripts/embed Makefile
	@mkdir -p $(@D)
	sh scripts/embed $(LISTS) > $@

$(B)/reference.o: $(B)/reference.S
	$(CC) -c -o $@ $<

$(B)/flags:
	@mkdir -p $(@D)
	@touch $@

$(B)/tests/%: tests/%.c $(B)/libmarsad.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wno-missing-prototypes -o $@ $< $(B)/libmarsad.a $(LIBS) -lcmocka

check-unit: $(TESTS)
	@for t in $(TESTS); do $$t || exit 1; done

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(B)/src/main.d
