# SPDX-License-Identifier: GPL-3.0-or-later
# 78 both read and written
set -eu
marsad select id in.csv > in.csv
