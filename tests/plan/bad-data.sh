# SPDX-License-Identifier: GPL-3.0-or-later
# 65 in.csv:2
set -eu
marsad select id,note in.csv > a.csv
marsad aggregate --sum s=note in.csv > b.csv
