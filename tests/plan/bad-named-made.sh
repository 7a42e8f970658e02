# SPDX-License-Identifier: GPL-3.0-or-later
# 78 is named by what this run makes, and is itself not made yet
set -eu
marsad select id,scope,expression keys.csv > rules.csv
marsad validate --rules rules.csv --rejects others.csv in.csv > kept.csv
marsad select nationality names.csv > some.csv
