import { join } from 'node:path'
import { connect, sql, type Db } from '../src/plumbing/index.ts'
import { openKeyFile, type Keys } from '../src/trust/vault/index.ts'
import { letterWriter, posting } from './letters.ts'
import { makePlace, ownerUrlOf, startProgram, type Running } from './program.ts'

/** A program that runs, and a way into its database and its keys that no resident has. */
export type Inside = Readonly<{
  data: string
  program: Running
  ownerUrl: string
  db: Db
  keys: Keys
  /** The next letter as a browser posts it. */
  nextPost: () => Buffer
  /** The next letter's bytes alone. */
  nextLetter: () => string
}>

/** Runs the program in a folder of its own (or the one given, which stays) and ends it whatever happens. */
export async function withProgram<T>(
  work: (inside: Inside) => Promise<T>,
  data?: string,
  role: 'all' | 'web' = 'all',
  more: Readonly<Record<string, string>> = {},
): Promise<T> {
  const place = data === undefined ? makePlace() : { data, remove: () => undefined }
  try {
    const program = await startProgram(place.data, role, more)
    try {
      return await joined(place.data, program, work)
    } finally {
      await program.stop()
    }
  } finally {
    place.remove()
  }
}

async function joined<T>(data: string, program: Running, work: (inside: Inside) => Promise<T>): Promise<T> {
  const ownerUrl = await ownerUrlOf(data)
  const db = connect({ url: ownerUrl, max: 2, statementTimeout: 0, name: 'cityhall bench' })
  try {
    const topics = await db.once<{ id: string }>(sql`select id from city.topic`)
    const keys = openKeyFile(join(data, 'secrets', 'key'))
    const write = letterWriter(new Set(topics.map(({ id }) => id)))
    return await work({
      data,
      program,
      ownerUrl,
      db,
      keys,
      nextPost: () => posting(program.port, keys, write()),
      nextLetter: () => write().toString(),
    })
  } finally {
    await db.close()
  }
}

export async function countCases({ db }: Inside): Promise<number> {
  const [row] = await db.once<{ cases: number }>(sql`select count(*) as cases from correspondence.casefile`)
  return row?.cases ?? 0
}

/** Waits until everything that happened stands in the tree; answers with the seconds it took. */
export async function untilSequenced({ db }: Inside, patienceSeconds: number): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const [row] = await db.once<{ waiting: boolean }>(sql`select exists (select from ledger.pending) as waiting`)
    const seconds = (performance.now() - begun) / 1000
    if (row?.waiting !== true) return seconds
    if (seconds > patienceSeconds)
      throw new Error(`the keeper did not finish within ${String(patienceSeconds)} seconds`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
