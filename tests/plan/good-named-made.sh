# SPDX-License-Identifier: GPL-3.0-or-later
# The rules themselves are made by an earlier pipeline: all their rows are read.
# says ,id > 290,"290,
set -eu
marsad select id,scope,expression rows.csv > rules.csv
marsad validate --rules rules.csv --rejects others.csv in.csv > kept.csv
