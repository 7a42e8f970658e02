# SPDX-License-Identifier: GPL-3.0-or-later
# The job of scripts/bench in pandas: pandas.py FILE THREADS OUT.  ("NA" is Namibia's alpha-2 code.)
import sys
sys.path = [p for p in sys.path if not p.endswith('rivals')]
import pandas
x = pandas.read_csv(sys.argv[1], usecols=['nationality', 'year', 'age', 'weight', 'income'],
                    keep_default_na=False, na_values={'income': ['']})
x['wi'] = x['weight'] * x['income']
r = x.groupby(['nationality', 'year']).agg(n=('age', 'size'), w=('weight', 'sum'), wi=('wi', 'sum'),
                                           age=('age', 'mean'))
r.to_csv(sys.argv[3])
