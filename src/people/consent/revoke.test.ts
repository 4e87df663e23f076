import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgencyId, City } from '../../city/index.ts'
import { sql, type OutgoingMail } from '../../plumbing/index.ts'
import type { Neighbour } from '../../../test/support/people.ts'
import { childActor, enterConsent, type ConsentId } from './actor.ts'
import { object, unfreeze } from './disagree.ts'
import { previewAsOperator, revokeAsOperator, showRequest } from './operator.ts'
import { tellAgencies } from './tell-agencies.ts'
import { goOn } from './go-on.ts'
import { keepHeld, readHeld, sealHeld } from './held.ts'
import { openConsents } from './open.ts'
import { preview, revoke } from './revoke.ts'
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

describe('revoking', () => {
  it('shows first what will follow, changes nothing by showing it, and then does exactly that', async () => {
    const done = await town.wholeWay(rosa)
    const before = await town.rows(sql`select id, state from consent.consent order by id`)
    const shown = (await preview(town, rosa.actor, all(done))) ?? expect.unreachable()
    expect(await town.rows(sql`select id, state from consent.consent order by id`)).toEqual(before)
    const codes = (id: ConsentId) => shown.follows.filter(({ consent }) => consent === id).map(({ code }) => code)
    expect(codes(one(done, 'take-part'))).toEqual([
      'backups-expire',
      'custody-until',
      'mail-dropped',
      'use-stops',
      'withdrawn',
    ])
    expect(codes(one(done, 'health'))).toEqual(['backups-expire', 'destroyed', 'use-stops'])
    const revoked = await revoke(town, rosa.actor, all(done), shown.digest)
    if (!('done' in revoked)) throw new Error(revoked.refused)
    const [receipt] = await town.rows<{ content: string; hash: Buffer }>(
      sql`select content, hash from consent.receipt where id = ${revoked.receipt}`,
    )
    const written = JSON.parse(receipt?.content ?? '') as { consequences: unknown[] }
    expect(written.consequences).toEqual(shown.follows.map((line) => ({ ...line, at: line.at?.toString() })))
    expect((await town.actsOf(one(done, 'photos'))).at(-1)).toEqual({
      act: 'consent.revoked',
      detail: `receipt=${receipt?.hash.toString('hex') ?? ''}`,
    })
  })

  it('stops use at once, keeps a record in custody only, destroys the rest', async () => {
    const done = await town.wholeWay(rosa)
    const openings = await openConsents(town, town.coordinator.actor, all(done), atDesk)
    expect(openings.size).toBe(3)
    await revoke(town, rosa.actor, all(done), await town.seen(rosa.actor, all(done)))
    for (const actor of [rosa.actor, town.coordinator.actor])
      expect(await readHeld(town, actor, all(done), actor.kind === 'staff' ? atDesk : look)).toEqual([])
    const kept =
      await town.rows<object>(sql`select c.purpose, s.state, s.wrapped_key is null as unusable, s.custody_key is not null as custody,
      (select count(*)::int from consent.held h where h.consent = c.id) as held, (select count(*)::int from consent.opening o where o.consent = c.id) as openings
      from consent.consent c join vault.subject s on s.id = c.subject where c.request = ${done.request} order by 1`)
    expect(kept).toEqual([
      { purpose: 'health', state: 'destroyed', unusable: true, custody: false, held: 0, openings: 0 },
      { purpose: 'photos', state: 'destroyed', unusable: true, custody: false, held: 0, openings: 0 },
      { purpose: 'take-part', state: 'withdrawn', unusable: true, custody: true, held: 1, openings: 0 },
    ])
    expect((await goOn(town, done.code))?.standing).toBe('over')
  })

  it('one purpose alone, and the others go on', async () => {
    const done = await town.wholeWay(rosa)
    const photos = [one(done, 'photos')]
    await revoke(town, rosa.actor, photos, await town.seen(rosa.actor, photos))
    expect(await town.statesOf(done)).toEqual({ 'take-part': 'in-force', health: 'in-force', photos: 'revoked' })
    expect(await readHeld(town, rosa.actor, all(done), look)).toHaveLength(2)
  })

  it('does nothing where something else would follow than was shown', async () => {
    const hand = await asked(town, rosa.email)
    const done = await given(town, rosa.actor, hand)
    await verify(town, town.clerk.actor, { request: done.request, method: 'counter', as: 'parent' })
    const digest = await town.seen(rosa.actor, all(done))
    await filled(town, done)
    const late = await revoke(town, rosa.actor, all(done), digest)
    expect(late).toMatchObject({ refused: 'changed' })
    expect(await town.statesOf(done)).toMatchObject({ 'take-part': 'in-force' })
    expect(await town.rows(sql`select from consent.receipt where child = ${done.child}`)).toEqual([])
    if (!('now' in late)) throw new Error('nothing new was shown')
    expect(await revoke(town, rosa.actor, all(done), late.now.digest)).toHaveProperty('done')
  })

  it('is not there for a stranger, for another duty, for consents of two children at once, or twice', async () => {
    const done = await town.wholeWay(rosa)
    const other = await town.wholeWay(rosa)
    const stranger = await town.neighbour()
    const digest = await town.seen(rosa.actor, all(done))
    for (const actor of [stranger.actor, town.coordinator.actor, childActor(town.keys, done.code)]) {
      expect(await preview(town, actor, all(done))).toBeUndefined()
      expect(await revoke(town, actor, all(done), digest)).toEqual({ refused: 'not-there' })
    }
    expect(await preview(town, rosa.actor, [...all(done), ...all(other)])).toBeUndefined()
    expect(await revoke(town, rosa.actor, all(done), digest)).toHaveProperty('done')
    expect(await revoke(town, rosa.actor, all(done), digest)).toEqual({ refused: 'not-there' })
  })

  it('undoing is a new consent, with a key of its own', async () => {
    const done = await town.wholeWay(rosa)
    await revoke(town, rosa.actor, all(done), await town.seen(rosa.actor, all(done)))
    const again = await given(town, rosa.actor, await asked(town, rosa.email, { notice: done.notice }), {
      child: { child: done.child },
    })
    expect(await town.statesOf(again)).toEqual({ 'take-part': 'in-force', health: 'in-force', photos: 'in-force' })
    expect(await readHeld(town, rosa.actor, all(again), look)).toEqual([])
  })

  it('two hundred linked records in one act', async () => {
    const purposes = Array.from({ length: 200 }, (_, n) =>
      purposeOf(`p-${String(n)}`, { sensitivity: 'plain', disclosed: false, record: n % 2 === 0 }),
    )
    const hand = await asked(town, rosa.email, { notice: noticeOf(town.city, purposes) })
    const done = await given(town, rosa.actor, hand)
    await filled(town, done)
    const digest = await town.seen(rosa.actor, all(done))
    expect(await revoke(town, rosa.actor, all(done), digest)).toHaveProperty('done')
    expect(Object.values(await town.statesOf(done))).toEqual(Array.from({ length: 200 }, () => 'revoked'))
    expect(await readHeld(town, rosa.actor, all(done), look)).toEqual([])
  })
})

