import { finished } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { copiedRows } from './copied-rows.ts'
import type { StreamingDb, StreamingTx, Tx } from './database.ts'
import { asFault, attempt, DatabaseFault, isAway } from './fault.ts'
import { preparedName, type Sql } from './sql.ts'
import { columnTypes, sent } from './values.ts'

export type Connecting = {
  /** `postgres://login:password@host/database`, or `?host=/folder` for a unix socket. */
  url: string
  /** The group role under which everything runs, taken on connecting. */
  role?: string
  /** Connections at most (10). */
  max?: number
  /** Milliseconds after which the server ends a statement (15,000; 0: never). */
  statementTimeout?: number
  /** Milliseconds to wait for a server that is away before the transaction fails (10,000). */
  patience?: number
  /** Shown by the server beside each connection. */
  name?: string
}

/** A pool of connections. It opens none before the first question, and survives a restart of the server. */
export function connect(options: Connecting): StreamingDb {
  const pool = openPool(poolOptions(options))
  // The driver streams on no connection that it asks ahead.
  const streaming = openPool({ ...poolOptions(options), pipeline: false, min: 0 })
  const patience = options.patience ?? 10_000
  return {
    transaction: (work) => transaction(pool, patience, transactionOn, work),
    streaming: (work) => transaction(streaming, patience, streamingOn, work),
    once: (query) => once(pool, patience, query),
    close: async () => {
      await Promise.all([pool.end(), streaming.end()])
    },
  }
}

function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options)
  // A connection that dies is replaced at the next question, and its statement fails by itself. Without these listeners
  // it would end the program: the first hears of idle connections, the second of those in use.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

function poolOptions(options: Connecting): pg.PoolConfig {
  const timeout = options.statementTimeout ?? 15_000
  const settings = [
    'timezone=UTC',
    'datestyle=ISO',
    `statement_timeout=${String(timeout)}`,
    `idle_in_transaction_session_timeout=${String(timeout === 0 ? 0 : timeout * 2)}`,
    ...(options.role === undefined ? [] : [`role=${options.role}`]),
  ]
  return {
    connectionString: options.url,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    application_name: options.name ?? 'cityhall',
    max: options.max ?? 10,
    // Two stay, with what they have planned: after a quiet minute a page of the desk would wait for all its plans again.
    min: Math.min(2, options.max ?? 10),
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // A connection that rests is felt for, so that one which a firewall forgot is found dead before it is needed.
    keepAliveInitialDelayMillis: 30_000,
    // Statements are sent without waiting for the one before: `begin` costs no round trip of its own.
    pipeline: true,
    types: columnTypes,
  }
}

async function transaction<On, T>(
  pool: pg.Pool,
  patience: number,
  on: (client: pg.PoolClient) => On,
  work: (tx: On) => Promise<T>,
): Promise<T> {
  const client = await begun(pool, patience)
  let broken: Error | undefined
  try {
    const result = await work(on(client))
    const ended = await asked(client, { text: 'commit' }).catch((error: unknown) => {
      throw asFault(error, 'committing a transaction; it is unknown whether it was kept')
    })
    // The server answers a commit of a failed transaction with a rollback, and calls that success.
    if (ended.command !== 'COMMIT') throw new DatabaseFault('committing a transaction', { message: 'rolled back' })
    return result
  } catch (error) {
    broken = unusable(error)
    if (broken === undefined) broken = await rollBack(client)
    throw error
  } finally {
    lastUsed.set(client, Date.now())
    client.release(broken)
  }
}

function transactionOn(client: pg.PoolClient): Tx {
  const rows = async <R>(query: Sql): Promise<R[]> => (await run(client, query)).rows as R[]
  const tx: Pick<Tx, 'rows' | 'row'> = { rows, row: async <R>(query: Sql) => (await rows<R>(query))[0] }
  return tx as Tx
}

