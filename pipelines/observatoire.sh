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
    "Régularisation|التسوية|Regularisation=${OUT:-out}/regularisation.csv,${OUT:-out}/regularisation-notes.csv" \
    "Régul. nationalités|التسوية الجنسيات|Regul. nationalities=${OUT:-out}/regularisation-nationality.csv,${OUT:-out}/regularisation-nationality-notes.csv" \
    "Régul. régions|التسوية الجهات|Regul. regions=${OUT:-out}/regularisation-region.csv,${OUT:-out}/regularisation-region-notes.csv" \
    "Régul. sans producteur|التسوية دون جهة منتجة|Regul. without producer=${OUT:-out}/regularisation-unnamed.csv,${OUT:-out}/regularisation-unnamed-notes.csv" \
    "Régul. registre|التسوية السجل|Regul. register=${OUT:-out}/regularisation-register.csv,${OUT:-out}/regularisation-register-notes.csv" \
    "Régul. registre sexe|التسوية السجل الجنس|Regul. register sex=${OUT:-out}/regularisation-register-sex.csv,${OUT:-out}/regularisation-register-sex-notes.csv" \
    "Résidents|المقيمون|Residents=${OUT:-out}/residents.csv,${OUT:-out}/residents-notes.csv" \
    "Résidents nationalités|المقيمون الجنسيات|Residents nationalities=${OUT:-out}/residents-nationality.csv,${OUT:-out}/residents-nationality-notes.csv" \
    "Résidents parts|المقيمون النسب|Residents shares=${OUT:-out}/residents-shares.csv,${OUT:-out}/residents-shares-notes.csv" \
    "Titres de séjour|سندات الإقامة|Residence permits=${OUT:-out}/permits.csv,${OUT:-out}/permits-notes.csv" \
    "Titres registre|سندات الإقامة السجل|Permits register=${OUT:-out}/permits-register.csv,${OUT:-out}/permits-register-notes.csv" \
    "Réseaux|الشبكات|Networks=${OUT:-out}/networks.csv,${OUT:-out}/networks-notes.csv" \
    "Réseaux cumuls publiés|الشبكات المجاميع المنشورة|Networks published totals=${OUT:-out}/networks-cumulative.csv,${OUT:-out}/networks-cumulative-notes.csv" \
    "Réseaux sommes|الشبكات المجاميع|Networks sums=${OUT:-out}/networks-running.csv,${OUT:-out}/networks-running-notes.csv" \
    "Retours|العودة|Returns=${OUT:-out}/returns-totals.csv,${OUT:-out}/returns-totals-notes.csv" \
    "Retours nationalités|العودة الجنسيات|Returns nationalities=${OUT:-out}/returns-nationality.csv,${OUT:-out}/returns-nationality-notes.csv" \
    "Retours registre|العودة السجل|Returns register=${OUT:-out}/returns-register.csv,${OUT:-out}/returns-register-notes.csv" \
    "Retours dispositifs|العودة البرامج|Returns schemes=${OUT:-out}/returns-schemes.csv,${OUT:-out}/returns-schemes-notes.csv" \
    "Réfugiés|اللاجئون|Refugees=${OUT:-out}/refugees.csv,${OUT:-out}/refugees-notes.csv" \
    "Demandeurs d’asile|طالبو اللجوء|Asylum seekers=${OUT:-out}/asylum-seekers.csv,${OUT:-out}/asylum-seekers-notes.csv" \
    "Enquête nationalités|البحث الجنسيات|Survey nationalities=${OUT:-out}/survey-nationality.csv,${OUT:-out}/survey-nationality-notes.csv" \
    "Enquête cv|البحث معاملات الاختلاف|Survey cv=${OUT:-out}/survey-nationality-cv.csv,${OUT:-out}/survey-nationality-cv-notes.csv" \
    "Enquête destinations|البحث بلدان الوجهة|Survey destinations=${OUT:-out}/survey-destination.csv,${OUT:-out}/survey-destination-notes.csv" \
    "Enquête évolution|البحث التطور|Survey change=${OUT:-out}/survey-change-table.csv,${OUT:-out}/survey-change-notes.csv" \
    "Enquête moyennes|البحث المتوسطات|Survey means=${OUT:-out}/survey-means.csv,${OUT:-out}/survey-means-notes.csv" \
    "Contradictions|التناقضات|Contradictions=${OUT:-out}/contradictions-sheet.csv,${OUT:-out}/contradictions-notes.csv"
