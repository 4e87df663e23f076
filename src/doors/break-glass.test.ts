import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../city/index.ts'
import { createServer, html, sql } from '../plumbing/index.ts'
import {
  caseOnDesk,
  issueToken,
  move,
  newId,
  note,
  openLetter,
  readReceipt,
  receiptRoutes,
  receive,
  reply,
  type ReceiptCode,
} from '../services/correspondence/index.ts'
import { discharge, enterStaff, leave } from '../trust/need-to-know/index.ts'
import { openDesk } from './desk.ts'

let house: TestHouse
let app: FastifyInstance
let joe: Clerk
let mei: Clerk
let lee: Clerk
const why = 'The caller says that the writer wants to hurt herself tonight.'

beforeAll(async () => {
  house = await openTestHouse()
  joe = await house.hire('joe', 'police-front-desk')
  mei = await house.hire('mei', 'deputy-clerk')
  lee = await house.hire('lee', 'librarian')
  const log = { info: () => undefined, error: (fields: object) => faults.push(JSON.stringify(fields)) }
  app = await createServer({
    publicUrl: 'http://desk.test',
    log,
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  receiptRoutes(app, { ...house, keptFor: () => undefined })
  await openDesk(app, { ...house, config: { publicUrl: 'http://desk.test' } } as never)
}, 60_000)
afterAll(async () => {
  await app.close()
  await house.close()
  expect(faults).toEqual([])
})
const faults: string[] = []

const headersOf = ({ actor }: Clerk) => ({
  cookie: `cityhall=${actor.secret.toString('base64url')}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
})
const get = (clerk: Clerk, url: string) => app.inject({ url, headers: headersOf(clerk) })
const post = (clerk: Clerk, url: string, fields: Record<string, string>) =>
  app.inject({ method: 'POST', url, headers: headersOf(clerk), payload: new URLSearchParams(fields).toString() })

type Written = { id: CaseId; number: string; code: ReceiptCode }
async function written(topic = 'library-general'): Promise<Written> {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      language: 'es',
      answers: [{ field: 'message', label: 'Su carta', value: 'No puedo más.' }],
      contact: { name: 'Marisol Vega' },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { id: receipt.line.id, number: String(receipt.line.number), code: received.code }
}
const broken = (clerk: Clerk, number: string, more: Record<string, string> = {}) =>
  post(clerk, '/desk/break-glass', { glass: newId(), number, because: 'danger-to-life', words: why, ...more })
async function opened(clerk = joe): Promise<Written> {
  const letter = await written()
  const answer = await broken(clerk, letter.number)
  expect([answer.statusCode, answer.headers.location]).toEqual([303, `/desk/cases/${letter.id}`])
  return letter
}
const entries = async (id: string) =>
  house.database.owner.once<{ act: string; reason: string | null; detail: string | null }>(
    sql`select act, reason, detail from ledger.entry where case_id = ${id} and actor_kind = 'staff' order by subject_count`,
  )
const owner = () => house.database.owner
/** The day's five tries are for one test each. */
const forgetTries = () =>
  owner()
    .once(sql`update need_to_know.broken_glass set broken_at = broken_at - interval '2 days', ends_at = ends_at - interval '2 days'
    where employee = ${joe.employee}`)
const reviewOf = async (number: string) => {
  const [row] = await owner().once<{ id: string }>(
    sql`select id from need_to_know.broken_glass where number = ${number}::bigint`,
  )
  return row?.id ?? '(none)'
}

describe('breaking the glass', () => {
  test('opens one letter that no duty covers, and both entries stand before a word is read', async () => {
    await forgetTries()
    const letter = await opened()
    expect(await entries(letter.id)).toEqual([
      { act: 'glass.broken', reason: 'break-glass', detail: 'because=danger-to-life' },
      { act: 'letter.opened', reason: 'break-glass', detail: null },
    ])
    const page = await get(joe, `/desk/cases/${letter.id}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('No puedo más.')
    expect(page.body).toContain('You opened this letter in an emergency')
    expect(page.body).not.toMatch(/name="words"|case-bar/)
  })

  test('shows that one letter and no other, in no list, and lets nothing be done with it', async () => {
    await forgetTries()
    const letter = await opened()
    const sister = await written()
    expect(await caseOnDesk(house, joe.actor, sister.id)).toEqual({ refused: 'not-there' })
    const listed = await house.db.transaction(async (tx) => {
      await enterStaff(tx, joe.actor, letter.id)
      return tx.rows(sql`select from correspondence.visible where id = ${letter.id}`)
    })
    expect(listed).toEqual([])
    expect((await get(joe, '/desk')).body).not.toContain(letter.id)
    expect((await post(joe, '/desk/search', { q: letter.number })).body).not.toContain(letter.id)
    const refused = { refused: 'not-there' }
    const messageId = newId()
    expect(await reply(house, joe.actor, { caseId: letter.id, version: 1, words: 'x', messageId })).toEqual(refused)
    expect(await note(house, joe.actor, { caseId: letter.id, words: 'x', messageId })).toEqual(refused)
    expect(await move(house, joe.actor, { caseId: letter.id, version: 1, topic: 'police-general' as TopicId })).toEqual(
      refused,
    )
  })

  test('lasts an hour, and no longer than the duty that let her', async () => {
    await forgetTries()
    const letter = await opened()
    await owner().once(sql`update need_to_know.broken_glass set broken_at = broken_at - interval '61 minutes',
      ends_at = ends_at - interval '61 minutes' where number = ${letter.number}::bigint`)
    expect((await get(joe, `/desk/cases/${letter.id}`)).statusCode).toBe(404)
    expect(await openLetter(house, joe.actor, letter.id, 'break-glass')).toEqual({ refused: 'not-there' })

    const ida = await house.hire('ida', 'police-front-desk')
    const other = await opened(ida)
    await owner().transaction((tx) => discharge(tx, ida.employee, 'police-front-desk'))
    expect((await get(ida, `/desk/cases/${other.id}`)).statusCode).toBe(404)
    const una = await house.hire('una', 'police-front-desk')
    const third = await opened(una)
    await owner().transaction((tx) => leave(tx, una.employee))
    expect((await get(una, `/desk/cases/${third.id}`)).statusCode).toBe(303)
  })

  test('is refused to who has no such power, who finds no such page either', async () => {
    const letter = await written('potholes')
    expect((await broken(lee, letter.number)).statusCode).toBe(404)
    expect((await get(lee, '/desk/break-glass')).statusCode).toBe(404)
    expect((await get(lee, '/desk')).body).not.toContain('/desk/break-glass')
    expect(await entries(letter.id)).toEqual([])
  })

  test('a number that no letter has is kept as a try and judged; five tries a day are all', async () => {
    const kim = await house.hire('kim', 'police-front-desk')
    const none = await broken(kim, '999999')
    expect(none.statusCode).toBe(422)
    expect(none.body).toContain('No letter has this number')
    const [tried] = await owner().once(sql`select from ledger.entry where act = 'glass.tried'`)
    expect(tried).toBeDefined()
    for (let n = 0; n < 4; n++) await broken(kim, String(999990 + n))
    const letter = await written()
    expect((await broken(kim, letter.number)).statusCode).toBe(429)
    expect(await entries(letter.id)).toEqual([])
    expect((await get(mei, '/desk/reviews')).body).toContain('No. 999999')
  })

  test('what is missing is told beside it, with everything kept, and nothing is opened', async () => {
    await forgetTries()
    const letter = await written()
    for (const [more, says] of [
      [{ words: 'too short' }, 'Say in at least 20 characters'],
      [{ because: 'curiosity' }, 'Choose what is at stake'],
      [{ number: 'x' }, 'Give the case number'],
    ] as const) {
      const answer = await broken(joe, letter.number, more)
      expect([answer.statusCode, answer.body.includes(says)], says).toEqual([422, true])
    }
    expect((await broken(joe, letter.number, { because: 'curiosity' })).body).toContain(why)
    expect(await entries(letter.id)).toEqual([])
  })

  test('posted twice it is one emergency, and a letter of her own duties is none', async () => {
    await forgetTries()
    const letter = await written()
    const glass = newId()
    for (let n = 0; n < 2; n++) expect((await broken(joe, letter.number, { glass })).statusCode).toBe(303)
    expect((await entries(letter.id)).filter(({ act }) => act === 'glass.broken')).toHaveLength(1)
    const [topic = ''] = house.city.duties.get('police-front-desk' as never)?.topics ?? []
    const own = await written(topic)
    expect((await broken(joe, own.number)).headers.location).toBe(`/desk/cases/${own.id}`)
    expect(await entries(own.id)).toEqual([])
  })

  test('her words are nowhere in the database as she wrote them, and not in the ledger at all', async () => {
    await forgetTries()
    await opened()
    const [row] = await owner().once<{
      all: string
    }>(sql`select (select string_agg(g::text, ' ') from need_to_know.broken_glass g)
      || (select string_agg(e::text, ' ') from ledger.entry e) as all`)
    expect(row?.all).not.toMatch(/hurt herself|Marisol/)
    expect(row?.all).not.toContain(Buffer.from('hurt herself').toString('hex'))
  })
})

