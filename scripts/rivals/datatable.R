# SPDX-License-Identifier: GPL-3.0-or-later
# The job of scripts/bench in data.table: datatable.R FILE THREADS OUT KEYS.
suppressMessages(library(data.table))
a <- commandArgs(TRUE)
keys <- strsplit(a[4], ",")[[1]]
setDTthreads(as.integer(a[2]))
x <- fread(a[1], select = c(keys, "age", "weight", "income"), na.strings = "")
r <- x[, .(n = .N, w = sum(weight), wi = sum(weight * income, na.rm = TRUE), age = mean(age)),
       keyby = keys]
fwrite(r, a[3])
