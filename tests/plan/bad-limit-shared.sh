# SPDX-License-Identifier: GPL-3.0-or-later
# 65 a.csv:2:3: sort: a quoted cell opens here and does not end within the limits
# The second pipeline reads the file itself, since it has a limit of its own.
set -eu
marsad select id,note=n in.csv > a.csv
marsad sort --by id --max-field 2 a.csv > b.csv
