# SPDX-License-Identifier: GPL-3.0-or-later
# 78 bad-shell.sh:4
set -eu
echo hello > a.csv
