# SPDX-License-Identifier: GPL-3.0-or-later
# Two pipelines read what the first makes: one pass.
# shares 2
# says "n,0"
set -eu
marsad filter 'weight > 0' in.csv > kept.csv
marsad aggregate --by nationality,year --count n kept.csv > counts.csv
marsad select nationality,note < kept.csv | marsad sort --by note,nationality > notes.csv
