# Makes the files of SPSS, Stata and SAS of this folder, once:  Rscript stat.R
# The table is synthetic.
library(haven)
d <- data.frame(
  dossier = c("R-1", "R-2", "R-3", "R-4"),
  pays = c("S\u00e9n\u00e9gal", "\u0627\u0644\u0633\u0646\u063a\u0627\u0644", "C\u00f4te d'Ivoire, \"autre\"", ""),
  membres = c(3L, NA, 5L, 2L),
  poids = c(0.1, 1234.5678, -2, 1e-7),
  depot = as.Date(c("2018-09-22", "1959-12-31", NA, "2020-02-29")),
  stringsAsFactors = FALSE)
d$sexe <- labelled(c(1, 2, 9, 1), c(Homme = 1, Femme = 2, "Non d\u00e9clar\u00e9" = 9))
d$moment <- as.POSIXct(c("2018-09-22 12:30:00", "2021-12-31 23:59:59", NA, "1970-01-01 00:00:00"), tz = "UTC")
write_dta(d, "wave.dta", version = 14)
write_sas(d, "wave.sas7bdat")
write_xpt(d, "wave.xpt", version = 8, name = "WAVE")
s <- d
s$sexe <- labelled_spss(c(1, 2, 9, 1), c(Homme = 1, Femme = 2, "Non d\u00e9clar\u00e9" = 9), na_values = 9)
write_sav(s, "wave.sav")
write_sav(s, "wave.zsav", compress = "zsav")
t <- d
t$sexe <- labelled(c(1, 2, tagged_na("a"), 1), c(Homme = 1, Femme = 2, "Non d\u00e9clar\u00e9" = tagged_na("a")))
write_dta(t, "tagged.dta", version = 14)
f <- d[, c("dossier", "membres", "poids")]
foreign::write.dta(f, "old.dta", version = 8)
