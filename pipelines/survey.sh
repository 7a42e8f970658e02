set -eu
# The survey of migration, two waves of a (synthetic) sample: estimates with their standard errors.
# The weights are calibrated to region x area and sex of each year; the errors are those of the sample design
# (strata, primary units) and of the calibration.  Figures of fewer than 30 persons or with a coefficient of
# variation above 33.3 % are withheld, those above 16.5 % are flagged.
# Writes to $OUT: survey-nationality.csv (persons by nationality and year), survey-nationality-cv.csv (their
# coefficients of variation), survey-destination.csv (current migrants by destination and year),
# survey-means.csv (age and income by sex and year), survey-change-table.csv (their change), each with its notes; survey-observations.csv holds
# estimates, errors, intervals, design effects; survey-margins.csv how far the weights were from the totals.
# $WAVE1, $WAVE2: other files of the same layout (gen-sample survey makes them at full size);
# $POPULATION_REGION, $POPULATION_SEX: their known totals.

marsad ingest "${WAVE1:-data/samples/survey-2018.csv}" "${WAVE2:-data/samples/survey-2026.csv}" |
    marsad validate --schema data/schemas/survey.json |
    marsad derive 'nationality = if(coalesce(nationality, "XXX") in ("MAR", "FRA", "ESP", "SEN", "CIV", "GIN", "CMR", "XXX"), coalesce(nationality, "XXX"), "_O")' \
        'destination = if(migrant == "current", coalesce(destination, "XXX"), "")' |
    marsad calibrate --weight w --method raking \
        --margins "${POPULATION_REGION:-data/samples/survey-population-region.csv}" \
        --margins "${POPULATION_SEX:-data/samples/survey-population-sex.csv}" \
        --report "${OUT:-out}/survey-margins.csv" > "${OUT:-out}/survey-persons.csv"

marsad estimate --strata stratum,year --psu psu --nest --weight w_cal --base-weight w \
        --calibrated "${POPULATION_REGION:-data/samples/survey-population-region.csv}" \
        --calibrated "${POPULATION_SEX:-data/samples/survey-population-sex.csv}" \
        --by nationality,year --count --flags cv < "${OUT:-out}/survey-persons.csv" |
    marsad select --drop statistic,variable |
    marsad observe --indicator SURVEY_PERSONS=value --producer marsad --as-of 2026-11 --unit PS \
        --source "échantillon synthétique" > "${OUT:-out}/survey-observations.csv"

marsad tabulate --rows nationality --columns period --digits 0 --lang "${TABLE_LANG:-fr}" \
        --title "Personnes par nationalité (échantillon synthétique, estimations calées)|الأشخاص حسب الجنسية (عينة اصطناعية، تقديرات معايرة)|Persons by nationality (synthetic sample, calibrated estimates)" \
        --notes "${OUT:-out}/survey-nationality-notes.csv" < "${OUT:-out}/survey-observations.csv" > "${OUT:-out}/survey-nationality.csv"

marsad derive 'value = cv' 'indicator = "SURVEY_CV"' 'unit = "PT"' < "${OUT:-out}/survey-observations.csv" |
    marsad tabulate --rows nationality --columns period --digits 1 --lang "${TABLE_LANG:-fr}" \
        --title "Coefficients de variation des personnes par nationalité (échantillon synthétique)|معاملات اختلاف عدد الأشخاص حسب الجنسية (عينة اصطناعية)|Coefficients of variation of persons by nationality (synthetic sample)" \
        --notes "${OUT:-out}/survey-nationality-cv-notes.csv" > "${OUT:-out}/survey-nationality-cv.csv"

# Domains are told by --where: the sample stays whole, as its design wants.
marsad estimate --strata stratum,year --psu psu --nest --weight w_cal --base-weight w \
        --calibrated "${POPULATION_REGION:-data/samples/survey-population-region.csv}" \
        --calibrated "${POPULATION_SEX:-data/samples/survey-population-sex.csv}" \
        --where 'migrant == "current"' --by destination,year --count --flags cv < "${OUT:-out}/survey-persons.csv" |
    marsad select --drop statistic,variable |
    marsad observe --indicator SURVEY_MIGRANTS=value --producer marsad --as-of 2026-11 --unit PS \
        --source "échantillon synthétique" > "${OUT:-out}/survey-destination-observations.csv"

marsad filter 'n >= 10' < "${OUT:-out}/survey-destination-observations.csv" |
    marsad tabulate --rows destination --columns period --digits 0 --lang "${TABLE_LANG:-fr}" \
        --title "Migrants actuels par pays de destination, dix enquêtés et plus (échantillon synthétique)|المهاجرون الحاليون حسب بلد الوجهة، عشرة مستجوبين فأكثر (عينة اصطناعية)|Current migrants by country of destination, ten respondents and more (synthetic sample)" \
        --notes "${OUT:-out}/survey-destination-notes.csv" > "${OUT:-out}/survey-destination.csv"

marsad estimate --strata stratum,year --psu psu --nest --weight w_cal --base-weight w \
        --calibrated "${POPULATION_REGION:-data/samples/survey-population-region.csv}" \
        --calibrated "${POPULATION_SEX:-data/samples/survey-population-sex.csv}" \
        --by sex,year --mean age --mean income --flags cv < "${OUT:-out}/survey-persons.csv" |
    marsad derive 'indicator = if(variable == "age", "SURVEY_AGE", "SURVEY_INCOME")' 'unit = if(variable == "age", "YR", "MAD")' |
    marsad select --drop statistic,variable |
    marsad observe --indicator @indicator --producer marsad --as-of 2026-11 --source "échantillon synthétique" |
    marsad tabulate --rows indicator,unit,sex --columns period --digits 1 --lang "${TABLE_LANG:-fr}" \
        --title "Âge et revenu moyens par sexe (échantillon synthétique)|متوسط السن والدخل حسب الجنس (عينة اصطناعية)|Mean age and income by sex (synthetic sample)" \
        --notes "${OUT:-out}/survey-means-notes.csv" > "${OUT:-out}/survey-means.csv"

# Change between the waves, which share areas: with the covariance of the shared primary units.
marsad compare --wave year --strata stratum --psu psu --rotation rot --weight w_cal --base-weight w \
        --calibrated "${POPULATION_REGION:-data/samples/survey-population-region.csv}" \
        --calibrated "${POPULATION_SEX:-data/samples/survey-population-sex.csv}" \
        --by sex --overall --mean age --mean income < "${OUT:-out}/survey-persons.csv" > "${OUT:-out}/survey-change.csv"

marsad filter 'measure == "change"' < "${OUT:-out}/survey-change.csv" |
    marsad derive 'indicator = if(variable == "age", "SURVEY_AGE", "SURVEY_INCOME")' 'unit = if(variable == "age", "YR", "MAD")' \
        'period = "2018-01-01/P9Y"' 'significant = if(significant == 1, "S", "N")' |
    marsad select indicator,sex,significant,period,unit,value,se,ci_low,ci_high,df |
    marsad observe --indicator @indicator --producer marsad --as-of 2026-11 --dimensions significant \
        --source "échantillon synthétique" --note "écart 2026 moins 2018 ; significatif : au seuil de 5 %" |
    marsad tabulate --rows indicator,unit,sex,significant --digits 1 --lang "${TABLE_LANG:-fr}" \
        --title "Évolution de 2018 à 2026 (échantillon synthétique)|التطور من 2018 إلى 2026 (عينة اصطناعية)|Change from 2018 to 2026 (synthetic sample)" \
        --notes "${OUT:-out}/survey-change-notes.csv" > "${OUT:-out}/survey-change-table.csv"
