# SPDX-License-Identifier: GPL-3.0-or-later
# Another file is included twice, with other variables.
# shares 1
# says 2003
set -eu
marsad run part.sh YEAR=2003
marsad run part.sh
marsad aggregate --by year --count n part-2003.csv > counts.csv
