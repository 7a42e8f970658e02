# SPDX-License-Identifier: GPL-3.0-or-later
# The columns of the wide table come from the data; a later pipeline reads it.
# shares 1
# says nationality,2000
set -eu
marsad aggregate --by nationality,year --count n in.csv | marsad reshape --wide year --value n > wide.csv
marsad sort --by nationality wide.csv > sorted.csv
