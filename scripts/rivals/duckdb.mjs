// SPDX-License-Identifier: GPL-3.0-or-later
// The job of scripts/bench in DuckDB: duckdb.mjs FILE THREADS OUT.  Types given, doubles summed: its best.
import { DuckDBInstance } from '@duckdb/node-api';
const [file, threads, out] = process.argv.slice(2);
const db = await DuckDBInstance.create(':memory:', { threads });
const connection = await db.connect();
await connection.run(`COPY (
    SELECT nationality, year, count(*) n, sum(weight) w, sum(weight * income) wi, avg(age) age
    FROM read_csv('${file}', header = true, columns = {'id': 'BIGINT', 'nationality': 'VARCHAR',
        'year': 'INT', 'sex': 'VARCHAR', 'age': 'INT', 'region': 'VARCHAR', 'weight': 'DOUBLE',
        'income': 'DOUBLE', 'scheme': 'VARCHAR', 'city': 'VARCHAR', 'note': 'VARCHAR',
        'status': 'VARCHAR'})
    GROUP BY ALL ORDER BY ALL) TO '${out}' (HEADER)`);
