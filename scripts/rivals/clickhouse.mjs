// SPDX-License-Identifier: GPL-3.0-or-later
// The job of scripts/bench in ClickHouse (chdb): clickhouse.mjs FILE THREADS OUT KEYS.
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { query } from 'chdb';
const [file, threads, out, keys] = process.argv.slice(2);
const head = Buffer.alloc(4096), fd = openSync(file);
const start = head.subarray(0, readSync(fd, head));
const text = file.endsWith('.gz') ? gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
const names = text.toString('utf8').split('\n')[0].split(',');
closeSync(fd);
const number = { id: 'UInt64', year: 'UInt16', age: 'UInt8', weight: 'Float64', income: 'Nullable(Float64)' };
const columns = names.map((name) => `${name} ${number[name] ?? 'String'}`).join(', ');
query(`
    SELECT ${keys}, count() n, sum(weight) w, sum(weight * income) wi, avg(age) age
    FROM file('${file}', 'CSVWithNames', '${columns}')
    GROUP BY ${keys} ORDER BY ${keys}
    INTO OUTFILE '${out}' TRUNCATE FORMAT CSVWithNames
    SETTINGS max_threads = ${threads}`);
