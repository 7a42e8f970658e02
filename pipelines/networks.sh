set -eu
# Networks of human smuggling that were dismantled, as published.
# Files: networks.csv, networks-cumulative.csv, networks-running.csv in $OUT, each with its notes.
# One row a figure: period, producer, scope and vintage stay apart.

marsad ingest data/sources/networks.csv |
    marsad derive 'period = period(period_start, period_end)' \
        'span = if(match(period, "[0-9]{4}"), "year", if(period_year(period_start) < period_year(period_end), "years", "part"))' |
    marsad select --drop id,breakdown,category,iso3,period_start,period_end,source_date,url |
    marsad observe --indicator @indicator --dimensions span > "${OUT:-out}/networks-observations.csv"

# Years: who said what, and as of when.
marsad filter 'span == "year"' < "${OUT:-out}/networks-observations.csv" |
    marsad tabulate --rows period,producer,scope,as_of --lang "${LANGUAGE_OF_TABLES:-fr}" \
        --notes "${OUT:-out}/networks-notes.csv" > "${OUT:-out}/networks.csv"

# Cumulative figures over several years, as published.
marsad filter 'span == "years"' < "${OUT:-out}/networks-observations.csv" |
    marsad tabulate --rows period,producer,scope,as_of --lang "${LANGUAGE_OF_TABLES:-fr}" \
        --notes "${OUT:-out}/networks-cumulative-notes.csv" > "${OUT:-out}/networks-cumulative.csv"

# A running sum for each producer, only as far as no year is missing.
marsad filter 'span == "year"' < "${OUT:-out}/networks-observations.csv" |
    marsad indicators --only NETWORKS_CUMULATIVE --only-derived |
    marsad tabulate --rows period,producer,scope,as_of --lang "${LANGUAGE_OF_TABLES:-fr}" \
        --notes "${OUT:-out}/networks-running-notes.csv" > "${OUT:-out}/networks-running.csv"
