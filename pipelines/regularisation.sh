set -eu
# Regularisation of migrants in 2014 and 2016-2017: published figures, and the (synthetic) register.
# Writes to $OUT:
#   regularisation.csv              requests, approvals, rates as computed and as published, by producer and vintage
#   regularisation-nationality.csv  requests and shares by nationality, by producer and vintage
#   regularisation-region.csv       requests and approvals by region
#   regularisation-register.csv, -register-sex.csv, -register-region.csv    the register, by phase
# each with its notes.
# One published figure has no end of its period (reg-077) and is left out; two names share a figure
# in another (Ivoiriens et Nigérians), which has no code and is left out too: see the review.

marsad ingest data/sources/regularisation.csv |
    marsad filter 'breakdown in ("total", "nationality", "sex", "region") and not is_missing(period_end)' |
    marsad derive 'period = period(period_start, period_end)' \
        'written_nationality = if(breakdown == "nationality", category, "_T")' \
        'written_sex = if(breakdown == "sex", category, "_T")' \
        'written_region = if(breakdown == "region", category, "_T")' |
    marsad harmonise --column written_nationality --list nationality --into nationality --status found \
        --review "${OUT:-out}/regularisation-review.csv" |
    marsad harmonise --column written_sex --list sex --into sex |
    marsad harmonise --column written_region --list region-1997 --into region_1997 --status found_1997 |
    marsad harmonise --column written_region --list region --into region --status found_region |
    marsad derive 'nationality = if(found == "ambiguous", iso3, nationality)' \
        'region = if(found_region == "ambiguous", region_1997, region)' |
    marsad filter 'not is_missing(nationality) and not is_missing(region)' |
    marsad select --drop id,breakdown,category,iso3,period_start,period_end,source_date,url,written_nationality,written_sex,written_region,found,region_1997,found_1997,found_region |
    marsad observe --indicator @indicator > "${OUT:-out}/regularisation-observations.csv"

# The totals: who said what, and as of when.  The rate is recomputed from the counts of one producer and
# vintage (23 096 of 27 649 = 83.5 %); the published rate stands beside it (85.53 % was printed too).
# Figures whose producer nobody names cannot be told apart: they have a table of their own.
marsad filter 'producer != "_U"' < "${OUT:-out}/regularisation-observations.csv" |
    marsad indicators --only REG_APPROVAL_RATE --round |
    marsad filter 'nationality == "_T" and sex == "_T" and region == "_T" and indicator in ("REG_REQUESTS", "REG_APPROVALS", "REG_APPROVAL_RATE", "REG_RATE")' |
    marsad tabulate --rows scope,period,producer,as_of,source --columns indicator,unit --lang "${TABLE_LANG:-fr}" \
        --title "Régularisation : demandes, avis favorables et taux, par producteur et date" \
        --notes "${OUT:-out}/regularisation-notes.csv" > "${OUT:-out}/regularisation.csv"

marsad filter 'producer == "_U"' < "${OUT:-out}/regularisation-observations.csv" |
    marsad tabulate --rows indicator,scope,period,as_of,value,source --lang "${TABLE_LANG:-fr}" \
        --title "Régularisation : chiffres sans producteur nommé" \
        --notes "${OUT:-out}/regularisation-unnamed-notes.csv" > "${OUT:-out}/regularisation-unnamed.csv"
