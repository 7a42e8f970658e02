# SPDX-License-Identifier: GPL-3.0-or-later
# Variables in double quotes, single quotes as they are.
# says n,0
set -eu
marsad filter "note == '${NOTE:-n,0}'" in.csv > "${NAME:-out}.csv"
