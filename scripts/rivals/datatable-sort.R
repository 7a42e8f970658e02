# SPDX-License-Identifier: GPL-3.0-or-later
# The job of scripts/bench-sort in data.table: datatable-sort.R FILE THREADS OUT KEYS.  All columns are texts.
suppressMessages(library(data.table))
a <- commandArgs(TRUE)
setDTthreads(as.integer(a[2]))
x <- fread(a[1], colClasses = "character", na.strings = NULL)
setorderv(x, strsplit(a[4], ",")[[1]])
fwrite(x, a[3])