describe('at the same moment', () => {
  it('looks, answers and revocations of many wait for one another, and what ended holds nothing', async () => {
    const families = await Promise.all([1, 2, 3, 4].map(async () => town.wholeWay(await town.neighbour())))
    const guardian = await town.neighbour('Both')
    for (const { child } of families)
      await town.rows(
        sql`insert into residents.guardianship (resident, child, kind) values (${guardian.id}, ${child}, 'parent')`,
      )
    const everything = families.flatMap(all)
    const keys = await openConsents(town, guardian.actor, everything, look)
    const values = [...keys].map(([consent, key]) => {
      const purpose = families.flatMap(({ consents }) => [...consents]).find(([, id]) => id === consent)?.[0] ?? ''
      const field = `${purpose}Answer`
      return { consent, field, sealed: sealHeld(key, consent, field, 'again'), record: true }
    })
    const keep = () =>
      town.db.transaction(async (tx) => {
        await enterConsent(tx, guardian.actor)
        return keepHeld(tx, values.toReversed())
      })
    const digests = await Promise.all(families.map((of) => town.seen(guardian.actor, all(of))))
    const done = await Promise.all([
      keep(),
      readHeld(town, town.coordinator.actor, everything.toReversed(), atDesk),
      ...families.map((of, at) => revoke(town, guardian.actor, all(of), digests[at] ?? '')),
      readHeld(town, guardian.actor, everything, look),
      keep(),
    ])
    expect(done).toHaveLength(8)
    const left = await town.rows(sql`select h.field from consent.held h join consent.consent c on c.id = h.consent
      where c.id = any (${everything}::uuid[]) and c.state = 'revoked' and not c.record`)
    expect(left).toEqual([])
    expect(await keep()).toEqual({ refused: 'not-there' })
  })
})

