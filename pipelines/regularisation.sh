set -eu
# Regularisation of migrants in 2014 and 2016-2017: published figures, and the (synthetic) register.
# Writes to $OUT:
#   regularisation.csv              requests, approvals, rates as computed and as published, by producer and vintage
#   regularisation-nationality.csv  requests and shares by nationality, by producer and vintage
#   regularisation-region.csv       requests and approvals by region
#   regularisation-unnamed.csv      figures whose producer nobody names
#   regularisation-register.csv, regularisation-register-sex.csv    the register, by operation
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
        'region = if(scope == "2014", coalesce(region_1997, region), region)' |
    marsad filter 'not is_missing(nationality) and not is_missing(region)' |
    marsad select --drop id,breakdown,category,iso3,period_start,period_end,source_date,url,written_nationality,written_sex,written_region,found,region_1997,found_1997,found_region |
    marsad observe --indicator @indicator > "${OUT:-out}/regularisation-observations.csv"

# The totals: who said what, and as of when.  The rate is recomputed from the counts of one producer and
# vintage (23 096 of 27 649 = 83.5 %); the published rate stands beside it (85.53 % was printed too).
# Figures whose producer nobody names cannot be told apart: they have a table of their own.
marsad filter 'producer != "_U"' < "${OUT:-out}/regularisation-observations.csv" |
    marsad indicators --only REG_APPROVAL_RATE --round --lang "${TABLE_LANG:-fr}" |
    marsad filter 'nationality == "_T" and sex == "_T" and region == "_T" and indicator in ("REG_REQUESTS", "REG_APPROVALS", "REG_APPROVAL_RATE", "REG_RATE")' |
    marsad tabulate --rows scope,period,producer,as_of,source --columns indicator,unit --lang "${TABLE_LANG:-fr}" \
        --title "Régularisation : demandes, avis favorables et taux, par producteur et date|التسوية: الطلبات والآراء الموافقة والنسب، حسب الجهة المنتجة والتاريخ|Regularisation: requests, approvals and rates, by producer and date" \
        --notes "${OUT:-out}/regularisation-notes.csv" > "${OUT:-out}/regularisation.csv"

marsad filter 'producer == "_U"' < "${OUT:-out}/regularisation-observations.csv" |
    marsad tabulate --rows indicator,scope,period,source --lang "${TABLE_LANG:-fr}" \
        --title "Régularisation : chiffres sans producteur nommé|التسوية: أرقام لا تُذكر جهتها المنتجة|Regularisation: figures whose producer is not named" \
        --notes "${OUT:-out}/regularisation-unnamed-notes.csv" > "${OUT:-out}/regularisation-unnamed.csv"

# By nationality, as one producer published them: counts, printed shares, and shares recomputed from the counts.
marsad filter 'producer == "MI" and as_of == "2015-02-09" and sex == "_T" and region == "_T"' < "${OUT:-out}/regularisation-observations.csv" |
    marsad indicators --only REG_REQUESTS_BY_NAT_SHARE --round --lang "${TABLE_LANG:-fr}" |
    marsad filter 'indicator in ("REG_REQUESTS", "REG_REQUESTS_SHARE", "REG_REQUESTS_BY_NAT_SHARE")' |
    marsad tabulate --rows nationality --columns indicator,unit --lang "${TABLE_LANG:-fr}" \
        --title "Demandes de régularisation de 2014 par nationalité (ministère de l’Intérieur, 9 février 2015)|طلبات التسوية لسنة 2014 حسب الجنسية (وزارة الداخلية، 9 فبراير 2015)|Requests for regularisation of 2014 by nationality (Ministry of the Interior, 9 February 2015)" \
        --notes "${OUT:-out}/regularisation-nationality-notes.csv" > "${OUT:-out}/regularisation-nationality.csv"

# By region: the sixteen regions of 2014 and the twelve of today are different codes.
marsad filter 'region != "_T" and indicator in ("REG_REQUESTS", "REG_APPROVALS")' < "${OUT:-out}/regularisation-observations.csv" |
    marsad tabulate --rows region,period,producer,as_of --columns indicator --lang "${TABLE_LANG:-fr}" \
        --title "Régularisation par région, telle que publiée|التسوية حسب الجهة كما نُشرت|Regularisation by region, as published" \
        --notes "${OUT:-out}/regularisation-region-notes.csv" > "${OUT:-out}/regularisation-region.csv"

# The register: two files of two operations, as two offices wrote them.
marsad ingest data/samples/regularisation-2014.csv |
    marsad validate --schema data/schemas/regularisation.json --rejects "${OUT:-out}/regularisation-2014-rejects.csv" |
    marsad select dossier,nationalite,sexe,region,phase,decision > "${OUT:-out}/regularisation-2014.csv"

marsad ingest --schema data/schemas/regularisation-2016.json data/samples/regularisation-2016.csv |
    marsad validate --schema data/schemas/regularisation-2016.json --rejects "${OUT:-out}/regularisation-2016-rejects.csv" |
    marsad select dossier,nationalite,sexe,region,phase,decision > "${OUT:-out}/regularisation-2016.csv"

marsad ingest "${OUT:-out}/regularisation-2014.csv" "${OUT:-out}/regularisation-2016.csv" |
    marsad harmonise --column nationalite --list nationality --into nationality \
        --review "${OUT:-out}/regularisation-register-review.csv" |
    marsad harmonise --column sexe --list sex --into sex --review "${OUT:-out}/regularisation-sex-review.csv" |
    marsad derive 'nationality = coalesce(nationality, "XXX")' 'sex = coalesce(sex, "_U")' \
        'requests = 1' 'approvals = if(decision == "favorable", 1, 0)' \
        'year = if(phase == "2014", "2014", "2017")' > "${OUT:-out}/regularisation-dossiers.csv"

marsad aggregate --by nationality,sex,year --sum requests=requests --sum approvals=approvals --margins < "${OUT:-out}/regularisation-dossiers.csv" |
    marsad filter 'year != "_T"' |
    marsad observe --indicator REG_REQUESTS=requests,REG_APPROVALS=approvals --producer marsad --as-of 2026-11 \
        --source "registre synthétique" |
    marsad indicators --only REG_APPROVAL_RATE --round --lang "${TABLE_LANG:-fr}" > "${OUT:-out}/regularisation-register-observations.csv"

marsad filter 'sex == "_T" and indicator == "REG_REQUESTS"' < "${OUT:-out}/regularisation-register-observations.csv" |
    marsad tabulate --rows nationality --columns period --top 10 --absent zero --lang "${TABLE_LANG:-fr}" \
        --title "Demandes de régularisation par nationalité (registre synthétique)|طلبات التسوية حسب الجنسية (سجل اصطناعي)|Requests for regularisation by nationality (synthetic register)" \
        --notes "${OUT:-out}/regularisation-register-notes.csv" > "${OUT:-out}/regularisation-register.csv"

marsad filter 'nationality == "_T"' < "${OUT:-out}/regularisation-register-observations.csv" |
    marsad tabulate --rows indicator,unit,sex --columns period --absent zero --lang "${TABLE_LANG:-fr}" \
        --title "Régularisation par sexe (registre synthétique)|التسوية حسب الجنس (سجل اصطناعي)|Regularisation by sex (synthetic register)" \
        --notes "${OUT:-out}/regularisation-register-sex-notes.csv" > "${OUT:-out}/regularisation-register-sex.csv"
