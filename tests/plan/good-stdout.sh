# SPDX-License-Identifier: GPL-3.0-or-later
# Two pipelines print; their order is that of the file.
# says nationality,n
set -eu
marsad aggregate --by nationality --count n in.csv
marsad select id,year in.csv
