# SPDX-License-Identifier: GPL-3.0-or-later
# 78 some.csv is read here, but written only by the pipeline at line
set -eu
marsad validate --schema wave.json --rejects others.csv in.csv > kept.csv
marsad select nationality names.csv > some.csv
