set -eu
# Foreigners residing in Morocco: censuses and residence permits, as published.
# Writes to $OUT: residents.csv (totals), residents-nationality.csv (counts by nationality),
# residents-shares.csv (shares published alone: figures of their own, never turned into counts),
# permits.csv (133 274 permits, and the shares published with them), permits-register.csv (synthetic).

marsad ingest data/sources/residents.csv |
    marsad filter 'breakdown in ("total", "nationality")' |
    marsad derive 'period = period(period_start, period_end)' \
        'written = if(breakdown == "nationality", category, "_T")' |
    marsad harmonise --column written --list nationality --into nationality --status found \
        --review "${OUT:-out}/residents-review.csv" |
    marsad derive 'nationality = if(found == "ambiguous", iso3, nationality)' |
    marsad select --drop id,breakdown,category,iso3,period_start,period_end,source_date,url,written,found |
    marsad observe --indicator @indicator > "${OUT:-out}/residents-observations.csv"

marsad filter 'nationality == "_T" and indicator == "RESIDENTS_FOREIGN"' < "${OUT:-out}/residents-observations.csv" |
    marsad tabulate --rows period,producer,scope,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/residents-notes.csv" > "${OUT:-out}/residents.csv"

marsad filter 'nationality != "_T" and indicator == "RESIDENTS_FOREIGN"' < "${OUT:-out}/residents-observations.csv" |
    marsad tabulate --rows nationality --columns period,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/residents-nationality-notes.csv" > "${OUT:-out}/residents-nationality.csv"

marsad filter 'indicator == "RESIDENTS_SHARE"' < "${OUT:-out}/residents-observations.csv" |
    marsad tabulate --rows nationality --columns period,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/residents-shares-notes.csv" > "${OUT:-out}/residents-shares.csv"

marsad filter 'indicator in ("PERMITS", "PERMITS_SHARE")' < "${OUT:-out}/residents-observations.csv" |
    marsad tabulate --rows indicator,unit,nationality --columns period --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/permits-notes.csv" > "${OUT:-out}/permits.csv"

# The register of permits.
marsad ingest data/samples/permits.csv |
    marsad validate --schema data/schemas/permits.json --rejects "${OUT:-out}/permits-rejects.csv" |
    marsad harmonise --column nationalite --list nationality --into nationality \
        --review "${OUT:-out}/permits-review.csv" |
    marsad derive 'nationality = coalesce(nationality, "XXX")' 'year = year(date_delivrance)' |
    marsad aggregate --by nationality,year --count n |
    marsad observe --indicator PERMITS=n --producer marsad --as-of 2026-11 --unit PS \
        --source "registre synthétique" |
    marsad tabulate --rows nationality --columns period --top 10 --total --absent zero \
        --lang "${TABLE_LANG:-fr}" --title "Titres de séjour délivrés par nationalité (registre synthétique)|سندات الإقامة المسلمة حسب الجنسية (سجل اصطناعي)|Residence permits issued by nationality (synthetic register)" \
        --notes "${OUT:-out}/permits-register-notes.csv" > "${OUT:-out}/permits-register.csv"
