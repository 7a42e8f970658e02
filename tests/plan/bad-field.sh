# SPDX-License-Identifier: GPL-3.0-or-later
# 65 in.csv:2:5: sort: column remark holds no number
# The message names the field of the file that was read, not that of what sort is handed.
set -eu
marsad select note=remark in.csv | marsad sort --by remark:n > a.csv
