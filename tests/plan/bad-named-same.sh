# SPDX-License-Identifier: GPL-3.0-or-later
# 78 some.csv is both read and written by this pipeline
set -eu
marsad validate --schema wave.json --rejects some.csv in.csv > kept.csv
