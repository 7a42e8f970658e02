# SPDX-License-Identifier: GPL-3.0-or-later
# 78 written only by the pipeline at line
set -eu
marsad select id a.csv > b.csv
marsad select id in.csv > a.csv
