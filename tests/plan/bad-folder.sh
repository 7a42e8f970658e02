# SPDX-License-Identifier: GPL-3.0-or-later
# 73 cannot be made
set -eu
marsad select id in.csv > a.csv
marsad select id in.csv > no/b.csv
