import pg from 'pg'

const connections = 16
const statement = { name: 'raw', text: 'insert into bench.raw (letter) values ($1)' }

/**
 * The raw limit: one-row inserts of the letter's bytes through `pg`, 16 connections, one statement and one commit each,
 * fsync on, into a table with nothing but its key. No program that keeps each letter durably by itself can be faster.
 */
export type RawInsert = Readonly<{
  round: (seconds: number, next: () => string) => Promise<number>
  close: () => Promise<void>
}>

export async function openRawInsert(ownerUrl: string): Promise<RawInsert> {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: ownerUrl })
      await client.connect()
      return client
    }),
  )
  await prepareTable(clients[0] as pg.Client)
  return {
    async round(seconds, next) {
      let done = 0
      const begun = performance.now()
      const until = begun + seconds * 1000
      await Promise.all(
        clients.map(async (client) => {
          while (performance.now() < until) {
            await client.query({ ...statement, values: [next()] })
            done += 1
          }
        }),
      )
      return done / ((performance.now() - begun) / 1000)
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}

async function prepareTable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ fsync: string; synchronous_commit: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`,
  )
  if (rows[0]?.fsync !== 'on' || rows[0].synchronous_commit !== 'on') throw new Error('the raw limit needs fsync on')
  await client.query(`create schema if not exists bench; create table if not exists bench.raw
    (id bigint generated always as identity primary key, letter text not null) with (autovacuum_enabled = false)`)
}
