import pg from 'pg'
import { expect } from 'vitest'

/** How the server answered: rows as text, or the error's code and everything it says; notices either way. */
export type Answered = { rows: string[]; error: string; notices: string[] }

/** A connection of somebody who has a password and any SQL he likes. */
export type Wire = {
  /** Each row as one JSON text. Never throws: what the server refuses is in `error`. */
  ask(text: string, values?: unknown[]): Promise<Answered>
  /** Runs in a transaction that is rolled back, so that what an attack leaves behind does not help the next. */
  trying<T>(work: () => Promise<T>): Promise<T>
  /** One statement in such a transaction, after those that enter: attacks are many, and what enters is one message. */
  attempt(entering: readonly string[], text: string, values?: unknown[]): Promise<Answered>
  end(): Promise<void>
}

export async function wireTo(url: string, role?: string): Promise<Wire> {
  const client = new pg.Client({ connectionString: url, ...(role !== undefined && { options: `-c role=${role}` }) })
  client.on('error', () => undefined)
  let notices: string[] = []
  client.on('notice', (notice) => notices.push(everythingIn(notice)))
  await client.connect()
  const ask = async (text: string, values: unknown[] = []): Promise<Answered> => {
    notices = []
    try {
      const answer = values.length > 0 ? await client.query(text, values) : await client.query(text)
      const results = Array.isArray(answer) ? (answer as pg.QueryResult[]) : [answer]
      return { rows: results.flatMap(({ rows }) => rows.map((row) => asText(row))), error: '', notices }
    } catch (error) {
      return { rows: [], error: everythingIn(error as pg.DatabaseError), notices }
    }
  }
  return {
    ask,
    async trying(work) {
      await ask('begin')
      try {
        return await work()
      } finally {
        await ask('rollback')
      }
    },
    async attempt(entering, text, values) {
      await ask(['begin', ...entering].join('; '))
      const answered = await ask(text, values)
      await ask('rollback')
      return answered
    },
    end: () => client.end(),
  }
}

/** Whatever an answer tells, in one text. */
export const told = ({ rows, error, notices }: Answered): string => [...rows, error, ...notices].join('\n')

/** Bytes as SQL writes them. */
export const inSql = (bytes: Uint8Array): string => `'\\x${Buffer.from(bytes).toString('hex')}'::bytea`

/** An answer tells none of the secrets but those that the actor said himself. */
export function expectSilence(
  answered: Answered,
  secrets: readonly string[],
  about: string,
  said: readonly string[],
): void {
  const text = told(answered)
  const tells = secrets.filter((secret) => text.includes(secret) && !said.includes(secret))
  expect(tells.length, `${about} tells ${tells.join(', ')}: ${text}`).toBe(0)
}

/** Bytes as hex, so that a text hidden in them can be looked for. */
export function asText(row: unknown): string {
  return JSON.stringify(row, (_key, value: unknown) =>
    value instanceof Uint8Array || isBufferJson(value) ? Buffer.from(bytesOf(value)).toString('hex') : value,
  )
}

const isBufferJson = (value: unknown): value is { type: 'Buffer'; data: number[] } =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer'

const bytesOf = (value: Uint8Array | { data: number[] }): Uint8Array =>
  value instanceof Uint8Array ? value : Uint8Array.from(value.data)

function everythingIn(said: { [part in keyof pg.DatabaseError]?: pg.DatabaseError[part] | undefined }): string {
  const { code, message, detail, hint, where, constraint, internalQuery } = said
  return [code, message, detail, hint, where, constraint, internalQuery].filter(Boolean).join(' | ')
}
