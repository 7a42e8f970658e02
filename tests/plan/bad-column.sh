# SPDX-License-Identifier: GPL-3.0-or-later
# 65 bad-column.sh:5:1: select: there is no column
set -eu
marsad select id in.csv > a.csv
marsad select absent a.csv > b.csv
