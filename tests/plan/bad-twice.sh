# SPDX-License-Identifier: GPL-3.0-or-later
# 78 again
set -eu
marsad select id in.csv > a.csv
marsad select year in.csv > ./a.csv
