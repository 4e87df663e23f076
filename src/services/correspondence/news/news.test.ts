import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sequenceAll } from '../../../../test/support/ledger.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { FormId, TopicId } from '../../../city/index.ts'
import { sql, type Clock, type OutgoingMail } from '../../../plumbing/index.ts'
import { enterStaff, leave } from '../../../trust/need-to-know/index.ts'
import {
  addToCase,
  assign,
  issueToken,
  move,
  ownNews,
  ownWish,
  readReceipt,
  receive,
  tellNews,
  wishNews,
  type Wish,
} from '../index.ts'

let house: TestHouse
let dan: Clerk
let lupe: Clerk
let joe: Clerk
let sent: OutgoingMail[] = []
const name = 'Marisol Vega-Quint'
/** A Tuesday, nine in the morning where the city is. */
const tuesday = '2026-12-01T17:00:00Z'

beforeAll(async () => {
  house = await openTestHouse()
  dan = await house.hire('dan', 'works-dispatcher')
  lupe = await house.hire('lupe', 'works-dispatcher')
  joe = await house.hire('joe', 'police-front-desk', 'police-records')
  await turn()
}, 60_000)
afterAll(() => house.close())
beforeEach(async () => {
  await turn()
  await house.database.owner.once(sql`delete from correspondence.news`)
  await house.database.owner.once(sql`delete from correspondence.news_wish`)
  sent = []
})

async function written(topic = 'potholes') {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      language: 'en',
      answers: [{ field: 'message', label: 'Your letter', value: 'A hole on Willow Street.' }],
      contact: { name },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { caseId: receipt.line.id, code: received.code }
}

const clockAt = (instant: string): Clock => ({ now: () => Temporal.Instant.from(instant) })

/** The keeper puts what happened into the tree; then one turn of the news. */
async function turn(at = tuesday): Promise<void> {
  await sequenceAll(house.database.owner)
  const mailer = {
    send: (mail: OutgoingMail) => {
      sent.push(mail)
      return Promise.resolve({ sent: true } as const)
    },
    close: () => undefined,
  }
  await tellNews(
    {
      keeper: house.database.keeper,
      city: house.city,
      publicUrl: 'https://almendra.example.org',
      clock: clockAt(at),
      mailer,
    },
    (error) => {
      throw error
    },
  )
}
const wish = ({ actor }: Clerk, more: Partial<Wish>) =>
  wishNews(house, actor, {
    fresh: 'none',
    assigned: 'none',
    answered: 'none',
    reminded: 'none',
    escalated: 'none',
    due: 'none',
    hour: 8,
    ...more,
  })
const newsOf = ({ actor }: Clerk) =>
  house.database.app.transaction(async (tx) => {
    await enterStaff(tx, actor)
    return (await ownNews(tx)).map(({ kind, topic, count }) => `${kind} ${topic} ${String(count)}`)
  })
const address = 'dan@almendra.example.org'
const restOver = () => house.database.owner.once(sql`update correspondence.news_wish set mailed_at = null`)

describe('news', () => {
  it('counts what an employee wishes to hear of, on the topics of her duties only', async () => {
    await wish(dan, { fresh: 'at-once' })
    await wish(joe, { fresh: 'daily' })
    await written()
    await written()
    await written('library-general')
    await turn()
    expect(await newsOf(dan)).toEqual(['fresh potholes 2'])
    expect(await newsOf(joe)).toEqual([])
    expect(await newsOf(lupe)).toEqual([])
  })

  it('tells what others assigned to her and who wrote again on her cases, not what she did herself', async () => {
    await wish(dan, { assigned: 'at-once', answered: 'at-once' })
    await wish(lupe, { assigned: 'at-once', answered: 'at-once' })
    const { caseId, code } = await written()
    await assign(house, dan.actor, { caseId, version: 1, assignee: lupe.employee })
    await addToCase(house, code, { words: 'It is two holes.' })
    await turn()
    expect(await newsOf(lupe)).toEqual(['answered potholes 1', 'assigned potholes 1'])
    expect(await newsOf(dan)).toEqual([])
  })

  it('brings a case that was moved to the desk it came to, and nothing of it to the one it left', async () => {
    await wish(joe, { fresh: 'at-once' })
    await wish(dan, { fresh: 'at-once' })
    const { caseId } = await written()
    await move(house, lupe.actor, { caseId, version: 1, topic: 'police-general' as TopicId })
    await turn()
    expect(await newsOf(joe)).toEqual(['fresh police-general 1'])
    expect(await newsOf(dan)).toEqual([])
  })

  it('is counted once, whatever happens twice', async () => {
    await wish(dan, { fresh: 'daily' })
    await written()
    await Promise.all([turn(), turn()].map((one) => one.catch(() => undefined)))
    await turn()
    expect(await newsOf(dan)).toEqual(['fresh potholes 1'])
  })
})

