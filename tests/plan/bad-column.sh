# SPDX-License-Identifier: GPL-3.0-or-later
# 65 absent
set -eu
marsad select id in.csv > a.csv
marsad select absent a.csv > b.csv
