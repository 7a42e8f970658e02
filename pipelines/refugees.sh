set -eu
# Refugees and asylum seekers in Morocco by origin and year (HCR's statistics).
# Writes to $OUT: refugees.csv and asylum-seekers.csv (ten largest origins of the last ten years),
# each with its notes.

marsad ingest data/sources/refugees-unhcr.csv |
    marsad filter 'period >= 2015 and indicator == "REFUGEES"' |
    marsad tabulate --rows nationality --columns period --top 10 --total --absent zero \
        --lang "${TABLE_LANG:-fr}" --notes "${OUT:-out}/refugees-notes.csv" > "${OUT:-out}/refugees.csv"

marsad ingest data/sources/refugees-unhcr.csv |
    marsad filter 'period >= 2015 and indicator == "ASYLUM_SEEKERS"' |
    marsad tabulate --rows nationality --columns period --top 10 --total --absent zero \
        --lang "${TABLE_LANG:-fr}" --notes "${OUT:-out}/asylum-seekers-notes.csv" \
        > "${OUT:-out}/asylum-seekers.csv"