describe('two guardians', () => {
  it('either may revoke', async () => {
    const done = await town.wholeWay(rosa)
    const omar = await town.second(done.child)
    expect(await readHeld(town, omar.actor, all(done), look)).toHaveLength(3)
    expect(await revoke(town, omar.actor, all(done), await town.seen(omar.actor, all(done)))).toHaveProperty('done')
  })

  it('who do not agree: use stops, nothing is destroyed, and only the clerk lets it go on', async () => {
    const done = await town.wholeWay(rosa)
    const omar = await town.second(done.child)
    const health = one(done, 'health')
    expect(await object(town, rosa.actor, health)).toEqual({ refused: 'not-there' })
    expect(await object(town, omar.actor, health)).toEqual({ done: true })
    expect(await readHeld(town, town.coordinator.actor, [health], atDesk)).toEqual([])
    expect(await readHeld(town, rosa.actor, [health], look)).toEqual([])
    expect(await unfreeze(town, town.coordinator.actor, health)).toEqual({ refused: 'not-there' })
    expect(await unfreeze(town, town.clerk.actor, health)).toEqual({ done: true })
    expect(await readHeld(town, rosa.actor, [health], look)).toHaveLength(1)
    expect((await town.actsOf(health)).map(({ act }) => act)).toEqual(
      expect.arrayContaining(['consent.frozen', 'consent.unfrozen']),
    )
  })

  it('a yes after the other one’s revocation is frozen until a clerk has settled it', async () => {
    const done = await town.wholeWay(rosa)
    const omar = await town.second(done.child)
    await revoke(town, omar.actor, all(done), await town.seen(omar.actor, all(done)))
    const again = await given(town, rosa.actor, await asked(town, rosa.email, { notice: done.notice }), {
      child: { child: done.child },
    })
    expect(new Set(Object.values(await town.statesOf(again)))).toEqual(new Set(['frozen']))
    expect(await unfreeze(town, town.clerk.actor, one(again, 'health'))).toEqual({ done: true })
    expect(await town.statesOf(again)).toMatchObject({ health: 'in-force' })
  })
})

