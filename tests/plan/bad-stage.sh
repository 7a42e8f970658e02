# SPDX-License-Identifier: GPL-3.0-or-later
# 64 there is no stage
set -eu
marsad nothing in.csv > a.csv
