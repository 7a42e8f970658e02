set -eu
# Networks of migrant smuggling that were dismantled, as published.
# Writes to $OUT: networks.csv (years), networks-cumulative.csv (published sums over years),
# networks-running.csv (our running sums), each with its notes, and networks-observations.csv.
# One row a figure: period, producer, scope and vintage stay apart, nothing is merged.

marsad ingest data/sources/networks.csv |
    marsad derive 'period = period(period_start, period_end)' \
        'first = year(period_start)' 'last = year(period_end)' \
        'span = if(match(period, "^[0-9]{4}$"), "year", if(last > first, "years", "part"))' |
    marsad select --drop id,breakdown,category,iso3,period_start,period_end,first,last,source_date,url |
    marsad observe --indicator @indicator --dimensions span > "${OUT:-out}/networks-observations.csv"

# Years: who said what, and as of when.
marsad filter 'span == "year"' < "${OUT:-out}/networks-observations.csv" |
    marsad tabulate --rows period,producer,scope,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/networks-notes.csv" > "${OUT:-out}/networks.csv"

# Sums over several years, as published.
marsad filter 'span == "years"' < "${OUT:-out}/networks-observations.csv" |
    marsad tabulate --rows period,producer,scope,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/networks-cumulative-notes.csv" > "${OUT:-out}/networks-cumulative.csv"

# A running sum for each producer, only as far as no year is missing.
marsad filter 'span == "year"' < "${OUT:-out}/networks-observations.csv" |
    marsad select --drop span |
    marsad indicators --only NETWORKS_CUMULATIVE --only-derived --lang "${TABLE_LANG:-fr}" |
    marsad tabulate --rows period,producer,scope,as_of --lang "${TABLE_LANG:-fr}" \
        --notes "${OUT:-out}/networks-running-notes.csv" > "${OUT:-out}/networks-running.csv"
