import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inviteGuardian } from '../../src/people/residents/household/child-acts.ts'
import { leave } from '../../src/people/residents/household/contact-acts.ts'
import { addChild, enterResident, openPage, postToPeople, type ChildId } from '../../src/people/residents/index.ts'
import { addPasskey } from '../../src/people/residents/sign-in/passkey.ts'
import { moveIn, type Neighbour } from '../../src/people/residents/testing/move-in.ts'
import { sql } from '../../src/plumbing/index.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../support/house.ts'
import { argumentsOf } from './plausible.ts'
import { callable, relations } from './reachable.ts'
import { expectSilence, inSql, told, wireTo, type Answered, type Wire } from './wire.ts'

/** A mother and her child, and everybody who should hear nothing of them. */
let house: TestHouse & { publicUrl: string }
let mother: Neighbour
let child: ChildId
let other: Neighbour
let clerk: Clerk
let consentClerk: Clerk
let app: Wire
/** Identifiers of hers and what the database has of her as bytes, by what they name. */
let hidden: { ids: Record<string, string>; bytes: Buffer[] }

const words = ['Rosalinda', 'rosalinda', 'Quintana', 'Xochitl', '2014-03-09', 'segundo.tutor']

beforeAll(async () => {
  house = { ...(await openTestHouse()), publicUrl: 'https://city.example' }
  mother = await moveIn(house, 'Rosalinda Quintana')
  other = await moveIn(house, 'Otto Other')
  clerk = await house.hire('dana', 'works-dispatcher')
  consentClerk = await house.hire('ines', 'consent-clerk')
  child = await childOf(mother, 'Xochitl')
  await childOf(other, 'Otilia')
  await inviteGuardian(house, mother.actor, child, { email: 'segundo.tutor@example.org', kind: 'parent' })
  await openPage(house, mother.actor, () => undefined)
  const office = { keeper: house.database.keeper, keys: house.keys, city: house.city, codesOnDesk: false }
  await postToPeople(office, (error) => {
    throw error as Error
  })
  hidden = await whatIsHers()
  app = await wireTo(house.database.urls.app, 'cityhall_app')
  await house.database.owner.once(sql`analyze`)
})
afterAll(async () => {
  await app.end()
  await house.close()
})

async function childOf(who: Neighbour, firstName: string): Promise<ChildId> {
  return house.db.transaction(async (tx) => {
    await enterResident(tx, who.actor)
    const added = await addChild(tx, house.keys, 'parent', { firstName, born: '2014-03-09' }, 'under-13')
    if ('refused' in added) throw new Error(added.refused)
    return added.child
  })
}

async function whatIsHers(): Promise<typeof hidden> {
  const [row] = await house.database.owner.once<{ ids: Record<string, string>; bytes: Buffer[] }>(sql`
    select jsonb_build_object('resident', r.id, 'subject', r.subject, 'child', c.id, 'subject of the child', c.subject,
        'session', s.id, 'invitation', i.id, 'mail', m.id,
        'opening', (select o.id from vault.opening o where o.subject = c.subject limit 1),
        'entry', (select e.id from ledger.entry e where e.subject = c.subject limit 1)) as ids,
      array[s.secret_hash, a.token, c.of_age_token, i.link_hash, i.address_token, r.sealed_contact, c.sealed_about,
        (select v.wrapped_key from vault.subject v where v.id = c.subject)] as bytes
    from residents.resident r join residents.session s on s.resident = r.id join residents.address a on a.resident = r.id
      join residents.child c on c.id = ${child} join residents.invitation i on i.child = c.id join residents.mail m on m.subject = i.subject
    where r.id = ${mother.id}`)
  expect(Object.values(row?.ids ?? {}).filter(Boolean)).toHaveLength(9)
  return row ?? expect.unreachable()
}

/** Whoever makes a row brings its identifier, and hears that it is taken: of 122 bits of chance, which she would have to have first. */
const makes = ['residents.add_child', 'residents.invite_guardian']

const actors = [
  'the app’s password alone',
  'another resident',
  'a clerk without the duty',
  'a stolen dump',
  'the consent clerk',
] as const
type Actor = (typeof actors)[number]

function entering(actor: Actor): string[] {
  const [stolenHash = Buffer.alloc(0)] = hidden.bytes
  if (actor === 'another resident') return [`select residents.enter(${inSql(other.actor.secret)})`]
  if (actor === 'a clerk without the duty') return [`select need_to_know.enter_staff(${inSql(clerk.actor.secret)})`]
  if (actor === 'the consent clerk') return [`select need_to_know.enter_staff(${inSql(consentClerk.actor.secret)})`]
  // Whoever has the hash of her session has no session: the secret was never in the database.
  if (actor === 'a stolen dump') return [`select residents.enter(${inSql(stolenHash)})`]
  return []
}

const as = (actor: Actor, text: string, values: unknown[] = []): Promise<Answered> =>
  app.attempt(entering(actor), text, values)

const expectNothing = (answered: Answered, about: string, said: readonly string[] = []): void => {
  const secrets = [...words, ...Object.values(hidden.ids), ...hidden.bytes.map((bytes) => bytes.toString('hex'))]
  expectSilence(answered, secrets, about, said)
}

