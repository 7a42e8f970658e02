// SPDX-License-Identifier: GPL-3.0-or-later
// The job of scripts/bench in DuckDB: duckdb.mjs FILE THREADS OUT KEYS.  Types given, doubles summed: its best.
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
const [file, threads, out, keys] = process.argv.slice(2);
const head = Buffer.alloc(4096), fd = openSync(file);
const start = head.subarray(0, readSync(fd, head));
const text = file.endsWith('.gz') ? gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
const names = text.toString('utf8').split('\n')[0].split(',');
closeSync(fd);
const number = { id: 'BIGINT', year: 'INT', age: 'INT', weight: 'DOUBLE', income: 'DOUBLE' };
const columns = names.map((name) => `'${name}': '${number[name] ?? 'VARCHAR'}'`).join(', ');
const db = await DuckDBInstance.create(':memory:', { threads });
const connection = await db.connect();
await connection.run(`COPY (
    SELECT ${keys}, count(*) n, sum(weight) w, sum(weight * income) wi, avg(age) age
    FROM read_csv('${file}', header = true, columns = {${columns}})
    GROUP BY ${keys} ORDER BY ${keys}) TO '${out}' (HEADER)`);
