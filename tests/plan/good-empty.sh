# SPDX-License-Identifier: GPL-3.0-or-later
# No row is left for the steps behind.
# says nationality,n
set -eu
marsad filter 'year > 3000' in.csv > none.csv
marsad aggregate --by nationality --count n none.csv > counts.csv
marsad sort --by id < none.csv > sorted.csv
# shares 2
