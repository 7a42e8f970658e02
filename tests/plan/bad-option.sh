# SPDX-License-Identifier: GPL-3.0-or-later
# 64 bad-option.sh:5:26
set -eu
marsad select id in.csv > a.csv
marsad select id a.csv | marsad sort > b.csv
