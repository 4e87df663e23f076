import { randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import type { FormId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { invitationCode } from './invitation-code.ts'
import { invite } from './invite.ts'
import { surveysOnDesk } from './on-desk.ts'
import { putAnswer, type Pass } from './put-answer.ts'
import { closeSurvey, printSlips, tradeInvitation } from './run-survey.ts'
import { signTicket } from './sign-ticket.ts'
import { startSurvey } from './start.ts'
import { findSurvey, type Survey } from './survey.ts'
import { tidy } from './tend.ts'
import { makeTicket, takeTicket } from './testing/device.ts'

let now = Temporal.Instant.from('2026-06-01T17:00:00Z')
let house: TestHouse
let tom: Clerk
let dan: Clerk
const answer = { 'how-often': 'weekly', when: ['saturday'] }

beforeAll(async () => {
  house = await openTestHouse({ clock: { now: () => now } })
  tom = await house.hire('tom', 'librarian')
  dan = await house.hire('dan', 'works-dispatcher')
})
afterAll(() => house.close())

let made = 0
async function opened(people = 3): Promise<{ survey: Survey; invitations: string[] }> {
  const questions = house.surveys.get('library-hours' as FormId)
  if (!questions) throw new Error('no questions')
  made += 1
  const closesOn = Temporal.PlainDate.from('2026-06-30')
  const started = await startSurvey(house, tom.actor, { id: `hours-${String(made)}`, questions, closesOn })
  if ('refused' in started) throw new Error(started.refused)
  const invitees = Array.from({ length: people }, (_, n) => ({
    email: `person-${String(n)}@example.org`,
    language: 'en' as const,
  }))
  expect(await invite(house, tom.actor, started.started, invitees)).toEqual({ invited: people, known: 0 })
  const survey = await findSurvey(house, started.started)
  const rows = await house.database.owner.once<{ id: string }>(
    sql`select id from surveys.invitation where survey = ${started.started} order by id`,
  )
  if (!survey) throw new Error('no survey')
  return { survey, invitations: rows.map(({ id }) => id) }
}

async function counted({ id }: Survey): Promise<number | undefined> {
  return (await surveysOnDesk(house, tom.actor)).find(({ survey }) => survey.id === id)?.answers
}

async function acts(survey: Survey): Promise<string[]> {
  const rows = await house.database.owner.once<{ act: string }>(
    sql`select distinct act from ledger.entry where detail like ${`%survey=${survey.id}%`} order by act`,
  )
  return rows.map(({ act }) => act)
}

describe('an invited survey', () => {
  it('is opened by a duty that runs the department’s surveys, with its key in the ledger, and is nobody else’s', async () => {
    const { survey } = await opened()
    const questions = survey.questions
    const closesOn = survey.closesOn
    expect(await startSurvey(house, dan.actor, { id: 'not-hers', questions, closesOn })).toEqual({
      refused: 'not-there',
    })
    expect(await startSurvey(house, tom.actor, { id: survey.id, questions, closesOn })).toEqual({ refused: 'taken' })
    expect(await surveysOnDesk(house, dan.actor)).toEqual([])
    expect(await invite(house, dan.actor, survey.id, [{ email: 'x@example.org', language: 'en' }])).toEqual({
      refused: 'not-there',
    })
    expect(await closeSurvey(house, dan.actor, survey.id)).toBe(false)
    const [entry] = await house.database.owner.once<{ detail: string }>(sql`select detail from ledger.entry
      where act = 'survey.opened' and detail like ${`survey=${survey.id} %`}`)
    expect(entry?.detail).toMatch(/way=invited key=[0-9a-f]{64}$/)
  })

  it('takes one answer for each invitation, and writes neither who answered nor that somebody did', async () => {
    const { survey, invitations } = await opened()
    for (const invitation of invitations) {
      const pass = await takeTicket(house, survey, invitation)
      expect(await putAnswer(house, survey, pass, answer)).toEqual({ put: 'done' })
      expect(await putAnswer(house, survey, pass, { ...answer, when: ['sunday'] })).toEqual({ put: 'again' })
    }
    expect(await counted(survey)).toBe(3)
    expect(await acts(survey)).toEqual(['person.invited', 'survey.opened'])
  })

  it('passes over an address that is on the list, however it is written', async () => {
    const { survey } = await opened()
    const again = [{ email: 'PERSON-1@Example.org', language: 'es' as const }]
    expect(await invite(house, tom.actor, survey.id, again)).toEqual({ invited: 0, known: 1 })
  })

  it('signs the same covered ticket again when the answer was lost, and no second one', async () => {
    const { survey, invitations } = await opened()
    const code = invitationCode(house.keys, invitations[0] ?? '')
    const [one, two] = await Promise.all([
      makeTicket(survey.publicKey ?? Buffer.of()),
      makeTicket(survey.publicKey ?? Buffer.of()),
    ])
    const first = await signTicket(house, survey.id, code, one.blinded)
    expect(await signTicket(house, survey.id, code, one.blinded)).toEqual(first)
    expect(await signTicket(house, survey.id, code, two.blinded)).toEqual({ refused: 'other' })
    expect(await signTicket(house, survey.id, 'aaaaaaaaaaaaaaaa', two.blinded)).toEqual({ refused: 'not-there' })
    expect(await signTicket(house, survey.id, code, randomBytes(12))).toEqual({ refused: 'unreadable' })
    const everything = Buffer.alloc(256, 255)
    expect(await signTicket(house, survey.id, invitationCode(house.keys, invitations[1] ?? ''), everything)).toEqual({
      refused: 'unreadable',
    })
    // What could not be signed has cost nobody her invitation.
    await takeTicket(house, survey, invitations[1] ?? '')
  })

  it('signs one ticket of eight that are asked for at once with one invitation, and counts one of twenty answers sent at once', async () => {
    const { survey, invitations } = await opened()
    const code = invitationCode(house.keys, invitations[0] ?? '')
    const tickets = await Promise.all(Array.from({ length: 8 }, () => makeTicket(survey.publicKey ?? Buffer.of())))
    const signed = await Promise.all(tickets.map(({ blinded }) => signTicket(house, survey.id, code, blinded)))
    expect(signed.filter((one) => 'signature' in one)).toHaveLength(1)
    const pass = await takeTicket(house, survey, invitations[1] ?? '')
    const puts = await Promise.all(Array.from({ length: 20 }, () => putAnswer(house, survey, pass, answer)))
    expect(puts.filter((one) => 'put' in one && one.put === 'done')).toHaveLength(1)
    expect(await counted(survey)).toBe(1)
  })

  it('takes no forged ticket, none of another survey, none without one', async () => {
    const { survey, invitations } = await opened()
    const other = await opened()
    const foreign = await takeTicket(house, other.survey, other.invitations[0] ?? '')
    const own = await takeTicket(house, survey, invitations[0] ?? '')
    if (own.kind !== 'ticket') throw new Error('no ticket')
    const bent = Buffer.from(own.signature)
    bent[100] = Number(bent[100]) ^ 1
    const wrong: (Pass | undefined)[] = [
      { kind: 'ticket', ticket: randomBytes(64), signature: randomBytes(256) },
      { kind: 'ticket', ticket: randomBytes(64), signature: own.signature },
      { kind: 'ticket', ticket: own.ticket, signature: bent },
      { kind: 'ticket', ticket: own.ticket, signature: Buffer.alloc(256) },
      { kind: 'ticket', ticket: Buffer.of(), signature: Buffer.of() },
      foreign,
    ]
    for (const pass of wrong) expect(await putAnswer(house, survey, pass, answer)).toEqual({ refused: 'not-signed' })
    expect(await putAnswer(house, survey, undefined, answer)).toEqual({ refused: 'no-pass' })
    expect(await putAnswer(house, survey, { kind: 'page', token: 'x' }, answer)).toEqual({ refused: 'no-pass' })
    expect(await counted(survey)).toBe(0)
  })

  it('takes no more answers than tickets were signed, whoever signs beside the city', async () => {
    const { survey, invitations } = await opened()
    await putAnswer(house, survey, await takeTicket(house, survey, invitations[0] ?? ''), answer)
    const [row] = await house.db.once<{ said: string }>(
      sql`select surveys.put(${survey.id}, 'ticket', ${randomBytes(32)}, '{"choices":[],"words":[]}'::jsonb) as said`,
    )
    expect(row?.said).toBe('too-many')
  })

  it('lets a printed slip answer once, and gives one only against an invitation that bought no ticket', async () => {
    const { survey, invitations } = await opened()
    const codes = (await printSlips(house, tom.actor, survey.id, 3)) ?? []
    expect(new Set(codes).size).toBe(3)
    expect(await printSlips(house, dan.actor, survey.id, 3)).toBeUndefined()
    const traded = invitationCode(house.keys, invitations[0] ?? '')
    expect(await tradeInvitation(house, dan.actor, survey.id, traded)).toBe('not-there')
    expect(await tradeInvitation(house, tom.actor, survey.id, traded.toUpperCase().replace(/(.{4})/g, '$1-'))).toBe(
      'done',
    )
    expect(await tradeInvitation(house, tom.actor, survey.id, traded)).toBe('not-there')
    const { blinded } = await makeTicket(survey.publicKey ?? Buffer.of())
    expect(await signTicket(house, survey.id, traded, blinded)).toEqual({ refused: 'traded' })
    await takeTicket(house, survey, invitations[1] ?? '')
    expect(await tradeInvitation(house, tom.actor, survey.id, invitationCode(house.keys, invitations[1] ?? ''))).toBe(
      'signed',
    )
    const slip = { kind: 'slip', code: (codes[0] ?? '').replace(/(.{4})/g, '$1 ') } as const
    expect(await putAnswer(house, survey, slip, answer)).toEqual({ put: 'done' })
    expect(await putAnswer(house, survey, slip, answer)).toEqual({ put: 'again' })
    expect(await putAnswer(house, survey, { kind: 'slip', code: '1234 5678 9012 3456' }, answer)).toEqual({
      refused: 'no-such-slip',
    })
    expect(await acts(survey)).toEqual(['invitation.traded', 'person.invited', 'slips.printed', 'survey.opened'])
  })

  it('refuses an answer with errors, and keeps nothing of it', async () => {
    const { survey, invitations } = await opened()
    const pass = await takeTicket(house, survey, invitations[0] ?? '')
    expect(await putAnswer(house, survey, pass, { when: ['saturday'] })).toMatchObject({
      refused: 'answers',
      errors: [{ field: 'how-often', code: 'missing' }],
    })
    expect(await putAnswer(house, survey, pass, answer)).toEqual({ put: 'done' })
  })

  it('when it closes takes nothing more, destroys every address and the key for tickets, and says so in the ledger', async () => {
    const { survey, invitations } = await opened()
    const late = await takeTicket(house, survey, invitations[1] ?? '')
    await putAnswer(house, survey, await takeTicket(house, survey, invitations[0] ?? ''), answer)
    const subjects = await house.database.owner.once<{ subject: string }>(
      sql`select subject from surveys.invitation where survey = ${survey.id}`,
    )
    expect(await closeSurvey(house, tom.actor, survey.id)).toBe(true)
    expect(await putAnswer(house, survey, late, answer)).toEqual({ refused: 'closed' })
    const { blinded } = await makeTicket(survey.publicKey ?? Buffer.of())
    const code = invitationCode(house.keys, invitations[2] ?? '')
    expect(await signTicket(house, survey.id, code, blinded)).toEqual({ refused: 'closed' })
    expect(await invite(house, tom.actor, survey.id, [{ email: 'x@example.org', language: 'en' }])).toEqual({
      refused: 'not-there',
    })
    const left = await house.database.owner.once(sql`select from vault.subject
      where id = any (${subjects.map(({ subject }) => subject)}::uuid[]) and (wrapped_key is not null or state <> 'destroyed')`)
    expect(left).toEqual([])
    expect(await house.database.owner.once(sql`select from surveys.invitation where survey = ${survey.id}`)).toEqual([])
    const [row] = await house.database.owner.once<{ sealed_signing_key: null; tickets: number; counted: number }>(
      sql`select sealed_signing_key, tickets, counted from surveys.survey where id = ${survey.id}`,
    )
    expect(row).toMatchObject({ sealed_signing_key: null, tickets: 2, counted: 1 })
    expect(await acts(survey)).toEqual(['address.destroyed', 'person.invited', 'survey.closed', 'survey.opened'])
  })

  it('closes by itself when its last day is over', async () => {
    const { survey } = await opened()
    const office = { ...house, keeper: house.database.keeper, publicUrl: 'http://city.test' }
    await tidy(office)
    expect((await findSurvey(house, survey.id))?.state).toBe('open')
    now = Temporal.Instant.from('2026-07-01T18:00:00Z')
    await tidy(office)
    now = Temporal.Instant.from('2026-06-01T17:00:00Z')
    expect(await findSurvey(house, survey.id)).toMatchObject({ state: 'closed', closedOn: survey.closesOn })
  })
})
