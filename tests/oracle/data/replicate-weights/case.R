# SPDX-License-Identifier: GPL-3.0-or-later
# Replicate weights of a synthetic sample (nobody in it is real) and what R survey makes of them: degrees of
# freedom in domains, scales of their own, a scale of 0, variances, differences of medians.
#
#   Rscript case.R       writes sample.csv, scales.csv, other.csv, expected.csv here
#
# The numbers beside it are those of R 4.2.2 with survey 4.1.1.
suppressPackageStartupMessages(library(survey))
set.seed(20261122)
d <- do.call(rbind, lapply(1:12, function(p) { n <- sample(3:5, 1)
  data.frame(stratum = (p + 1) %/% 2, psu = p, x = round(rnorm(n, 40 + p, 9), 1), y = round(rexp(n, .2), 2),
    g = sample(c("a", "b", "c"), n, TRUE, c(6, 3, 1)), h = sample(c("u", "v"), n, TRUE),
    w = round(runif(n, 20, 60), 2)) }))
d$y[c(5, 17, 30)] <- NA
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = d)
plain <- function(r, type) unclass(as.matrix(weights(r, type)))
named <- function(m, head) { colnames(m) <- sprintf("%s%02d", head, seq_len(ncol(m))); m }
jkn <- as.svrepdesign(design, type = "JKn", compress = FALSE)
J <- named(round(plain(jkn, "analysis"), 6), "j")
B <- named(plain(as.svrepdesign(design, type = "BRR", compress = FALSE), "replication"), "b")
F <- named(round(plain(as.svrepdesign(design, type = "Fay", fay.rho = .3, compress = FALSE), "analysis"), 6), "f")
S <- named(round(plain(as.svrepdesign(design, type = "subbootstrap", replicates = 20, compress = FALSE), "analysis"), 6), "s")
scales <- data.frame(replicate = colnames(J), scale = jkn$scale * jkn$rscales)
other <- data.frame(replicate = colnames(J), scale = c(0, .4, .9, 1, .5, .25, 0, .75, .6, 1.2, .3, .8))
save <- function(what, file) write.table(format(what, digits = 15, trim = TRUE), file, sep = ",", quote = FALSE, row.names = FALSE)
all <- cbind(d, J, B, F, S)
all$y <- ifelse(is.na(all$y), "", all$y)
write.table(all, "sample.csv", sep = ",", quote = FALSE, row.names = FALSE)
save(scales, "scales.csv"); save(other, "other.csv")

rows <- NULL
emit <- function(design, domain, statistic, variable, estimate, se, df) {
  half <- qt(.975, max(df, 1)) * se
  rows <<- rbind(rows, data.frame(design, domain, statistic, variable, method = "t", estimate, se,
    ci_low = estimate - half, ci_high = estimate + half, deff = NA, df))
}
one <- function(name, domain, r) {
  m <- svymean(~x, r); emit(name, domain, "mean", "x", coef(m), SE(m), degf(r))
  v <- svyvar(~x, r); emit(name, domain, "variance", "x", coef(v)[1], SE(v)[1], degf(r))
  q <- svyratio(~x, ~w, r); emit(name, domain, "ratio", "x/w", coef(q), SE(q), degf(r))
  full <- r[which(!is.na(r$variables$y)), ]
  t <- svytotal(~y, full); emit(name, domain, "total", "y", coef(t), SE(t), degf(full))
}
each <- function(name, r) { one(name, "_all", r); for (g in c("a", "b", "c")) one(name, paste0("g=", g), r[which(d$g == g), ]) }
rep <- function(m, ...) svrepdesign(data = d, repweights = m, weights = ~w, ...)
each("jkn-made", jkn)
each("jkn-mse", as.svrepdesign(design, type = "JKn", mse = TRUE))
each("jkn-scales", rep(J, type = "JKn", scale = 1, rscales = scales$scale, combined.weights = TRUE))
each("other-scales", rep(J, type = "other", scale = 1, rscales = other$scale, combined.weights = TRUE))
each("brr-factors", rep(B, type = "BRR", combined.weights = FALSE))
each("fay-weights", rep(F, type = "Fay", rho = .3, combined.weights = TRUE))
boot <- rep(S, type = "bootstrap", combined.weights = TRUE)
each("boot-weights", boot)
median_of <- function(w, h) { k <- d$h == h & w > 0; o <- order(d$x[k]); c <- cumsum(w[k][o])
  d$x[k][o][which(c >= .5 * c[length(c)] * (1 - 1e-12))[1]] }
difference <- function(w) median_of(w, "u") - median_of(w, "v")
value <- apply(S, 2, difference)
emit("boot-weights", "h=u-v", "contrast:quantile", "x@0.5", difference(d$w),
  sqrt(sum((value - mean(value))^2) / 19), degf(boot))
for (k in 6:11) rows[[k]] <- ifelse(is.na(rows[[k]]), "NA", formatC(rows[[k]], digits = 15, width = 1, format = "g"))
write.table(rows, "expected.csv", sep = ",", quote = FALSE, row.names = FALSE)
