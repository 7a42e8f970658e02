# SPDX-License-Identifier: GPL-3.0-or-later
# 65 bad-late-column.sh:6:1: select: there is no column
set -eu
marsad select id,year in.csv > a.csv
marsad reshape --wide year --value id in.csv > wide.csv
marsad select absent wide.csv > b.csv
