# SPDX-License-Identifier: GPL-3.0-or-later
# A file of the run is read as a foreign file.
# says CIV
set -eu
marsad select id,nationality in.csv > two.csv
marsad ingest --header 2 two.csv > headless.csv
marsad ingest --rejects bad.csv two.csv two.csv > twice.csv
