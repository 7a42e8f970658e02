# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of independence and models by replicate weights, those of ../replicate-weights, by R survey.
#
#   Rscript case.R       writes expected_tests.csv, expected_coef.csv here
#
# The numbers beside it are those of R 4.2.2 with survey 4.1.1.
suppressPackageStartupMessages(library(survey))
d <- read.csv("../replicate-weights/sample.csv"); scales <- read.csv("../replicate-weights/scales.csv")
names(d)[names(d) == "g"] <- "grp" # svyglm() takes a column g for something of its own
of <- function(head) as.matrix(d[, grep(paste0("^", head, "[0-9]+$"), names(d))])
jkn <- svrepdesign(data = d, weights = ~w, repweights = of("j"), type = "other", scale = 1, rscales = scales$scale,
                   combined.weights = TRUE, mse = FALSE)
mse <- svrepdesign(data = d, weights = ~w, repweights = of("j"), type = "other", scale = 1, rscales = scales$scale,
                   combined.weights = TRUE, mse = TRUE)
fay <- svrepdesign(data = d, weights = ~w, repweights = of("f"), type = "Fay", rho = .3, combined.weights = TRUE)
boot <- svrepdesign(data = d, weights = ~w, repweights = of("s"), type = "bootstrap", combined.weights = TRUE)
tests <- NULL; coefs <- NULL
for (z in list(list("jkn", jkn), list("jkn-mse", mse), list("fay", fay), list("boot", boot))) {
  for (what in c("F", "Chisq", "Wald", "adjWald")) {
    t <- svychisq(~grp + h, z[[2]], statistic = what); p <- as.numeric(t$parameter)
    tests <- rbind(tests, data.frame(design = z[[1]], domain = "", test = "svychisq", variables = "g*h", statistic = what,
      value = as.numeric(t$statistic), df1 = p[1], df2 = p[2], p = as.numeric(t$p.value)))
  }
  m <- function(name, m) {
    s <- summary(m)$coefficients; ci <- confint(m)
    coefs <<- rbind(coefs, data.frame(model = paste0(z[[1]], "-", name), term = c("(Intercept)", "x", "y")[seq_len(nrow(s))],
      estimate = s[, 1], se = s[, 2], t = s[, 3], p = s[, 4], ci_low = ci[, 1], ci_high = ci[, 2], df = m$df.residual))
  }
  m("linear", svyglm(w ~ x + y, z[[2]]))
  m("logit", svyglm(I(h == "u") ~ x, z[[2]], family = quasibinomial, epsilon = 1e-14, maxit = 100))
  m("poisson", svyglm(y ~ x, z[[2]], family = quasipoisson, epsilon = 1e-14, maxit = 100))
}
save <- function(what, file) {
  for (j in seq_along(what)) if (is.numeric(what[[j]])) what[[j]] <- ifelse(is.na(what[[j]]), "NA", formatC(what[[j]], digits = 15, width = 1, format = "g"))
  write.csv(what, file, row.names = FALSE, quote = FALSE)
}
save(tests, "expected_tests.csv"); save(coefs, "expected_coef.csv")
