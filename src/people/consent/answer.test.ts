import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { createHash, randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { enterResident } from '../residents/index.ts'
import type { Neighbour } from '../../../test/support/people.ts'
import { childActor, enterConsent } from './actor.ts'
import { answer } from './answer.ts'
import { ask } from './ask.ts'
import { goOn } from './go-on.ts'
import { keepHeld, readHeld, sealHeld } from './held.ts'
import { openConsents } from './open.ts'
import { tendConsents } from './tend.ts'
import { asked, filled, given, houseAt, noticeOf, purposeOf } from './testing/scene.ts'
import { all, atDesk, look, one, openTown, type Town } from './testing/town.ts'
import { verify } from './verify.ts'

let town: Town
let rosa: Neighbour
beforeAll(async () => {
  town = await openTown()
})
beforeEach(async () => {
  rosa = await town.neighbour('Rosa')
})
afterAll(() => town.test.close())

describe('asking a parent', () => {
  it('takes a contact and a first name, sealed, and puts one letter and one reminder into the post', async () => {
    const { request } = await asked(town, 'parent@example.org')
    const [row] = await town.rows<{ sealed: Buffer; all: string }>(
      sql`select sealed, to_jsonb(r)::text as all from consent.request r where id = ${request}`,
    )
    expect(row?.all).not.toMatch(/parent@|Maya/)
    const mails = await town.rows<{
      kind: string
      wait: number
    }>(sql`select m.kind, round(extract(epoch from m.due_at - now()) / 86400)::int as wait
      from residents.mail m join consent.request r on r.subject = m.subject where r.id = ${request} order by 2`)
    expect(mails).toEqual([
      { kind: 'consent-request', wait: 0 },
      { kind: 'consent-reminder', wait: 7 },
    ])
  })

  it('refuses what is no address, no name, and a sixth question to one address', async () => {
    const notice = noticeOf(town.city)
    const asking = { notice, band: 'under-13', email: 'full@example.org', firstName: 'Maya', language: 'en' } as const
    expect(await ask(town, { ...asking, email: 'nobody' })).toEqual({ refused: 'no-address' })
    expect(await ask(town, { ...asking, firstName: '  ' })).toEqual({ refused: 'no-name' })
    for (let n = 0; n < 5; n++) expect(await ask(town, asking)).toHaveProperty('asked')
    expect(await ask(town, asking)).toEqual({ refused: 'too-many' })
  })

  it('without an answer lapses after the published days: contact and name are destroyed, the ledger says so', async () => {
    const at = (time: string) => houseAt(town.test, town.test.database.owner, time)
    const hand = await asked(at('2026-11-01T18:00:00Z'), 'silent@example.org')
    await tendConsents(at('2026-11-15T18:00:00Z').db)
    expect((await goOn(town, hand.code))?.standing).toBe('asked')
    await tendConsents(at('2026-11-16T18:00:00Z').db)
    const [row] =
      await town.rows<object>(sql`select r.state, r.sealed, r.contact_token, s.state as subject, s.wrapped_key,
      (select count(*)::int from residents.mail m where m.subject = r.subject and m.sealed is not null) as mails
      from consent.request r join vault.subject s on s.id = r.subject where r.id = ${hand.request}`)
    expect(row).toEqual({
      state: 'lapsed',
      sealed: null,
      contact_token: null,
      subject: 'destroyed',
      wrapped_key: null,
      mails: 0,
    })
    const entries = await town.rows<{ act: string; detail: string }>(sql`select e.act, e.detail from ledger.entry e
      join consent.request r on r.subject = e.subject where r.id = ${hand.request} order by subject_count desc limit 1`)
    expect(entries).toEqual([{ act: 'consent.lapsed', detail: 'contact=destroyed days=15' }])
    expect((await goOn(town, hand.code))?.standing).toBe('over')
  })

  it('is found only by who proves the address, and answered by nobody else', async () => {
    const hand = await asked(town, rosa.email)
    const stranger = await town.neighbour()
    await expect(given(town, stranger.actor, hand)).rejects.toThrow('not-there')
    expect((await goOn(town, hand.code))?.standing).toBe('asked')
  })
})

describe('answering', () => {
  it('a yes waits until she has shown who she is, as strongly as each purpose asks', async () => {
    const done = await given(town, rosa.actor, await asked(town, rosa.email))
    expect(await town.statesOf(done)).toEqual({ 'take-part': 'given', health: 'given', photos: 'in-force' })
    expect((await goOn(town, done.code))?.standing).toBe('answered')
    expect(await verify(town, town.clerk.actor, { request: done.request, method: 'telephone', as: 'parent' })).toEqual({
      done: true,
    })
    expect(await town.statesOf(done)).toEqual({ 'take-part': 'in-force', health: 'given', photos: 'in-force' })
    expect(await verify(town, town.clerk.actor, { request: done.request, method: 'telephone', as: 'parent' })).toEqual({
      refused: 'too-weak',
    })
    expect(await verify(town, town.clerk.actor, { request: done.request, method: 'counter', as: 'parent' })).toEqual({
      done: true,
    })
    expect(await town.statesOf(done)).toEqual({ 'take-part': 'in-force', health: 'in-force', photos: 'in-force' })
    expect((await town.actsOf(one(done, 'health'))).map(({ act }) => act)).toEqual([
      'consent.given',
      'consent.verified',
    ])
    expect((await town.actsOf(one(done, 'health')))[1]?.detail).toMatch(
      /^method=counter strength=3 notice=[0-9a-f]{16}$/,
    )
  })

  it('keeps of the proof method, verifier, time, notice and the hash of a signed form, never the form', async () => {
    const done = await given(town, rosa.actor, await asked(town, rosa.email))
    const evidenceHash = createHash('sha256').update('%PDF a signed form').digest()
    expect(
      await verify(town, town.clerk.actor, { request: done.request, method: 'signed-form', as: 'parent' }),
    ).toEqual({
      refused: 'no-evidence',
    })
    expect(
      await verify(town, town.clerk.actor, {
        request: done.request,
        method: 'signed-form',
        as: 'parent',
        evidenceHash,
      }),
    ).toEqual({ done: true })
    const [proof] = await town.rows<{
      employee: number
      evidence_hash: Buffer
      notice: Buffer
    }>(sql`select p.employee, p.evidence_hash, p.notice
      from consent.proof p join consent.consent c on c.proof = p.id where c.id = ${one(done, 'take-part')}`)
    expect(proof?.employee).toBe(town.clerk.employee)
    expect(proof?.evidence_hash.equals(evidenceHash)).toBe(true)
  })

  it('destroys the names of the request once nothing waits any more', async () => {
    const done = await town.wholeWay(rosa)
    const [row] = await town.rows<object>(sql`select r.state, r.sealed, s.state as subject from consent.request r
      join vault.subject s on s.id = r.subject where r.id = ${done.request}`)
    expect(row).toEqual({ state: 'settled', sealed: null, subject: 'destroyed' })
  })

  it('having shown it once is enough for the next thing of the same child, and for no other child', async () => {
    const before = await town.wholeWay(rosa)
    const again = await given(town, rosa.actor, await asked(town, rosa.email), { child: { child: before.child } })
    expect(await town.statesOf(again)).toEqual({ 'take-part': 'in-force', health: 'in-force', photos: 'in-force' })
    const other = await given(town, rosa.actor, await asked(town, rosa.email))
    expect(await town.statesOf(other)).toMatchObject({ health: 'given' })
  })

  it('no to what is needed is no to all: no child is written down', async () => {
    const hand = await asked(town, rosa.email)
    const standing = await goOn(town, hand.code)
    const purposes = { 'take-part': false, health: true, photos: true }
    const answering = {
      request: hand.request,
      notice: standing?.noticeHash ?? expect.unreachable(),
      guardian: 'Rosa Vega',
      purposes,
    }
    const child = { firstName: 'Nope', born: Temporal.PlainDate.from('2017-05-04'), as: 'parent' } as const
    const before = await town.rows(sql`select from residents.child`)
    expect(await answer(town, rosa.actor, { ...answering, child })).toEqual({ declined: true })
    expect(await town.rows(sql`select from residents.child`)).toHaveLength(before.length)
    expect((await goOn(town, hand.code))?.standing).toBe('over')
  })

  it('refuses a purpose left out, a date that makes her an adult, and a notice that was not shown', async () => {
    const hand = await asked(town, rosa.email)
    const yes = { 'take-part': true, health: true, photos: true }
    // A day more: it may be yesterday still where the city is.
    const born = Temporal.Now.plainDateISO().subtract({ years: 18, days: 1 })
    await expect(given(town, rosa.actor, hand, { purposes: { 'take-part': true } })).rejects.toThrow('incomplete')
    await expect(
      given(town, rosa.actor, hand, { purposes: yes, child: { firstName: 'A', born, as: 'parent' } }),
    ).rejects.toThrow('of-age')
    const other = await asked(town, rosa.email)
    const notice = (await goOn(town, other.code))?.noticeHash ?? expect.unreachable()
    await expect(given(town, rosa.actor, hand, { notice })).rejects.toThrow('changed')
  })

  it('is no business of an employee without the duty, nor of the database’s password', async () => {
    const done = await given(town, rosa.actor, await asked(town, rosa.email))
    expect(
      await verify(town, town.coordinator.actor, { request: done.request, method: 'counter', as: 'parent' }),
    ).toEqual({
      refused: 'not-there',
    })
    const [bare] = await town.test.db.once<{ outcome: string }>(
      sql`select consent.verify(${done.request}, 'counter', 'parent', null) as outcome`,
    )
    expect(bare?.outcome).toBe('not-there')
    const [forged] = await town.test.db.once<{ hash: Buffer | null }>(
      sql`select consent.keep_notice('form:forged', '{"purposes":[]}', ${randomBytes(32)}) as hash`,
    )
    expect(forged?.hash).toBeNull()
  })
})

describe('the door', () => {
  it('opens for the guardian and for staff whose duty reads the topic, each look in the ledger first', async () => {
    const done = await town.wholeWay(rosa)
    const hers = await readHeld(town, rosa.actor, all(done), look)
    expect(hers.map(({ text }) => text).sort()).toEqual([
      'secret-words healthAnswer',
      'secret-words photosAnswer',
      'secret-words take-partAnswer',
    ])
    expect(await readHeld(town, town.coordinator.actor, all(done), atDesk)).toHaveLength(3)
    const entries = (await town.actsOf(one(done, 'take-part'))).filter(({ act }) => act === 'consent.opened')
    expect(entries.map(({ detail }) => detail)).toEqual(['as=child', 'as=guardian', 'as=staff'])
  })

  it('is shut to other departments, other guardians, a reason that is not the duty’s, and the consent clerk', async () => {
    const done = await town.wholeWay(rosa)
    const stranger = await town.neighbour()
    const before = await town.rows(sql`select from ledger.entry`)
    expect(await readHeld(town, town.librarian.actor, all(done), atDesk)).toEqual([])
    expect(await readHeld(town, stranger.actor, all(done), look)).toEqual([])
    expect(await readHeld(town, town.coordinator.actor, all(done), { purpose: 'care', reason: 'curious' })).toEqual([])
    expect(await readHeld(town, town.clerk.actor, all(done), { purpose: 'care', reason: 'verify' })).toEqual([])
    expect(await town.rows(sql`select from ledger.entry`)).toHaveLength(before.length)
  })

  it('gives the child’s code a key only until something is held, and never shows what is', async () => {
    const done = await town.wholeWay(rosa)
    expect(await openConsents(town, childActor(town.keys, done.code), all(done), look)).toEqual(new Map())
  })

  it('gives no key before the entry has committed, nor to another session', async () => {
    const done = await town.wholeWay(rosa)
    await town.test.db.transaction(async (tx) => {
      await enterResident(tx, rosa.actor)
      const row = await tx.row<{ opening: string }>(
        sql`select opening from consent.open(${all(done)}::uuid[], 'own-page', 'look') limit 1`,
      )
      expect(row?.opening).toBeDefined()
      expect(await tx.rows(sql`select from consent.key(${[row?.opening]}::uuid[])`)).toEqual([])
    })
    const [made] = await town.rows<{
      id: string
    }>(sql`select o.id from consent.opening o join consent.consent c on c.id = o.consent
      where c.child = ${done.child} and o.actor_kind = 'resident' limit 1`)
    const other = await town.second(done.child)
    await town.test.db.transaction(async (tx) => {
      await enterConsent(tx, other.actor)
      expect(await tx.rows(sql`select from consent.key(${[made?.id]}::uuid[])`)).toEqual([])
    })
  })

  it('keeps only what the notice asks under that purpose', async () => {
    const done = await town.wholeWay(rosa)
    const id = one(done, 'photos')
    const key = (await openConsents(town, rosa.actor, [id], look)).get(id) ?? expect.unreachable()
    const keep = (field: string) =>
      town.db.transaction(async (tx) => {
        await enterConsent(tx, rosa.actor)
        return keepHeld(tx, [{ consent: id, field, sealed: sealHeld(key, id, field, 'corrected'), record: false }])
      })
    expect(await keep('healthAnswer')).toEqual({ refused: 'not-there' })
    expect(await keep('photosAnswer')).toEqual({ done: true })
    expect((await readHeld(town, rosa.actor, [id], look)).map(({ text }) => text)).toEqual(['corrected'])
  })

  it('a record closed to guardians is closed to her who consented', async () => {
    const purposes = [
      purposeOf('loans', {
        needed: true,
        closedToGuardians: 'library-reading',
        sensitivity: 'plain',
        disclosed: false,
      }),
    ]
    const hand = await asked(town, rosa.email, { notice: noticeOf(town.city, purposes) })
    const done = await given(town, rosa.actor, hand)
    await filled(town, done)
    expect(await readHeld(town, rosa.actor, all(done), look)).toEqual([])
    expect(await readHeld(town, town.coordinator.actor, all(done), atDesk)).toHaveLength(1)
  })
})
