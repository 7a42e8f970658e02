// SPDX-License-Identifier: GPL-3.0-or-later
// The job of scripts/bench in ClickHouse (chdb): clickhouse.mjs FILE THREADS OUT.
import { writeFileSync } from 'node:fs';
import { query } from 'chdb';
const [file, threads, out] = process.argv.slice(2);
const columns = `id UInt64, nationality String, year UInt16, sex String, age UInt8, region String,
    weight Float64, income Nullable(Float64), scheme String, city String, note String, status String`;
writeFileSync(out, query(`
    SELECT nationality, year, count() n, sum(weight) w, sum(weight * income) wi, avg(age) age
    FROM file('${file}', 'CSVWithNames', '${columns.replaceAll('\n', ' ')}')
    GROUP BY nationality, year ORDER BY nationality, year
    SETTINGS max_threads = ${threads}`, 'CSVWithNames'));
