# SPDX-License-Identifier: GPL-3.0-or-later
# Included by good-include.sh.
set -eu
marsad filter "year == ${YEAR:-2000}" in.csv > "part-${YEAR:-2000}.csv"