describe('by the clock', () => {
  it('a consent ends with its term, as if revoked, and an answer that nobody verified ends too', async () => {
    const at = (time: string) => houseAt(town.test, town.test.database.owner, time)
    const early = at('2026-01-02T18:00:00Z')
    const short = [purposeOf('take-part', { needed: true, sensitivity: 'plain', disclosed: false, lasts: { days: 5 } })]
    const term = await given(early, rosa.actor, await asked(early, rosa.email, { notice: noticeOf(town.city, short) }))
    const unshown = await given(early, rosa.actor, await asked(early, rosa.email))
    await tendConsents(at('2026-01-07T18:00:00Z').db)
    expect(await town.statesOf(term)).toEqual({ 'take-part': 'in-force' })
    await tendConsents(at('2026-01-08T18:00:00Z').db)
    expect(await town.statesOf(term)).toEqual({ 'take-part': 'expired' })
    await tendConsents(at('2026-02-02T18:00:00Z').db)
    expect(await town.statesOf(unshown)).toEqual({ 'take-part': 'expired', health: 'expired', photos: 'in-force' })
    expect((await town.actsOf(one(unshown, 'health'))).at(-1)).toEqual({
      act: 'consent.expired',
      detail: 'because=unverified',
    })
    const [request] = await town.rows<object>(
      sql`select state, sealed from consent.request where id = ${unshown.request}`,
    )
    expect(request).toEqual({ state: 'settled', sealed: null })
  })
})

describe('a government that was given the data', () => {
  it('is told to stop by a mail that names nobody, or by the clerk where no mail can', async () => {
    const agencies = ['county-health' as AgencyId]
    const shared = [purposeOf('take-part', { needed: true, agencies, sensitivity: 'plain', disclosed: false })]
    const done = await given(town, rosa.actor, await asked(town, rosa.email, { notice: noticeOf(town.city, shared) }))
    await verify(town, town.clerk.actor, { request: done.request, method: 'counter', as: 'parent' })
    await filled(town, done)
    const shown = (await preview(town, rosa.actor, all(done))) ?? expect.unreachable()
    expect(shown.follows).toContainEqual(
      expect.objectContaining({ code: 'agency-told', detail: 'agency=county-health' }),
    )
    await revoke(town, rosa.actor, all(done), shown.digest)
    const sent: OutgoingMail[] = []
    const mailer = {
      send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)),
      close: () => undefined,
    }
    const agency = {
      ...[...town.city.agencies.values()][0],
      id: agencies[0],
      takes: { way: 'email', address: 'privacy@county.example' },
    }
    const city = { ...town.city, agencies: new Map([['county-health', agency]]) } as unknown as City
    await tellAgencies({ keeper: town.test.database.keeper, city, clock: town.clock, mailer })
    expect(sent.map(({ to }) => to)).toEqual(['privacy@county.example'])
    expect(sent[0]?.text).toContain(one(done, 'take-part'))
    expect(JSON.stringify(sent)).not.toMatch(/Maya|Rosa/)
    expect((await town.actsOf(one(done, 'take-part'))).at(-1)).toEqual({
      act: 'consent.agency-told',
      detail: 'agency=county-health state=sent',
    })
  })
})

describe('an operator', () => {
  it('sees codes, and takes back what came on paper, with the same receipt', async () => {
    const done = await town.wholeWay(rosa)
    const [row] = await town.rows<{ number: number }>(
      sql`select number from consent.request where id = ${done.request}`,
    )
    const shown = (await showRequest(town.test.database.owner, row?.number ?? 0)) ?? expect.unreachable()
    expect(shown.consents.map(({ state }) => state)).toEqual(['in-force', 'in-force', 'in-force'])
    expect(JSON.stringify(shown)).not.toMatch(/Maya|Rosa|secret-words/)
    const follows = await previewAsOperator(town.test.database.owner, all(done))
    expect(follows?.follows.map(({ code }) => code)).toContain('withdrawn')
    expect(await town.statesOf(done)).toMatchObject({ health: 'in-force' })
    const other = await town.wholeWay(rosa)
    expect(await revokeAsOperator(town.test.database.owner, [...all(done), ...all(other)])).toEqual({
      refused: 'not-there',
    })
    expect(await revokeAsOperator(town.test.database.owner, all(done))).toHaveProperty('receipt')
    expect(await town.statesOf(done)).toEqual({ 'take-part': 'revoked', health: 'revoked', photos: 'revoked' })
  })
})
