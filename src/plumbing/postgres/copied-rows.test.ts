import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { copiedRows, type CopiedRows } from './copied-rows.ts'
import { sql } from './sql.ts'

type Row = (Buffer | null)[]

async function taken(batches: AsyncIterable<CopiedRows>, most = Infinity): Promise<Row[]> {
  const taken: Row[] = []
  for await (const rows of batches) {
    while (rows.next()) {
      taken.push([0, 1, 2].map((column) => valueOf(rows, column)))
      if (taken.length === most) return taken
    }
  }
  return taken
}

function valueOf(rows: CopiedRows, column: number): Buffer | null {
  const [from, length] = [rows.start(column), rows.length(column)]
  return length < 0 ? null : Buffer.from(rows.bytes.subarray(from, from + length))
}

/** What COPY sends, after PostgreSQL’s manual: signature, flags, no extension; each row; the mark of the end. */
function written(rows: Row[]): Buffer {
  const int = (bytes: 2 | 4, value: number) => {
    const written = Buffer.alloc(bytes)
    written.writeIntBE(value, 0, bytes)
    return written
  }
  const fields = (row: Row) => row.flatMap((one) => (one ? [int(4, one.length), one] : [int(4, -1)]))
  const begin = [Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), int(4, 0), int(4, 0)]
  return Buffer.concat([...begin, ...rows.flatMap((row) => [int(2, row.length), ...fields(row)]), int(2, -1)])
}

async function* cut(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield Promise.resolve(bytes.subarray(at, at + length))
}

describe('rows as COPY sends them', () => {
  const rows: Row[] = [
    [Buffer.from('one'), null, Buffer.alloc(0)],
    [null, randomBytes(300), null],
    [Buffer.alloc(0), Buffer.from([0xff, 0xff]), randomBytes(7)],
  ]
  const bytes = written(rows)

  test('are the same wherever the pieces end in which they come', async () => {
    for (let length = 1; length <= bytes.length; length += 1)
      expect(await taken(copiedRows(cut(bytes, length)))).toEqual(rows)
    expect(await taken(copiedRows(cut(written([]), 5)))).toEqual([])
  })

  test('are not taken for whole when the end is missing', async () => {
    for (const length of [0, 10, 19, 22, bytes.length - 2])
      await expect(taken(copiedRows(cut(bytes.subarray(0, length), 16)))).rejects.toThrow('broke off')
    await expect(taken(copiedRows(cut(Buffer.alloc(64), 16)))).rejects.toThrow('did not send rows')
  })
})

describe('rows too many to be had at once', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  const many = sql`select int8send(n), null, convert_to(repeat('x', n), 'UTF8') from generate_series(1, 3000) as n`

  test('come as the database has them, also those that are longer than what comes at once', async () => {
    const long = sql`select int8send(n), null, convert_to(repeat('x', n), 'UTF8') from unnest('{1,3000000,2}'::int[]) as n`
    const rows = await database.keeper.streaming((tx) => taken(tx.copied(long)))
    expect(rows.map(([n, nothing, text]) => [Number(n?.readBigInt64BE()), nothing, text?.length])).toEqual([
      [1, null, 1],
      [3_000_000, null, 3_000_000],
      [2, null, 2],
    ])
    expect(await database.keeper.streaming((tx) => taken(tx.copied(many)))).toHaveLength(3000)
  })

  test('are given up in the middle, and the transaction goes on', async () => {
    const after = await database.keeper.streaming(async (tx) => {
      expect(await taken(tx.copied(many), 2)).toHaveLength(2)
      return tx.row<{ n: number }>(sql`select 1 as n`)
    })
    expect(after).toEqual({ n: 1 })
  })

  test('are a fault when the database fails in the middle, or loses the connection', async () => {
    const failing = sql`select 1 / (2000 - n), null, repeat('x', 300) from generate_series(1, 3000) as n`
    await expect(database.keeper.streaming((tx) => taken(tx.copied(failing)))).rejects.toMatchObject({
      name: 'DatabaseFault',
      code: '22012',
    })
    const ended = sql`select case when n = 2000 then pg_terminate_backend(pg_backend_pid()) end, null, repeat('x', 300)
      from generate_series(1, 3000) as n`
    await expect(database.owner.streaming((tx) => taken(tx.copied(ended)))).rejects.toMatchObject({
      name: 'DatabaseFault',
    })
    expect(await database.owner.streaming((tx) => taken(tx.copied(many), 1))).toHaveLength(1)
  })

  test('are not asked for with values, which COPY does not take', async () => {
    await expect(database.keeper.streaming((tx) => taken(tx.copied(sql`select ${1}::int`)))).rejects.toThrow(
      'no values',
    )
  })
})
