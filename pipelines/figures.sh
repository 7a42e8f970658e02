set -eu
# Every published figure of data/sources, reconciled.
# Writes to $OUT:
#   figures-observations.csv   all figures in the form of observations, with `id` and the label as printed
#   figures.csv                the same with status and vintage: current, superseded, or other (not of the series)
#   contradictions.csv         what contradicts what: class, rows, evidence, proposed reading
#   contradictions-sheet.csv   the same in the language of the tables, for the workbook
# A dimension is `breakdown` with its `category` as printed; reconcile resolves nationality, region and sex. A name
# that stands for several countries keeps its printed form in `written`, and its `category` is the editor's reading (iso3).
# HCR's own statistics (refugees-unhcr) are observations already.

marsad ingest data/sources/regularisation.csv data/sources/regularisation-tanger-2014.csv data/sources/networks.csv data/sources/crossings.csv data/sources/returns.csv data/sources/residents.csv data/sources/refugees.csv data/sources/hcp-enmi.csv data/sources/hcp-forced-migration.csv data/sources/trafficking.csv data/sources/students.csv |
    marsad filter 'not is_missing(period_end)' |
    marsad harmonise --column category --list nationality --into code --status found \
        --review "${OUT:-out}/figures-review.csv" |
    marsad derive 'period = period(period_start, period_end)' 'written = category' \
        'category = if(found == "ambiguous" and breakdown == "nationality", iso3, category)' |
    marsad select --drop iso3,period_start,period_end,source_date,url,code,found |
    marsad observe --indicator @indicator --dimensions id,breakdown,category,written > "${OUT:-out}/figures-press.csv"

marsad ingest data/sources/refugees-unhcr.csv |
    marsad derive 'id = concat("hcr-", indicator, "-", nationality, "-", period)' 'breakdown = "nationality"' 'category = nationality' 'written = nationality' |
    marsad select --drop nationality |
    marsad observe --indicator @indicator --dimensions id,breakdown,category,written > "${OUT:-out}/figures-unhcr.csv"

marsad ingest "${OUT:-out}/figures-press.csv" "${OUT:-out}/figures-unhcr.csv" |
    marsad reconcile --rules data/rules/series.csv --report "${OUT:-out}/contradictions.csv" \
        --notes "${OUT:-out}/contradictions-notes.csv" > "${OUT:-out}/figures.csv"

# The sheet of the workbook: what disagrees, why, which value the tables use.
marsad select class=classe,period=période,weight=poids,indicator=indicateur,place=cellule,rows=lignes,evidence=calcul,doubtful=douteuse,used=retenue,used_value=valeur,reading_fr=lecture,reading_en=reading "${OUT:-out}/contradictions.csv" > "${OUT:-out}/contradictions-sheet.csv"