function streamingOn(client: pg.PoolClient): StreamingTx {
  return Object.assign(transactionOn(client), { copied: (query: Sql) => copiedRows(copied(client, query)) })
}

/** Bytes that may have come before they are wanted, so that the database goes on meanwhile. */
const readAhead = 1024 * 1024

/** What is given up before its end runs out unread: what is asked next would wait behind it for ever. */
async function* copied(client: pg.PoolClient, query: Sql): AsyncGenerator<Buffer> {
  if (query.values.length > 0) throw new Error('COPY takes no values')
  const stream = client.query(copyTo(`copy (${query.text}) to stdout (format binary)`, { highWaterMark: readAhead }))
  let givenUp = true
  try {
    for await (const piece of stream.iterator({ destroyOnReturn: false })) yield piece as Buffer
    givenUp = false
  } catch (error) {
    givenUp = false
    throw asFault(error, attempt(query.text))
  } finally {
    if (givenUp) await finished(stream.resume())
  }
}

async function once<R>(pool: pg.Pool, patience: number, query: Sql): Promise<R[]> {
  const client = await acquired(pool, patience)
  let broken: Error | undefined
  try {
    return (await run(client, query)).rows as R[]
  } catch (error) {
    broken = unusable(error)
    throw error
  } finally {
    client.release(broken)
  }
}

async function run(client: pg.PoolClient, query: Sql): Promise<pg.QueryResult> {
  const text = query.text
  try {
    const name = preparedName(text)
    return await asked(client, { ...(name === undefined ? {} : { name }), text, values: query.values.map(sent) })
  } catch (error) {
    throw asFault(error, attempt(text))
  }
}

/**
 * By callback: the promises that the driver makes by itself keep each statement's values alive through the next
 * statement's, so that under load nothing is freed until the whole heap is collected (90 MB more of it).
 */
function asked(client: pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  sendTogether(client)
  return new Promise((resolve, reject) => {
    client.query(query, (error: Error | null, result) => {
      if (error) reject(error)
      else resolve(result)
    })
  })
}

/** What is asked in one turn of the program goes out in one write: a page asks twenty things at once. */
function sendTogether({ connection: { stream } }: pg.PoolClient): void {
  stream.cork()
  process.nextTick(() => {
    stream.uncork()
  })
}

const lastUsed = new WeakMap<pg.PoolClient, number>()

/**
 * A connection on which a transaction is open. A connection that rested a second may have died unnoticed: it is asked
 * first, and replaced when it is gone; nothing was done on it yet. A fresh one is not asked: `begin` is sent along with
 * the first statement.
 */
async function begun(pool: pg.Pool, patience: number): Promise<pg.PoolClient> {
  for (;;) {
    const client = await acquired(pool, patience)
    const begin = asked(client, { text: 'begin' })
    if (Date.now() - (lastUsed.get(client) ?? 0) < 1000) {
      begin.catch(() => undefined)
      return client
    }
    try {
      await begin
      return client
    } catch (error) {
      client.release(asFault(error, 'opening a transaction'))
      if (!isAway(error)) throw asFault(error, 'opening a transaction')
    }
  }
}

/** A live connection; waits for a server that is away, at most `patience` milliseconds. */
async function acquired(pool: pg.Pool, patience: number): Promise<pg.PoolClient> {
  const until = Date.now() + patience
  for (let pause = 25; ; pause = Math.min(pause * 2, 400)) {
    try {
      return await pool.connect()
    } catch (error) {
      if (!isAway(error) || Date.now() + pause > until) throw asFault(error, 'connecting')
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await asked(client, { text: 'rollback' })
    return undefined
  } catch (error) {
    return asFault(error, 'rolling back')
  }
}

/** A connection that is gone, or whose prepared plans no longer fit the tables after a migration, is not used again. */
function unusable(error: unknown): Error | undefined {
  if (!(error instanceof DatabaseFault)) return undefined
  return isAway(error) || error.code === undefined || error.code === '0A000' ? error : undefined
}
