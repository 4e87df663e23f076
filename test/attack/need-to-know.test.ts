import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { sql } from '../../src/plumbing/index.ts'
import { argumentsOf } from './plausible.ts'
import { callable, relations, type Relation } from './reachable.ts'
import { actorNames, nothing, setTheScene, victimsLetter, type ActorName, type Scene } from './scene.ts'
import { expectSilence, told, wireTo, type Answered } from './wire.ts'

let scene: Scene
let everything: Relation[]
beforeAll(async () => {
  scene = await setTheScene()
  await scene.database.owner.once(sql`analyze`)
  const wire = await wireTo(scene.database.urls.super)
  everything = await relations(wire)
  await wire.end()
})
afterAll(() => scene.shut())

const words = ['Marisol', 'marisol', 'Vega', '555-0142', 'bache', 'bicicleta', 'Third call', 'on Thursday']
const identifiers = () => Object.values(scene.hidden).flat()

/** Nothing that an answer says is about the case that this actor may not see. What he said himself does not count. */
const expectNothing = (answered: Answered, about: string, said: readonly string[] = []): void => {
  expectSilence(answered, [...identifiers(), ...words], about, said)
}

const as = (actor: ActorName, text: string, values: unknown[] = []): Promise<Answered> =>
  scene.app.attempt(scene.entering(actor), text, values)

/** What is said about a thing that is there, and about one that is not, must be the same but for the name itself. */
/** A row that is refused tells the number and the time it would have had: how often somebody tried, and when. */
const masked = (answered: Answered, id: string): string =>
  told(answered)
    .replaceAll(id, '(it)')
    .replaceAll(/Failing row contains \(.*/g, (row) =>
      row.replace(/\(\(it\), \d+,/, '((it), n,').replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00/g, '(now)'),
    )

describe.each(actorNames)('%s with the app’s password', (actor) => {
  test('finds nothing of another’s case in any table or view, by row or by column', async () => {
    expect(everything.length).toBeGreaterThan(30)
    for (const { name, columns } of everything) {
      for (const what of ['t', ...columns.map((column) => `t.${column}`)])
        expectNothing(await as(actor, `select ${what}::text from ${name} t`), `${actor}, ${name} ${what}`)
    }
  })

  test('counts only what she may see', async () => {
    const hers = actor === 'librarian' ? '{"n":"1"}' : '{"n":"0"}'
    expect((await as(actor, 'select count(*) as n from correspondence.visible')).rows).toEqual([hers])
    expect((await as(actor, 'select count(*) as n from correspondence.posted')).rows).toEqual(['{"n":"0"}'])
    const where = `where topic = 'potholes' or number = 1 or id = $1`
    const found = await as(actor, `select count(*) as n from correspondence.visible ${where}`, [scene.caseId])
    expect(found.rows).toEqual(['{"n":"0"}'])
  })

  test('is told by no function what is there, whatever it is given', async () => {
    const functions = await callable(scene.app, 'cityhall_app')
    expect(functions.length).toBeGreaterThan(35)
    for (const { name, types, asked } of functions)
      for (const values of plausible(types, await stolenHash()))
        expectNothing(
          await as(actor, `select x::text from ${asked} as x`, values),
          `${actor}, ${name}`,
          values.flat().map(String),
        )
  })

  test('hears the same of a case, person, message, mail or look that is there and of one that is not', async () => {
    const functions = (await callable(scene.app, 'cityhall_app')).filter(({ types }) => types.includes('uuid'))
    expect(functions.length).toBeGreaterThan(6)
    for (const { name, types, asked } of functions) {
      for (const [kind, [real = '']] of Object.entries(scene.hidden)) {
        const absent = nothing()
        const call = (id: string) =>
          as(actor, `select x::text from ${asked} as x`, plausible(types, Buffer.alloc(32), id)[0])
        expect(masked(await call(real), real), `${actor}, ${name}, ${kind}`).toBe(masked(await call(absent), absent))
      }
    }
  })

  test('gets no value out of a condition that fails on purpose', async () => {
    const conditions = [
      'id::text::int = 1',
      'subject::text::int = 1',
      `1 / (case when topic = 'potholes' then 0 else 1 end) = 1`,
      `1 / (case when language = 'es' and number = 1 then 0 else 1 end) = 1`,
      `encode(sealed_contact, 'escape')::int = 1`,
      `(select set_config('leak.of', coalesce(nullif(current_setting('leak.of', true), ''), '') || id::text, false)) is null`,
      `pg_notify('leak', id::text) is null`,
      `topic::regclass is not null and id = '${scene.caseId}'`,
    ]
    for (const condition of conditions)
      for (const from of ['correspondence.visible', 'generate_series(1, 1) left join correspondence.visible on true']) {
        const answered = await as(actor, `select count(*) from ${from} where ${condition}`)
        expectNothing(answered, `${actor}, ${condition}`, [scene.caseId])
        expect(answered.error, condition).not.toMatch(/^22012/)
      }
    expectNothing(await scene.app.ask(`select current_setting('leak.of', true)`), 'a kept setting')
  })
})

async function stolenHash(): Promise<Buffer> {
  const [row] = await scene.database.owner.once<{ h: Buffer }>(
    sql`select receipt_hash as h from correspondence.casefile where id = ${scene.caseId}`,
  )
  return row?.h ?? expect.unreachable()
}

/** What somebody who wants Marisol's letter would try. */
function plausible(types: string[], hash: Buffer, id?: string): unknown[][] {
  const bytes = [
    hash,
    createHash('sha256').update('marisol@example.org').digest(),
    Buffer.from(victimsLetter.contact.email ?? ''),
  ]
  const known = id === undefined ? [scene.caseId as string, ...identifiers()] : [id]
  const texts = ['potholes', 'dana', 'email', 'read', 'password', 'answer', 'send-crew']
  return argumentsOf(types, { known, texts, bytes, employee: scene.dana.employee })
}
