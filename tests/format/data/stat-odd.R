# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the odd files of SPSS, Stata and SAS of this folder, which R counts by its own calendar:
# Rscript stat-odd.R.  The values are invented.
library(haven)
days <- as.Date(c("2018-09-22", "1959-12-31", "2020-02-29", NA))
with_format <- function(x, name, value) {
  attr(x, name) <- value
  x
}
# days and times by all kinds of formats
spss_seconds <- as.numeric(days) * 86400 + 141428 * 86400 # 1582-10-14 to 1970-01-01
spss <- data.frame(n = 1:4)
for (f in c("DATE11", "ADATE10", "EDATE10", "SDATE10", "JDATE7", "MOYR8", "QYR8", "WKYR10", "MONTH9"))
  spss[[f]] <- with_format(if (f == "MONTH9") c(9, 12, 2, NA) else spss_seconds, "format.spss", f)
write_sav(spss, "odd-days.sav")
sas_days <- as.numeric(days) + 3653 # 1960-01-01
sas <- data.frame(n = 1:4)
for (f in c("DATE9", "DDMMYYS10", "MMDDYYD10", "YYMMDDN8", "MONYY7", "WORDDATX20", "B8601DA8", "YYQ6"))
  sas[[f]] <- with_format(sas_days, "format.sas", f)
for (f in c("DATETIME20", "DTDATE9", "E8601DT19"))
  sas[[f]] <- with_format(sas_days * 86400 + 3661, "format.sas", f)
for (f in c("TIME8", "TOD8", "TIMEAMPM11"))
  sas[[f]] <- with_format(c(3661, 86399, 0, NA), "format.sas", f)
write_xpt(sas, "odd-days.xpt", version = 8, name = "ODD")
months <- (as.POSIXlt(days)$year + 1900 - 1960) * 12 + as.POSIXlt(days)$mon
weeks <- (as.POSIXlt(days)$year + 1900 - 1960) * 52 + pmin(as.POSIXlt(days)$yday %/% 7, 51)
stata <- data.frame(n = 1:4)
stata$td <- with_format(sas_days, "format.stata", "%td")
stata$tdD <- with_format(sas_days, "format.stata", "%tdDD/NN/CCYY")
stata$d <- with_format(sas_days, "format.stata", "%d")
stata$tw <- with_format(weeks, "format.stata", "%tw")
stata$tm <- with_format(months, "format.stata", "%tmCCYY-NN")
stata$tq <- with_format(months %/% 3, "format.stata", "%-tq")
stata$th <- with_format(months %/% 6, "format.stata", "%th")
stata$ty <- with_format(c(2018, 1959, 2020, NA), "format.stata", "%ty")
stata$tc <- with_format((sas_days * 86400 + 3661) * 1000, "format.stata", "%tc")
# 27 leap seconds by 2018, none before 1972
stata$tC <- with_format((sas_days * 86400 + 3661) * 1000 + c(27, 0, 27, NA) * 1000, "format.stata", "%tC")
write_dta(stata, "odd-days.dta", version = 14)
# values that the file calls missing
m <- data.frame(n = 1:5)
m$range <- labelled_spss(c(1, 97, 98, 99.5, NA), c(Oui = 1, "Refus" = 97), na_range = c(97, 100))
m$two <- labelled_spss(c(1, -1, -9, 0, NA), c(Oui = 1, "Sans objet" = -1), na_values = c(-1, -9))
m$text <- labelled_spss(c("a", "NR", "", "b", "NSP"), c("Non r\u00e9ponse" = "NR"), na_values = c("NR", "NSP"))
m$long <- c(strrep("\u00e9", 300), "deux\nlignes", "\"cit\u00e9\", virgule", " espaces ", NA)
write_sav(m, "odd-missing.sav")
g <- data.frame(n = 1:5)
g$tag <- labelled(c(1, tagged_na("a"), tagged_na("z"), NA, 2), c(Oui = 1, "Refus" = tagged_na("a")))
g$whole <- c(1L, NA, 3L, 4L, 5L)
g$large <- c(123456789012345, 1e15, 1e70, -0.1, NA)
g$text <- c(strrep("x", 3000), "deux\nlignes", "\"cit\u00e9\"", "", "\u0627\u0644\u0645\u063a\u0631\u0628")
write_dta(g, "odd-missing.dta", version = 14)
g$tag <- labelled(c(1, tagged_na("A"), tagged_na("Z"), NA, 2), c(Oui = 1))
write_xpt(g[c("n", "tag", "whole", "large")], "odd-missing.xpt", version = 8, name = "ODD")
write_sas(g[c("n", "tag", "whole", "large")], "odd-missing.sas7bdat")
write_sav(g[0, c("n", "whole")], "odd-empty.sav")
