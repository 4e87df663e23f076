import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DutyId } from '../../src/city/index.ts'
import { connect, sql } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import { sampleCity } from '../support/house.ts'
import { belonging } from '../support/born-together.ts'
import { aCity, type Running } from '../support/running.ts'
import { aboutNobody } from './allowed.ts'
import { argumentsOf } from './plausible.ts'
import { callable, relations, type Relation } from './reachable.ts'
import { inSql, told, wireTo, type Wire } from './wire.ts'
import { emptyInTheSample } from './walked-elsewhere.ts'

const toms = ['librarian', 'circulation-clerk'] as DutyId[]

/** The city that `npm start` makes: every room lived in, with letters, bookings, places, fees, consents, answers. */
let running: Running
let owner: Wire
let app: Wire
let tables: Relation[]
let everything: Relation[]
const librarian = randomBytes(32)

beforeAll(async () => {
  running = await aCity()
  const { ownerUrl, appUrl } = joinEmbedded(running.data)
  owner = await wireTo(ownerUrl)
  app = await wireTo(appUrl, 'cityhall_app')
  everything = await relations(owner)
  tables = everything.filter(({ kind }) => 'rp'.includes(kind))
  const db = connect({ url: ownerUrl, max: 1 })
  await db.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    select ${createHash('sha256').update(librarian).digest()}, id, 'password', now() + interval '1 hour'
    from need_to_know.employee where handle = 'tom'`)
  await db.close()
})
afterAll(async () => {
  await Promise.all([owner.end(), app.end()])
  await running.stop()
})

test('every table has rows in the sample, or a line that says where it is looked at full', async () => {
  expect(tables.length).toBeGreaterThan(130)
  const empty: string[] = []
  for (const { name } of tables)
    if ((await owner.ask(`select 1 from ${name} limit 1`)).rows.length === 0) empty.push(name)
  expect(empty.filter((name) => !(name in emptyInTheSample))).toEqual([])
  expect(Object.keys(emptyInTheSample).filter((name) => !tables.some((table) => table.name === name))).toEqual([])
})

test('rows that no foreign key holds to what they belong to belong to something', async () => {
  for (const [column, { rows, lost }] of Object.entries(await belonging(joinEmbedded(running.data).ownerUrl))) {
    expect(rows, column).toBeGreaterThan(0)
    expect(lost, column).toBe(0)
  }
})

/** What invented people say of themselves in the sample: long enough to be nobody else's words. */
function theirWords(): string[] {
  const root = join(import.meta.dirname, '..', '..')
  const inFiles = ['cases', 'charges'].flatMap((name) => {
    const source = readFileSync(join(root, 'city', 'sample', `${name}.yaml`), 'utf8')
    const folded = source.replaceAll(/>-\n\s+([^\n]+)/g, '$1')
    return [...folded.matchAll(/^\s+(?:- )?(?:name|email|words|what|where|message|records):\s*(\S.{9,})$/gm)]
  })
  const inCode = globSync('src/services/**/sample{,-answers}.ts', { cwd: root }).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8')
    return [...source.matchAll(/(?:name|parent|email|asks|prepare): '([^'$]{9,})'/g)]
  })
  const words = [...inFiles, ...inCode].map(([, said = '']) => said.trim().slice(0, 30))
  return [...new Set([...words, 'Harold Simms', 'Teresa Wills', 'teresa.wills@example.org'])]
}

test('nothing that a person said stands in any table of any room as it was said', async () => {
  const words = theirWords()
  expect(words.length).toBeGreaterThan(140)
  for (const known of ['Marta Ibarra', 'June Castellano', 'rosa.vega@example.org', 't.marsh@example.org'])
    expect(words).toContain(known)
  let found = ''
  const traces = words.flatMap((said) => [said, Buffer.from(said).toString('hex')])
  for (const { name } of tables) {
    // What a clerk judged to name nobody is published with the results of its survey.
    const what = name === 'surveys.words' ? `to_jsonb(t) - 'approved'` : 'to_jsonb(t)'
    const text = told(await owner.ask(`select ${what} as row from ${name} t`))
    expect(traces.filter((trace) => text.includes(trace)).map((trace) => `${name} holds ${trace}`)).toEqual([])
    found += text
  }
  // An employee's name is no secret, and stands where it is looked for.
  expect(found).toContain('Tom Lindqvist')
})

const actors = { 'who has the app’s password': [], 'a clerk of another department': [librarian] }

describe.each(Object.entries(actors))('%s', (_who, secrets) => {
  const hers = new Set(toms.flatMap((duty) => sampleCity().duties.get(duty)?.topics ?? []).map(String))
  const entering = secrets.map((secret) => `select need_to_know.enter_staff(${inSql(secret)}, null)`)

  test('reads no row of any room’s table, and through the views her own topics only', async () => {
    for (const { name } of everything.filter((relation) => !(relation.name in aboutNobody))) {
      const { rows } = await app.attempt(entering, `select to_jsonb(t) as row from ${name} t`)
      const strange = rows.filter((row) => !hers.has((JSON.parse(row) as { row: { topic?: string } }).row.topic ?? ''))
      expect(strange, name).toEqual([])
      expect(rows.length > 0, name).toBe(secrets.length > 0 && /^correspondence\.(visible|posted)$/.test(name))
    }
  })

  test('hears the same of what is there in any room and of what is not', async () => {
    const functions = (await callable(app, 'cityhall_app')).filter(({ types }) => types.includes('uuid'))
    expect(functions.length).toBeGreaterThan(100)
    const differ: string[] = []
    for (const { name, types, asked } of functions)
      for (const [kind, real] of await kindsFor(name)) {
        const call = async (id: string) => {
          const loot = { known: [id], texts: ['potholes'], bytes: [Buffer.alloc(32)], employee: 1 }
          const values = argumentsOf(types, loot)[0]
          return told(await app.attempt(entering, `select x::text from ${asked} as x`, values))
            .replaceAll(id, '(it)')
            .replaceAll(/Failing row contains.*/g, '')
        }
        const [there, absent] = [await call(real), await call(randomUUID())]
        if (there !== absent) differ.push(`${name} of ${kind}: ${there} / ${absent}`)
      }
    expect(differ).toEqual([])
  })
})

/** One identifier of each kind that the room of a function has, and of what every room hangs on. */
const kinds = new Map<string, string>()
async function kindsFor(routine: string): Promise<[kind: string, id: string][]> {
  if (kinds.size === 0)
    for (const { name, columns } of tables.filter(({ columns: all }) => all.includes('id'))) {
      const { rows } = await owner.ask(
        `select id::text as id from ${name} where pg_typeof(id) = 'uuid'::regtype limit 1`,
      )
      expect(columns).toContain('id')
      for (const row of rows) kinds.set(name, (JSON.parse(row) as { id: string }).id)
    }
  expect(kinds.size).toBeGreaterThan(20)
  const [room = ''] = routine.split('.')
  const every = ['correspondence.casefile', 'vault.subject']
  return [...kinds].filter(([kind]) => kind.startsWith(`${room}.`) || every.includes(kind))
}
