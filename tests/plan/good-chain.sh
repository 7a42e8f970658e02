# SPDX-License-Identifier: GPL-3.0-or-later
# Four steps in one process.
# says Senegal
set -eu
marsad filter 'year >= 2001' in.csv | marsad derive 'half = weight / 2' |
    marsad aggregate --by nationality --count n --sum w=half --mean m=half |
    marsad join --on nationality names.csv | marsad sort --by -w:n > out.csv
