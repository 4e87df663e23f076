import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  childActor,
  goOn,
  openConsents,
  readHeld,
  type ConsentActor,
  type ConsentId,
} from '../../src/people/consent/index.ts'
import { enterConsent } from '../../src/people/consent/actor.ts'
import { openDeskSite } from '../../src/people/consent/testing/desk-site.ts'
import { openOwnSite } from '../../src/people/consent/testing/own-site.ts'
import { asked, filled, given, noticeOf, type Given } from '../../src/people/consent/testing/scene.ts'
import { all, openTown, type Town } from '../../src/people/consent/testing/town.ts'
import { verify } from '../../src/people/consent/verify.ts'
import { postToPeople } from '../../src/people/residents/index.ts'
import { sql, type OutgoingMail } from '../../src/plumbing/index.ts'
import { custodyPrivateKey, unseal, unwrap, unwrapFromCustody, type SubjectId } from '../../src/trust/vault/index.ts'
import type { Neighbour } from '../support/people.ts'
import { relations } from './reachable.ts'
import { told, wireTo } from './wire.ts'

/** What is said of the child while a consent lets the city know it. */
const said = 'Zacarías-Ñuñez takes Levothyroxine 🐢'
const traces = ['zacar', 'levothyrox', '🐢', Buffer.from('Levothyroxine').toString('hex')]

let town: Town
let own: Awaited<ReturnType<typeof openOwnSite>>
let desk: Awaited<ReturnType<typeof openDeskSite>>
let rosa: Neighbour
let omar: Neighbour
let done: Given
let before: { openings: string[]; keys: number; readers: number }

beforeAll(async () => {
  town = await openTown()
  own = await openOwnSite(town)
  desk = await openDeskSite(town)
  rosa = await town.neighbour('Rosa')
  const notice = noticeOf(town.city)
  done = await given(town, rosa.actor, await asked(town, rosa.email, { notice }))
  await verify(town, town.clerk.actor, { request: done.request, method: 'counter', as: 'parent' })
  await filled(town, done, said)
  omar = await town.second(done.child)
  before = await lookEverywhere()
  await own.post(rosa, `/me/consents/${done.child}/revocation`, {
    ...chosen(),
    seen: await town.seen(rosa.actor, all(done)),
  })
})
afterAll(async () => {
  await Promise.all([own.close(), desk.close()])
  await town.test.close()
})

const chosen = () => Object.fromEntries(all(done).map((id) => [`consent-${id}`, 'yes']))
const actors = (): readonly ConsentActor[] => [
  rosa.actor,
  omar.actor,
  town.coordinator.actor,
  town.clerk.actor,
  town.librarian.actor,
  childActor(town.keys, done.code),
]
const why = { purpose: 'care', reason: 'answer' }
const holds = (text: string) => traces.filter((trace) => text.toLowerCase().includes(trace))

/** Everybody looks who can: how many keys they got, and how many of them read what was said. */
async function lookEverywhere(): Promise<typeof before> {
  let keys = 0
  let readers = 0
  for (const actor of actors()) {
    keys += (await openConsents(town, actor, all(done), why)).size
    if (holds(JSON.stringify(await readHeld(town, actor, all(done), why))).length > 0) readers++
  }
  const openings = await town.rows<{ id: string }>(sql`select id from consent.opening`)
  return { openings: openings.map(({ id }) => id), keys, readers }
}

/** Every address on which somebody could see something of the child. */
const pages = () => {
  const at = `/me/consents/${done.child}`
  return [
    '/me',
    '/me/record',
    '/me/copy',
    at,
    `${at}/held`,
    `${at}/copy`,
    `${at}/looks`,
    `/es${at}`,
    `${at}/revocation`,
  ]
}

test('while the consent was in force, guardians and the duty read it: the traces below can be found', () => {
  expect(before.readers).toBe(3)
  expect(before.keys).toBeGreaterThanOrEqual(9)
  expect(holds(`..${said}..`).length).toBeGreaterThan(1)
})

test('after it, nobody gets a key or a word, by a new look or by one that was open', async () => {
  const after = await lookEverywhere()
  expect([after.keys, after.readers]).toEqual([0, 0])
  for (const actor of actors())
    await town.db.transaction(async (tx) => {
      await enterConsent(tx, actor)
      expect(await tx.rows(sql`select from consent.key(${before.openings}::uuid[])`)).toEqual([])
      expect(await tx.rows(sql`select from consent.held_open(${before.openings}::uuid[])`)).toEqual([])
    })
  expect((await goOn(town, done.code))?.standing).toBe('over')
})

