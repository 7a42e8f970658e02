set -eu
# Voluntary returns of migrants from Morocco: published figures, and the (synthetic) register of cases.
# Writes to $OUT: returns-totals.csv, returns-nationality.csv (cumulative 2004-2016 and by year),
# returns-register.csv (nationality and year), returns-schemes.csv (scheme and year), each with notes.

marsad ingest data/sources/returns.csv |
    marsad filter 'breakdown in ("total", "nationality") and indicator == "RETURNS_VOLUNTARY"' |
    marsad derive 'period = period(period_start, period_end)' \
        'written = if(breakdown == "nationality", category, "_T")' |
    marsad harmonise --column written --list nationality --into nationality --status found \
        --review "${OUT:-out}/returns-review.csv" |
    marsad derive 'nationality = if(found == "ambiguous", iso3, nationality)' \
        'note = if(found == "ambiguous", concat("nationalité lue par l’éditeur ; ", if(is_missing(note), "", note)), note)' |
    marsad select --drop id,breakdown,category,iso3,period_start,period_end,source_date,url,written,found |
    marsad observe --indicator @indicator > "${OUT:-out}/returns-observations.csv"

marsad filter 'nationality == "_T"' < "${OUT:-out}/returns-observations.csv" |
    marsad tabulate --rows period,producer,scope,as_of,source --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/returns-totals-notes.csv" > "${OUT:-out}/returns-totals.csv"

marsad filter 'nationality != "_T"' < "${OUT:-out}/returns-observations.csv" |
    marsad tabulate --rows nationality --columns period,producer,scope,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/returns-nationality-notes.csv" > "${OUT:-out}/returns-nationality.csv"

# The register of cases.
marsad ingest data/samples/returns.csv |
    marsad validate --schema data/schemas/returns.json --rejects "${OUT:-out}/returns-rejects.csv" |
    marsad harmonise --column nationalite --list nationality --into nationality \
        --review "${OUT:-out}/returns-register-review.csv" |
    marsad harmonise --column dispositif --list return_scheme --into scheme \
        --review "${OUT:-out}/returns-scheme-review.csv" |
    marsad derive 'nationality = coalesce(nationality, "XXX")' 'scheme = coalesce(scheme, "_U")' \
        'year = year(date_retour)' |
    marsad aggregate --by nationality,year,scheme --count n > "${OUT:-out}/returns-groups.csv"

marsad aggregate --by nationality,year --sum value=n < "${OUT:-out}/returns-groups.csv" |
    marsad observe --indicator RETURNS_VOLUNTARY=value --producer marsad --as-of 2026-11 --unit PS \
        --source "registre synthétique" |
    marsad tabulate --rows nationality --columns period --top 10 --total --absent zero \
        --lang "${TABLE_LANG:-fr}" --title "Retours volontaires par nationalité (registre synthétique)|العودة الطوعية حسب الجنسية (سجل اصطناعي)|Voluntary returns by nationality (synthetic register)" \
        --notes "${OUT:-out}/returns-register-notes.csv" > "${OUT:-out}/returns-register.csv"

marsad aggregate --by scheme,year --sum value=n < "${OUT:-out}/returns-groups.csv" |
    marsad observe --indicator RETURNS_VOLUNTARY=value --producer marsad --as-of 2026-11 --unit PS \
        --source "registre synthétique" |
    marsad tabulate --rows scheme --columns period --total --absent zero --lang "${TABLE_LANG:-fr}" \
        --title "Retours volontaires par dispositif (registre synthétique)|العودة الطوعية حسب البرنامج (سجل اصطناعي)|Voluntary returns by scheme (synthetic register)" \
        --notes "${OUT:-out}/returns-schemes-notes.csv" > "${OUT:-out}/returns-schemes.csv"
