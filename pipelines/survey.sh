set -eu
# The survey of migration, two waves of a (synthetic) sample: weighted totals and means.
# Writes to $OUT: survey-nationality.csv (persons by nationality and year), survey-destination.csv (current
# migrants by destination and year), survey-means.csv (age and income by sex and year), each with its notes.
# Standard errors are not computed here: these are weighted sums, and the notes say so.
# $WAVE1, $WAVE2: other files of the same layout (gen-sample survey makes them at full size).

marsad ingest "${WAVE1:-data/samples/survey-2018.csv}" "${WAVE2:-data/samples/survey-2026.csv}" |
    marsad validate --schema data/schemas/survey.json |
    marsad derive 'nationality = coalesce(nationality, "XXX")' 'sex = coalesce(sex, "_U")' \
        'destination = coalesce(destination, "XXX")' > "${OUT:-out}/survey-persons.csv"

marsad aggregate --by nationality,year --count n --sum persons=w < "${OUT:-out}/survey-persons.csv" |
    marsad observe --indicator SURVEY_PERSONS=persons --producer marsad --as-of 2026-11 --unit PS \
        --source "échantillon synthétique" --note "somme pondérée, sans erreur d’échantillonnage" |
    marsad tabulate --rows nationality --columns period --top 10 --total --absent zero --digits 0 --lang "${TABLE_LANG:-fr}" \
        --title "Personnes par nationalité (échantillon synthétique, sommes pondérées)" \
        --notes "${OUT:-out}/survey-nationality-notes.csv" > "${OUT:-out}/survey-nationality.csv"

marsad filter 'migrant == "current"' < "${OUT:-out}/survey-persons.csv" |
    marsad aggregate --by destination,year --count n --sum persons=w |
    marsad observe --indicator SURVEY_MIGRANTS=persons --producer marsad --as-of 2026-11 --unit PS \
        --source "échantillon synthétique" --note "somme pondérée, sans erreur d’échantillonnage" |
    marsad tabulate --rows destination --columns period --top 10 --total --absent zero --digits 0 --lang "${TABLE_LANG:-fr}" \
        --title "Migrants actuels par pays de destination (échantillon synthétique, sommes pondérées)" \
        --notes "${OUT:-out}/survey-destination-notes.csv" > "${OUT:-out}/survey-destination.csv"

marsad aggregate --by sex,year --count n --mean age=age@w --mean income=income@w < "${OUT:-out}/survey-persons.csv" |
    marsad observe --indicator SURVEY_AGE=age,SURVEY_INCOME=income --producer marsad --as-of 2026-11 \
        --source "échantillon synthétique" --note "moyenne pondérée, sans erreur d’échantillonnage" |
    marsad tabulate --rows indicator,unit,sex --columns period --digits 1 --lang "${TABLE_LANG:-fr}" \
        --title "Âge et revenu moyens par sexe (échantillon synthétique)" \
        --notes "${OUT:-out}/survey-means-notes.csv" > "${OUT:-out}/survey-means.csv"
