// SPDX-License-Identifier: GPL-3.0-or-later
// The job of scripts/bench in Polars, lazily: polars.mjs FILE THREADS OUT KEYS (threads by its environment).
import pl from 'nodejs-polars';
const [file, , out, list] = process.argv.slice(2);
const keys = list.split(',');
const result = await pl.scanCSV(file, {}).groupBy(keys).agg(
    pl.col('id').count().alias('n'), pl.col('weight').sum().alias('w'),
    pl.col('weight').mul(pl.col('income')).sum().alias('wi'), pl.col('age').mean().alias('age'),
).collect();
result.sort(keys).writeCSV(out);