describe('a mail of news', () => {
  it('holds counts, topics that are not sensitive and a link; no person, no words, no case', async () => {
    await wish(dan, { fresh: 'at-once', address })
    const sensitive = [...house.city.topics.values()].find((one) => one.sensitive && one.department === 'police')
    if (!sensitive) throw new Error('no sensitive topic of the police')
    await wish(joe, { fresh: 'at-once', address: 'joe@almendra.example.org' })
    const { caseId } = await written()
    await written(sensitive.id)
    await turn()
    const [one, other] = ['dan', 'joe'].map((to) => sent.find((mail) => mail.to.startsWith(to)))
    expect(one?.subject).toBe('1 new on your desk')
    expect(one?.text).toContain('Pothole')
    expect(one?.text).toContain('https://almendra.example.org/desk')
    expect(other?.text).toContain('1 new letter')
    for (const mail of sent) {
      const whole = JSON.stringify(mail)
      for (const secret of ['Marisol', 'Willow', caseId, sensitive.name.en, 'No. ']) expect(whole).not.toContain(secret)
    }
    const [row] = await house.database.owner.once<{ address: string | null; state: string }>(
      sql`select address, state from correspondence.news_mail order by made_at limit 1`,
    )
    expect(row).toEqual({ address: null, state: 'sent' })
  })

  it('gathers for ten minutes what comes at once, and is in the ledger', async () => {
    await wish(dan, { fresh: 'at-once', address })
    for (let n = 0; n < 3; n++) {
      await written()
      await turn()
    }
    expect(sent).toHaveLength(1)
    await restOver()
    await turn()
    expect(sent.map(({ subject }) => subject)).toEqual(['1 new on your desk', '2 new on your desk'])
    const entries = await house.database.owner.once(
      sql`select from ledger.entry where act = 'news.sent' and employee = ${dan.employee}`,
    )
    expect(entries.length).toBeGreaterThanOrEqual(2)
  })

  it('comes once a working day at the hour she chose, and not on a Sunday or before', async () => {
    await wish(dan, { fresh: 'daily', address, hour: 8 })
    await written()
    for (const early of ['2026-11-29T17:00:00Z', '2026-12-02T15:30:00Z']) await turn(early)
    expect(sent).toEqual([])
    await turn('2026-12-02T16:05:00Z')
    await written()
    await turn('2026-12-02T19:00:00Z')
    expect(sent).toHaveLength(1)
    await turn('2026-12-03T16:05:00Z')
    expect(sent).toHaveLength(2)
  })

  it('tells what of hers is due soon', async () => {
    await wish(dan, { due: 'daily', address })
    await house.database.owner.once(sql`update correspondence.casefile set assignee = null`)
    const { caseId } = await written()
    await assign(house, dan.actor, { caseId, version: 1, assignee: dan.employee })
    await house.database.owner.once(sql`update correspondence.casefile set due_on = '2026-12-03' where id = ${caseId}`)
    await turn(tuesday)
    expect(sent.map(({ text }) => text).join()).toContain('1 letter of yours is due')
  })

  it('goes to nobody who has left or lost the duty', async () => {
    const mary = await house.hire('mary', 'works-dispatcher')
    await wish(mary, { fresh: 'daily', address: 'mary@almendra.example.org' })
    await written()
    await turn('2026-11-29T17:00:00Z')
    await house.database.owner.transaction((tx) => leave(tx, mary.employee))
    await turn('2026-12-08T19:00:00Z')
    expect(sent).toEqual([])
  })
})

describe('wishes', () => {
  it('are her own, in the ledger, and name no address outside the city', async () => {
    expect(await wish(dan, { fresh: 'daily', address })).toEqual({ done: true })
    for (const elsewhere of [
      'dan@example.com',
      'dan',
      'dan@almendra.example.org.evil.example',
      'x"@almendra.example.org',
      'a,b@almendra.example.org',
    ])
      expect(await wish(dan, { address: elsewhere })).toEqual({ refused: 'elsewhere' })
    const read = ({ actor }: Clerk) =>
      house.database.app.transaction(async (tx) => {
        await enterStaff(tx, actor)
        return ownWish(tx)
      })
    expect((await read(dan)).address).toBe(address)
    expect((await read(lupe)).address).toBeUndefined()
    const [entry] = await house.database.owner.once<{ act: string }>(
      sql`select act from ledger.entry where act = 'news.wished' and employee = ${dan.employee} limit 1`,
    )
    expect(entry?.act).toBe('news.wished')
    for (const table of [sql`news`, sql`news_wish`, sql`news_mail`])
      await expect(house.database.app.once(sql`select from correspondence.${table}`)).rejects.toThrow(
        /permission denied/,
      )
    expect(await house.database.app.once(sql`select * from correspondence.own_wish()`)).toEqual([])
  })
})