test('no page of hers, of the other guardian or of the desk shows it, nor a list or a download', async () => {
  for (const who of [rosa, omar])
    for (const address of pages()) {
      const { body, status } = await own.get(who, address)
      expect(status, address).toBeLessThan(400)
      expect(holds(body), address).toEqual([])
    }
  for (const clerk of [town.clerk, town.coordinator, town.librarian])
    for (const address of [
      '/desk/consents',
      `/desk/consents/${done.request}`,
      `/desk/consents/conflicts/${all(done)[0] ?? ''}`,
    ])
      expect(holds((await desk.get(clerk, address)).body), address).toEqual([])
})

test('no column of any table or view has it, as text or as bytes, for whoever owns the database', async () => {
  const wire = await wireTo(town.test.database.urls.super)
  let read = 0
  for (const { name, columns } of await relations(wire))
    for (const column of columns) {
      const rows = await wire.ask(`select t.${column} as v, t.${column}::text as t from ${name} t`)
      read += rows.rows.length
      expect(holds(told(rows)), `${name}.${column}`).toEqual([])
    }
  expect(read).toBeGreaterThan(300)
  await wire.end()
})

test('and not with all keys of the city: what is kept under custody opens with none of them', async () => {
  const subjects = await town.rows<{
    id: SubjectId
    wrapped_key: Buffer | null
    kek: string
    consent: ConsentId
    state: string
  }>(
    sql`select s.id, s.wrapped_key, s.kek, s.state, c.id as consent from consent.consent c join vault.subject s on s.id = c.subject
      where c.child = ${done.child}`,
  )
  expect(subjects.map(({ wrapped_key, state }) => `${state} ${String(wrapped_key)}`).sort()).toEqual([
    'destroyed null',
    'destroyed null',
    'withdrawn null',
  ])
  const held = await town.rows<{ consent: ConsentId; field: string; sealed: Buffer }>(
    sql`select consent, field, sealed from consent.held`,
  )
  expect(held.map(({ field }) => field)).toEqual(['take-partAnswer'])
  const everyKey = await town.rows<{ id: SubjectId; wrapped_key: Buffer; kek: string }>(
    sql`select id, wrapped_key, kek from vault.subject where wrapped_key is not null`,
  )
  expect(everyKey).toHaveLength(3)
  for (const { consent, field, sealed } of held)
    for (const { id, wrapped_key: wrapped, kek } of everyKey) {
      const key = unwrap(town.keys, id, { wrapped, kek })
      for (const subject of [id, ...subjects.map((one) => one.id)]) {
        const at = { table: 'consent.held', column: 'sealed', row: `${consent}|${field}` }
        expect(() => unseal({ ...key, subject }, at, sealed)).toThrow()
      }
    }
})

test('only who has the custody key, which no serving process reads, opens the record: for a hold or a court', async () => {
  const [kept] = await town.rows<{ subject: SubjectId; custody_key: Buffer; consent: ConsentId; sealed: Buffer }>(
    sql`select s.id as subject, s.custody_key, c.id as consent, h.sealed from consent.held h join consent.consent c on c.id = h.consent
      join vault.subject s on s.id = c.subject`,
  )
  if (!kept) throw new Error('a record is kept')
  const key = unwrapFromCustody(custodyPrivateKey(town.test.folder), kept.subject, kept.custody_key)
  const at = { table: 'consent.held', column: 'sealed', row: `${kept.consent}|take-partAnswer` }
  expect(unseal(key, at, kept.sealed)).toContain(said)
})

test('no mail that waits is about it, and the post sends none', async () => {
  const waiting =
    await town.rows(sql`select m.id from residents.mail m join consent.consent c on c.subject = m.subject where c.child = ${done.child}
    and m.state = 'waiting'`)
  expect(waiting).toEqual([])
  const sent: OutgoingMail[] = []
  const mailer = {
    send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)),
    close: () => undefined,
  }
  const office = { keeper: town.test.database.keeper, keys: town.keys, city: town.city, codesOnDesk: false, mailer }
  while (
    await postToPeople(office, (error) => {
      throw error as Error
    })
  );
  expect(holds(JSON.stringify(sent))).toEqual([])
})

test('no token finds it, and nothing that looked is still open', async () => {
  for (const table of [sql`vault.token`, sql`vault.word`])
    expect(await town.rows(sql`select from ${table} t join consent.consent c on c.subject = t.subject`)).toEqual([])
  expect(
    await town.rows(
      sql`select from consent.opening o join consent.consent c on c.id = o.consent where c.child = ${done.child}`,
    ),
  ).toEqual([])
})
