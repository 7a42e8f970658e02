# SPDX-License-Identifier: GPL-3.0-or-later
# The job of scripts/bench in pandas: pandas.py FILE THREADS OUT KEYS.  ("NA" is Namibia's alpha-2 code.)
import sys
sys.path = [p for p in sys.path if not p.endswith('rivals')]
import pandas
keys = sys.argv[4].split(',')
x = pandas.read_csv(sys.argv[1], usecols=keys + ['age', 'weight', 'income'],
                    keep_default_na=False, na_values={'income': ['']})
x['wi'] = x['weight'] * x['income']
r = x.groupby(keys).agg(n=('age', 'size'), w=('weight', 'sum'), wi=('wi', 'sum'), age=('age', 'mean'))
r.to_csv(sys.argv[3])
