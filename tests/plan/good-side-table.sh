# SPDX-License-Identifier: GPL-3.0-or-later
# A side table that an earlier pipeline makes; the last one reads both, so it cannot share the pass.
# shares 1
# says CIV
set -eu
marsad select id,nationality,weight in.csv > slim.csv
marsad aggregate --by nationality --sum total=weight slim.csv > totals.csv
marsad join --on nationality totals.csv slim.csv | marsad derive 'share = weight / total' > shares.csv
