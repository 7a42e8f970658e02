# SPDX-License-Identifier: GPL-3.0-or-later
# A synthetic sample (nobody in it is real) of areas drawn with unequal probabilities and of households in them,
# and R survey's errors of it by Brewer's approximation, without and with the fraction of households.
#
#   Rscript case.R       writes sample.csv, expected.csv here
#
# The numbers beside it are those of R 4.2.2 with survey 4.1.1.
suppressPackageStartupMessages(library(survey))
set.seed(91)
d <- do.call(rbind, lapply(1:10, function(p) { n <- sample(2:5, 1); M <- n + sample(0:12, 1); e <- rnorm(1, 0, 4)
  data.frame(stratum = (p + 4) %/% 5, psu = p, household = 100 * p + seq_len(n), p = round(runif(1, .1, .7), 3), M = M,
    x = round(rnorm(n, 50 + e, 9), 1), y = round(rexp(n, .2), 2), g = sample(c("a", "b"), n, TRUE)) }))
d$f <- as.numeric(formatC(ave(d$x, d$psu, FUN = length) / d$M, digits = 15, format = "g"))
d$w <- as.numeric(formatC(1 / (d$p * d$f), digits = 15, format = "g"))
rows <- NULL
emit <- function(design, domain, statistic, variable, s, df) {
  half <- qt(.975, df) * SE(s)
  rows <<- rbind(rows, data.frame(design, domain, statistic, variable, method = "t", estimate = as.numeric(coef(s)),
    se = as.numeric(SE(s)), ci_low = as.numeric(coef(s) - half), ci_high = as.numeric(coef(s) + half), deff = NA, df))
}
each <- function(name, r) for (g in c("_all", "a", "b")) {
  s <- if (g == "_all") r else r[which(d$g == g), ]
  domain <- if (g == "_all") g else paste0("g=", g)
  emit(name, domain, "mean", "x", svymean(~x, s), degf(s))
  emit(name, domain, "total", "y", svytotal(~y, s), degf(s))
  emit(name, domain, "ratio", "y/x", svyratio(~y, ~x, s), degf(s))
}
each("brewer", svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~p, data = d, pps = "brewer"))
each("brewer-two", svydesign(id = ~psu + household, strata = ~stratum, fpc = ~p + f, data = d, pps = "brewer"))
for (k in 6:11) rows[[k]] <- ifelse(is.na(rows[[k]]), "NA", formatC(rows[[k]], digits = 15, width = 1, format = "g"))
write.table(format(d, digits = 15, trim = TRUE), "sample.csv", sep = ",", quote = FALSE, row.names = FALSE)
write.table(rows, "expected.csv", sep = ",", quote = FALSE, row.names = FALSE)
