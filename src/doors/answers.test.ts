import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../city/index.ts'
import { createServer, html, sql } from '../plumbing/index.ts'
import { issueToken, readReceipt, receive, search, type ReceiptCode } from '../services/correspondence/index.ts'
import { openDesk } from './desk.ts'

let house: TestHouse
let app: FastifyInstance
let deputy: Clerk
let intake: Clerk
let codes: { caseId: CaseId; code: ReceiptCode }[]

beforeAll(async () => {
  house = await openTestHouse()
  deputy = await house.hire('dee', 'deputy-clerk')
  intake = await house.hire('ina', 'intake-clerk')
  app = await createServer({
    publicUrl: 'http://desk.test',
    log: { info: () => undefined, error: () => undefined },
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  await openDesk(app, { ...house, config: { publicUrl: 'http://desk.test' } } as unknown as Parameters<
    typeof openDesk
  >[1])
  codes = []
  for (const [message, topic] of [
    ['=HYPERLINK("http://evil.test","x")', 'city-clerk-general'],
    ['Ññ, "quoted"\nsecond line', 'elections'],
    ['Not hers', 'potholes'],
  ] as const)
    codes.push(await written(message, topic))
}, 60_000)
afterAll(async () => {
  await app.close()
  await house.close()
})

async function written(message: string, topic: string) {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      language: 'en',
      answers: [
        { field: 'message', label: 'Your letter', value: message },
        { field: 'telephone', label: 'Other', value: 'folded words' },
      ],
      contact: { email: `${topic}@example.org` },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { caseId: receipt.line.id, code: received.code }
}

const headers = ({ actor }: Clerk) => ({
  cookie: `cityhall=${actor.secret.toString('base64url')}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
})
const get = (clerk: Clerk, url: string) => app.inject({ url, headers: headers(clerk) })
const post = (clerk: Clerk, fields: Record<string, string>, form = 'contact-the-city') =>
  app.inject({
    method: 'POST',
    url: `/desk/forms/${form}/answers`,
    headers: headers(clerk),
    payload: new URLSearchParams(fields).toString(),
  })
const asked = {
  purpose: 'answer',
  from: '2020-01-01',
  until: '2099-01-01',
  'field:message': 'yes',
  'field:email': 'yes',
}
const entries = () =>
  house.database.owner.once<{ case_id: CaseId | null; purpose: string; reason: string; duty: string; detail: string }>(
    sql`select case_id, purpose, reason, duty, detail from ledger.entry where act = 'answers.exported' order by id`,
  )

describe('answers of a form as a table', () => {
  it('are offered for one purpose, with nothing ticked that it does not need', async () => {
    const first = await get(deputy, '/desk/forms/contact-the-city/answers')
    expect(first.statusCode).toBe(200)
    expect(first.body).not.toContain('field:message')
    const { body } = await get(deputy, '/desk/forms/contact-the-city/answers?purpose=answer')
    expect(body).toMatch(/name="field:message"[^>]*checked/)
    expect(body).not.toMatch(/name="field:email"[^>]*checked/)
    const other = await get(deputy, '/desk/forms/contact-the-city/answers?purpose=plan-services')
    expect(other.body).toContain('name="field:message"')
    expect(other.body).not.toMatch(/name="field:\w+"[^>]*checked/)
  })

  it('hold what her duties export and nothing else, and no cell that a spreadsheet would run', async () => {
    const sent = await post(deputy, { ...asked, mark: 'yes' })
    expect(sent.statusCode).toBe(200)
    expect(sent.headers['content-disposition']).toMatch(/^attachment; filename="contact-the-city-.*\.csv"$/)
    expect(sent.headers['cache-control']).toBe('no-store')
    const lines = sent.body.split('\r\n')
    expect(lines[0]).toBe('\ufeff"Case","Received","Version","Your letter","Your e-mail"')
    expect(lines[1]).toContain('"\'=HYPERLINK(""http://evil.test"",""x"")","city-clerk-general@example.org"')
    expect(lines[2]).toContain('"Ññ, ""quoted""\nsecond line"')
    expect(sent.body).not.toContain('Not hers')
    const typed = await post(deputy, { ...asked, format: 'json', 'field:email': 'no' })
    expect(typed.json()).toEqual([
      expect.objectContaining({ version: 1, answers: { message: '=HYPERLINK("http://evil.test","x")' } }),
      expect.objectContaining({ answers: { message: 'Ññ, "quoted"\nsecond line' } }),
    ])
  })

  it('are in the ledger as a whole with fields, rows and purpose, and for each person, who reads it at her receipt', async () => {
    const [first, ...rest] = await entries()
    expect(first).toEqual({
      case_id: null,
      purpose: 'contact-the-city',
      reason: 'answer',
      duty: 'deputy-clerk',
      detail: 'rows=2 format=csv fields=message/email',
    })
    expect(
      rest
        .filter(({ case_id }) => case_id !== null)
        .map(({ case_id }) => case_id)
        .sort(),
    ).toEqual([codes[0], codes[1], codes[0], codes[1]].map((one) => one?.caseId).sort())
    const receipt = await readReceipt(house, codes[0]?.code as ReceiptCode)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.history.filter(({ act }) => act === 'answers.exported')).toHaveLength(2)
    const hers = await readReceipt(house, codes[2]?.code as ReceiptCode)
    if ('refused' in hers) throw new Error(hers.refused)
    expect(hers.history.filter(({ act }) => act === 'answers.exported')).toEqual([])
  })

  it('are not there for who has no duty that exports them, nor for a form that is not there', async () => {
    const before = (await entries()).length
    for (const response of [
      await get(intake, '/desk/forms/contact-the-city/answers'),
      await post(intake, asked),
      await get(deputy, '/desk/forms/no-such-form/answers'),
      await post(deputy, asked, 'no-such-form'),
    ])
      expect(response.statusCode).toBe(404)
    expect(await entries()).toHaveLength(before)
  })

  it('are asked for again where nothing was chosen, or nothing came, with all that was typed', async () => {
    const none = await post(deputy, { ...asked, 'field:message': 'no', 'field:email': 'no' })
    expect([none.statusCode, none.body.includes('Choose at least one question.')]).toEqual([422, true])
    const backwards = await post(deputy, { ...asked, from: '2030-01-02', until: '2030-01-01' })
    expect([backwards.statusCode, backwards.body.includes('Choose a day to begin with')]).toEqual([422, true])
    const empty = await post(deputy, { ...asked, from: '2001-01-01', until: '2001-01-31' })
    expect(empty.statusCode).toBe(422)
    expect(empty.body).toContain('No letter of yours came')
    expect(empty.body).toMatch(/name="field:email"[^>]*checked/)
  })

  it('come without a key unless the entry has committed, and never for another session', async () => {
    const other = await house.hire('dot', 'deputy-clerk')
    const id = crypto.randomUUID()
    const as = (clerk: Clerk, what: ReturnType<typeof sql>) =>
      house.db.transaction(async (tx) => {
        await tx.rows(sql`select from need_to_know.enter_staff(${clerk.actor.secret}::bytea, null)`)
        return tx.rows<{ opening: string }>(what)
      })
    const begin = sql`select from exchange.begin(${id}, 'contact-the-city', 1, 9, '2020-01-01', '2099-01-01', 'answer', '{message}', 'csv')`
    await as(deputy, begin)
    const open = sql`select opening from exchange.open_next(${id}, 10)`
    expect(await as(other, open)).toEqual([])
    const within = await house.db.transaction(async (tx) => {
      await tx.rows(sql`select from need_to_know.enter_staff(${deputy.actor.secret}::bytea, null)`)
      const opened = await tx.rows<{ opening: string }>(open)
      const openings = opened.map(({ opening }) => opening)
      return { openings, keys: await tx.rows(sql`select from vault.key_for_export(${openings}::uuid[])`) }
    })
    expect(within.openings).toHaveLength(2)
    expect(within.keys).toEqual([])
    const keys = sql`select from vault.key_for_export(${within.openings}::uuid[])`
    expect(await as(other, keys)).toEqual([])
    expect(await as(deputy, keys)).toHaveLength(2)
  })
})

describe('a question that nobody needs', () => {
  const page = async () => (await get(deputy, '/desk/forms/contact-the-city/use')).body
  const rowOf = (body: string, label: string) =>
    /<tr>[^]*?<\/tr>/g[Symbol.match](body)?.find((row) => row.includes(label)) ?? ''

  it('is not proposed for removal before a whole year was counted', async () => {
    const body = await page()
    expect(body).toContain('After twelve months')
    expect(body).not.toContain('remove it?')
    expect(rowOf(body, 'Your letter')).toContain('exported 6 times')
  })

  it('is proposed for removal after a year without use; what was exported, found or mailed is not', async () => {
    await search(house, intake.actor, 'city-clerk-general@example.org')
    await house.database.owner.once(sql`update exchange.counting set since = since - 400`)
    const body = await page()
    expect(rowOf(body, 'Your telephone')).toContain('Nobody needed this in twelve months: remove it?')
    expect(rowOf(body, 'Your e-mail')).toContain('found by it once')
    expect(rowOf(body, 'Your letter')).not.toContain('remove it?')
    await house.database.owner.once(sql`update exchange.use set month = (month - interval '14 months')::date`)
    expect(rowOf(await page(), 'Your e-mail')).toContain('remove it?')
    expect(rowOf(await page(), 'Your letter')).not.toContain('remove it?')
  })

  it('is folded in an open letter; showing it is a use, counted once each time, and only with the letter open', async () => {
    const id = String(codes[0]?.caseId)
    const send = (noun: string, fields: Record<string, string>, clerk = deputy) =>
      app.inject({ method: 'POST', url: `/desk/cases/${id}/${noun}`, headers: headers(clerk), payload: new URLSearchParams(fields).toString() }) // prettier-ignore
    expect((await send('unfoldings', { question: 'telephone' })).statusCode).toBe(404)
    await send('openings', { reason: 'answer' })
    const open = await get(deputy, `/desk/cases/${id}`)
    expect(open.body).toContain('HYPERLINK')
    expect(open.body).not.toContain('folded words')
    const shown = await send('unfoldings', { question: 'telephone' })
    expect(shown.body).toContain('folded words')
    expect(rowOf(await page(), 'Your telephone')).toContain('shown to a clerk once')
    const librarian = await house.hire('lib', 'librarian')
    expect((await send('unfoldings', { question: 'telephone' }, librarian)).statusCode).toBe(404)
  })

  it('is counted without case, person or clerk', async () => {
    const columns = await house.database.owner.once<{ column_name: string }>(
      sql`select column_name from information_schema.columns where table_schema = 'exchange' and table_name = 'use' order by 1`,
    )
    expect(columns.map(({ column_name }) => column_name)).toEqual([
      'form',
      'form_version',
      'how',
      'lane',
      'month',
      'question',
      'times',
    ])
    expect((await get(intake, '/desk/forms/use')).body).toContain('/desk/forms/contact-the-city/use')
    expect((await get(intake, '/desk/forms/nothing/use')).statusCode).toBe(404)
  })
})