describe('the second person', () => {
  test('judges it once, and the person reads when, by which duty and how, in her language', async () => {
    await forgetTries()
    const letter = await opened()
    const look = async (prefix: string) => (await app.inject(`${prefix}/receipt/${letter.code}`)).body
    expect(await look('/es')).toContain('Otra persona todavía no lo ha revisado')
    const page = await get(mei, '/desk/reviews')
    expect(page.body).toContain(why)
    expect(page.body).toContain('Joe Test')
    const id = await reviewOf(letter.number)
    expect((await post(mei, `/desk/reviews/${id}`, { verdict: 'proper', note: '' })).statusCode).toBe(303)
    expect(
      (await post(mei, `/desk/reviews/${id}`, { verdict: 'not-proper', note: 'Second thoughts' })).statusCode,
    ).toBe(409)
    expect((await entries(letter.id)).at(-1)).toMatchObject({
      act: 'glass.reviewed',
      detail: expect.stringMatching(/^verdict=proper of=\d+$/),
    })
    const shown = await look('/es')
    expect(shown).toMatch(/Abierta en una emergencia por .*, el /)
    expect(shown).toMatch(/Otra persona lo revisó el .*: correcto\./)
    expect(shown).toContain('class="alarm"')
    expect(shown).not.toMatch(/Joe|Mei/)
    expect(await look('')).toContain('A second person reviewed it on')
    expect((await get(joe, '/desk/break-glass')).body).toContain('judged proper')
  })

  test('is never she who did it, and nobody without the power', async () => {
    const both = await house.hire('both', 'police-front-desk', 'deputy-clerk')
    const letter = await opened(both)
    const id = await reviewOf(letter.number)
    expect((await get(both, '/desk/reviews')).body).not.toContain(`/desk/reviews/${id}`)
    for (const clerk of [both, lee, joe])
      expect((await post(clerk, `/desk/reviews/${id}`, { verdict: 'proper', note: '' })).statusCode).toBe(404)
    expect((await get(lee, '/desk/reviews')).statusCode).toBe(404)
    expect((await post(mei, `/desk/reviews/${newId()}`, { verdict: 'proper', note: '' })).statusCode).toBe(404)
    await expect(
      owner().once(
        sql`update need_to_know.broken_glass set reviewer = employee, reviewed_at = now(), verdict = 'proper' where id = ${id}::uuid`,
      ),
    ).rejects.toThrow('broken_glass_check')
  })

  test('says why where it was not proper, and sees what waits too long in the rail of every page', async () => {
    await forgetTries()
    const letter = await opened()
    const id = await reviewOf(letter.number)
    const bare = await post(mei, `/desk/reviews/${id}`, { verdict: 'not-proper', note: '  ' })
    expect([bare.statusCode, bare.body.includes('Write a note')]).toEqual([422, true])
    expect((await post(mei, `/desk/reviews/${id}`, { note: 'kept words' })).body).toContain('kept words')
    await owner().once(sql`update need_to_know.broken_glass set review_by = current_date - 3 where id = ${id}::uuid`)
    expect((await get(mei, '/desk')).body).toMatch(/\d+, 1 overdue/)
    expect((await get(mei, '/desk/reviews')).body).toContain('Overdue since')
    const judged = await post(mei, `/desk/reviews/${id}`, { verdict: 'not-proper', note: 'No danger is told of.' })
    expect(judged.statusCode).toBe(303)
    expect((await get(mei, '/desk')).body).not.toMatch(/\d+ overdue/)
    expect((await get(mei, '/desk/reviews')).body).toContain('No danger is told of.')
  })
})

describe('with the app’s password alone', () => {
  test('nobody breaks, lists or judges anything, and no forged context helps', async () => {
    const letter = await written()
    const forged = JSON.stringify({ kind: 'staff', employee: joe.employee, case: letter.id, topics: [], groups: true })
    const asNobody = await house.db.transaction(async (tx) => {
      await tx.rows(sql`select set_config('cityhall.context', ${'0'.repeat(64) + forged}, true)`)
      return tx.row(sql`select (select outcome from need_to_know.break_glass(${newId()}::uuid, ${letter.number}::bigint,
          'danger-to-life', '\\x00', current_date)) as broke, need_to_know.review_glass(${newId()}::uuid, 'proper', null) as judged,
        (select count(*)::int from need_to_know.glass_to_review()) as listed, (select count(*)::int from need_to_know.own_glass()) as own,
        (select count(*)::int from need_to_know.glass_in_hand()) as hand, vault.open('emergency', 'break-glass') as opened`)
    })
    expect(asNobody).toEqual({ broke: 'not-there', judged: 'not-there', listed: 0, own: 0, hand: 0, opened: null })
    await expect(house.db.once(sql`select * from need_to_know.broken_glass`)).rejects.toThrow('42501')
  })
})
