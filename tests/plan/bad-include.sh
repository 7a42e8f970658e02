# SPDX-License-Identifier: GPL-3.0-or-later
# 66 absent.sh
set -eu
marsad run absent.sh
