set -eu
# The whole observatory: every pipeline, and one workbook with their tables.
# Writes to $OUT what the pipelines write, and observatoire.xlsx.

marsad run pipelines/regularisation.sh
marsad run pipelines/residents.sh
marsad run pipelines/networks.sh
marsad run pipelines/returns.sh
marsad run pipelines/refugees.sh
marsad run pipelines/survey.sh
marsad run pipelines/figures.sh

marsad export --format xlsx --lang "${TABLE_LANG:-fr}" --output "${OUT:-out}/observatoire.xlsx" \
    "Régularisation=${OUT:-out}/regularisation.csv,${OUT:-out}/regularisation-notes.csv" \
    "Régul. nationalités=${OUT:-out}/regularisation-nationality.csv,${OUT:-out}/regularisation-nationality-notes.csv" \
    "Régul. régions=${OUT:-out}/regularisation-region.csv,${OUT:-out}/regularisation-region-notes.csv" \
    "Régul. sans producteur=${OUT:-out}/regularisation-unnamed.csv,${OUT:-out}/regularisation-unnamed-notes.csv" \
    "Régul. registre=${OUT:-out}/regularisation-register.csv,${OUT:-out}/regularisation-register-notes.csv" \
    "Régul. registre sexe=${OUT:-out}/regularisation-register-sex.csv,${OUT:-out}/regularisation-register-sex-notes.csv" \
    "Résidents=${OUT:-out}/residents.csv,${OUT:-out}/residents-notes.csv" \
    "Résidents nationalités=${OUT:-out}/residents-nationality.csv,${OUT:-out}/residents-nationality-notes.csv" \
    "Résidents parts=${OUT:-out}/residents-shares.csv,${OUT:-out}/residents-shares-notes.csv" \
    "Titres de séjour=${OUT:-out}/permits.csv,${OUT:-out}/permits-notes.csv" \
    "Titres registre=${OUT:-out}/permits-register.csv,${OUT:-out}/permits-register-notes.csv" \
    "Réseaux=${OUT:-out}/networks.csv,${OUT:-out}/networks-notes.csv" \
    "Réseaux cumuls publiés=${OUT:-out}/networks-cumulative.csv,${OUT:-out}/networks-cumulative-notes.csv" \
    "Réseaux sommes=${OUT:-out}/networks-running.csv,${OUT:-out}/networks-running-notes.csv" \
    "Retours=${OUT:-out}/returns-totals.csv,${OUT:-out}/returns-totals-notes.csv" \
    "Retours nationalités=${OUT:-out}/returns-nationality.csv,${OUT:-out}/returns-nationality-notes.csv" \
    "Retours registre=${OUT:-out}/returns-register.csv,${OUT:-out}/returns-register-notes.csv" \
    "Retours dispositifs=${OUT:-out}/returns-schemes.csv,${OUT:-out}/returns-schemes-notes.csv" \
    "Réfugiés=${OUT:-out}/refugees.csv,${OUT:-out}/refugees-notes.csv" \
    "Demandeurs d’asile=${OUT:-out}/asylum-seekers.csv,${OUT:-out}/asylum-seekers-notes.csv" \
    "Enquête nationalités=${OUT:-out}/survey-nationality.csv,${OUT:-out}/survey-nationality-notes.csv" \
    "Enquête cv=${OUT:-out}/survey-nationality-cv.csv,${OUT:-out}/survey-nationality-cv-notes.csv" \
    "Enquête destinations=${OUT:-out}/survey-destination.csv,${OUT:-out}/survey-destination-notes.csv" \
    "Enquête évolution=${OUT:-out}/survey-change-table.csv,${OUT:-out}/survey-change-notes.csv" \
    "Enquête moyennes=${OUT:-out}/survey-means.csv,${OUT:-out}/survey-means-notes.csv" \
    "Contradictions=${OUT:-out}/contradictions-sheet.csv,${OUT:-out}/contradictions-notes.csv"