describe.each(actors)('%s', (actor) => {
  test('finds nothing of a child or of who stands for her in any table or view', async () => {
    const all = await relations(app)
    expect(all.length).toBeGreaterThan(60)
    for (const { name } of all)
      for (const what of ['t::text', 'count(*)'])
        expectNothing(await as(actor, `select ${what} from ${name} t`), `${actor}, ${name}`)
  })

  test('is told nothing by any function, in rows, counts or errors, whatever is stolen before', async () => {
    const functions = (await callable(app, 'cityhall_app')).filter(({ types }) =>
      types.some((type) => /^(uuid|bytea)/.test(type)),
    )
    expect(functions.length).toBeGreaterThan(100)
    // The clerk whose duty it is may open what she is given the keyed hash of, and writes it down; she is not given it here.
    const bytes = actor === 'the consent clerk' ? [Buffer.alloc(32, 7)] : hidden.bytes
    const loot = {
      known: Object.values(hidden.ids),
      texts: ['parent', 'verify', 'household'],
      bytes,
      employee: clerk.employee,
    }
    const readsKept = ['residents.open_mail', 'residents.opened_mail', 'residents.settle_kept']
    for (const { name, types, asked } of functions)
      for (const values of argumentsOf(types, loot)) {
        if (actor === 'the consent clerk' && readsKept.includes(name)) continue
        const said = values.flat().map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value)))
        expectNothing(await as(actor, `select x::text from ${asked} as x`, values), `${actor}, ${name}`, said)
      }
  })

  test('hears the same of a child, a resident or a session that is there and of one that is not', async () => {
    const functions = (await callable(app, 'cityhall_app')).filter(
      ({ name, types }) => /^(residents|consent|vault)\./.test(name) && types.includes('uuid'),
    )
    expect(functions.length).toBeGreaterThan(10)
    const readsKept = ['residents.open_mail', 'residents.settle_kept']
    for (const { name, types, asked } of functions) {
      if (actor === 'the consent clerk' && readsKept.includes(name)) continue
      if (makes.includes(name)) continue
      for (const [kind, real] of Object.entries(hidden.ids)) {
        const call = async (id: string) => {
          const loot = { known: [id], texts: ['parent'], bytes: [Buffer.alloc(32)], employee: 1 }
          const answered = await as(actor, `select x::text from ${asked} as x`, argumentsOf(types, loot)[0])
          return told(answered)
            .replaceAll(id, '(it)')
            .replaceAll(/Failing row contains.*/g, '')
        }
        expect(await call(real), `${actor}, ${name}, ${kind}`).toBe(await call(randomUUID()))
      }
    }
  })
})

test('nobody becomes a resident by writing that she is one', async () => {
  const payload = JSON.stringify({ kind: 'resident', resident: mother.id, session: hidden.ids['session'] })
  for (const forged of [payload, `${'0'.repeat(64)}${payload}`]) {
    const answered = await app.trying(async () => {
      await app.ask(`select set_config('cityhall.context', $1, true)`, [forged])
      const [who, page] = [await app.ask('select residents.acting()'), await app.ask('select residents.open_page()')]
      return { rows: [...who.rows, ...page.rows], error: who.error + page.error, notices: [] }
    })
    expect(answered.rows).toEqual(['{"acting":null}', '{"open_page":[]}'])
  }
})

describe('a stolen session', () => {
  test('sees what its resident sees, each look written down, and makes itself no home', async () => {
    const thief = mother.actor
    const looks = () =>
      house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from ledger.entry e
        join residents.child c on c.subject = e.subject where c.id = ${child} and e.act = 'child.opened'`)
    await house.database.owner.once(sql`update vault.opening set ends_at = now() where people`)
    const before = (await looks())[0]?.n ?? 0
    expect(await openPage(house, thief, (_tx, { children }) => children.length)).toBe(1)
    expect((await looks())[0]?.n).toBe(before + 1)
    await house.database.owner.once(
      sql`update residents.session set started_at = now() - interval '11 minutes' where resident = ${mother.id}`,
    )
    const asked = { email: 'thief@example.org', kind: 'parent' } as const
    expect(await inviteGuardian(house, thief, child, asked)).toEqual({ refused: 'not-fresh' })
    expect(await leave(house.db, thief)).toEqual({ refused: 'not-fresh' })
    const party = { id: 'localhost', origin: 'http://localhost', name: 'x' }
    const resident = { id: mother.id, session: hidden.ids['session'] ?? '', language: 'en', fresh: false } as const
    expect(await addPasskey(house.db, party, thief, resident, { answer: '{}', device: 'phone' })).toEqual({
      refused: 'not-verified',
    })
    const direct = sql`select residents.add_passkey('\\x01', '\\x02', 0, '{}', 'phone') as refused`
    const [row] = await house.db.transaction(async (tx) => {
      await enterResident(tx, thief)
      return tx.rows<{ refused: string }>(direct)
    })
    expect(row?.refused).toBe('not-fresh')
  })
})
