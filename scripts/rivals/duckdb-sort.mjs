// SPDX-License-Identifier: GPL-3.0-or-later
// The job of scripts/bench-sort in DuckDB: duckdb-sort.mjs FILE THREADS OUT KEYS.  All columns are texts.
import { DuckDBInstance } from '@duckdb/node-api';
const [file, threads, out, keys] = process.argv.slice(2);
const db = await DuckDBInstance.create(':memory:', { threads });
const connection = await db.connect();
await connection.run(`COPY (
    SELECT * FROM read_csv('${file}', header = true, all_varchar = true) ORDER BY ${keys}) TO '${out}' (HEADER)`);
