# SPDX-License-Identifier: GPL-3.0-or-later
# A file that rules and a schema name is made by an earlier pipeline; it has Senegal alone.
# says ,nationality exists in some.csv(nationality),"1,CIV
set -eu
marsad filter 'nationality == "SEN"' names.csv > some.csv
marsad validate --rules keys.csv --rejects others.csv in.csv > kept.csv
marsad validate --schema wave.json --rejects others-too.csv in.csv > kept-too.csv
