import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../../test/support/house.ts'
import { createServer, html, sql } from '../../../plumbing/index.ts'
import { formsRoutes } from '../routes.ts'
import { paper, type Paper, type Typed } from '../../../../test/support/paper.ts'

let house: TestHouse
let app: FastifyInstance
const faults: unknown[] = []
beforeAll(async () => {
  house = await openTestHouse()
  const log = { info: () => undefined, error: (...said: unknown[]) => void faults.push(said) }
  app = await createServer({ publicUrl: 'http://x', log, problemPage: () => html`` })
  formsRoutes(app, house)
}, 60_000)
afterAll(async () => {
  expect(faults).toEqual([])
  await app.close()
  await house.close()
})

const card = '/forms/library-card'
const permit = '/forms/special-event-permit'
const open = (url: string): Promise<Paper> => paper(app).open(url)
const press = (url: string, page: Paper, typed: Typed = {}, button?: string): Promise<Paper> =>
  paper(app).post(`${url}?sent`, page, typed, button)
const cases = async (): Promise<number> =>
  (
    await house.database.owner.transaction((tx) =>
      tx.row<{ n: number }>(sql`select count(*)::int as n from correspondence.casefile`),
    )
  )?.n ?? 0

/** To the answers of a library card. */
async function answered(live: Typed = { tie: 'live', address: '12 Levee Park Drive' }): Promise<Paper> {
  let page = await open(card)
  for (const typed of [
    { adult: 'yes', name: 'Ana "Nita" <O>' },
    live,
    { email: 'ana@example.org' },
    { branch: 'main' },
    { promise: 'yes' },
  ])
    page = await press(card, page, typed)
  return page
}

test('page after page to the answers, and then one letter: without a script, a cookie or a word in an address', async () => {
  const before = await cases()
  const first = await open(card)
  expect(first.text).toContain('Step 1 of 6')
  const answers = await answered()
  expect(answers).toMatchObject({
    status: 200,
    title: 'Check your answers, step 6 of 6: Get a library card – City of Almendra',
  })
  expect(answers.text).toContain('Ana &quot;Nita&quot; &lt;O&gt;')
  expect(answers.text).toContain('12 Levee Park Drive')
  expect(answers.text).toContain('I bring back what I borrow')
  expect(await cases()).toBe(before)
  const sent = await press(card, answers, {}, '_go=send')
  expect(sent).toMatchObject({ status: 303, location: expect.stringMatching(/^\/receipt\/\d{24}$/) })
  expect(await press(card, answers, {}, '_go=send')).toMatchObject({ location: sent.location })
  expect(await cases()).toBe(before + 1)
})

test('what is wrong stops at its page, with everything kept; going back stops nowhere', async () => {
  const second = await press(card, await press(card, await open(card), { adult: 'yes', name: 'Ana' }), {
    tie: 'work',
    where: 'Mill',
  })
  const wrong = await press(card, second, { email: 'nobody' })
  expect(wrong).toMatchObject({ status: 422, title: expect.stringMatching(/^Error: How we reach you, step 3/) })
  expect(wrong.text).toContain('id="email-error"')
  const back = await press(card, wrong, {}, '_go=back')
  expect(back).toMatchObject({ status: 200, title: expect.stringContaining('You and Almendra, step 2') })
  expect(Object.fromEntries(back.fields)).toMatchObject({ tie: 'work', where: 'Mill', email: 'nobody', name: 'Ana' })
})

test('a question that an answer brings up is shown before anything goes on, beside what was typed', async () => {
  const tie = await press(card, await open(card), { adult: 'yes', name: 'Ana' })
  expect(tie.text).toMatch(/data-asked="address"[^>]* hidden/)
  const more = await press(card, tie, { tie: 'live' })
  expect(more).toMatchObject({ status: 200, title: expect.stringContaining('step 2') })
  expect(more.text).toContain('Your answers bring up one more question')
  expect(more.text).not.toMatch(/data-asked="address"[^>]* hidden/)
  expect(more.text).not.toContain('address-error')
  expect(await press(card, more)).toMatchObject({ status: 422, text: expect.stringContaining('id="address-error"') })
})

test('one answer is changed from the answers, which come back at once; what it brings up is asked first', async () => {
  const answers = await answered()
  const change = await press(card, answers, {}, '_go=to:reach')
  expect(change.text).toContain('Back to your answers')
  const again = await press(card, change, { email: 'new@example.org' })
  expect(again.title).toContain('Check your answers')
  expect(again.text).toContain('new@example.org')
  const other = await press(card, await press(card, again, {}, '_go=to:tie'), { tie: 'study' })
  expect(other.text).toContain('one more question')
  const last = await press(card, other, { where: 'City College' })
  expect(last.title).toContain('Check your answers')
  expect(last.text).not.toContain('>12 Levee Park Drive<')
  // What is not asked any more is carried, should she change her mind, and is in no letter.
  expect(Object.fromEntries(last.fields)).toMatchObject({ address: '12 Levee Park Drive' })
})

test('rows come and go without a script, and nothing that was typed is lost', async () => {
  let page = await open(permit)
  page = await press(permit, page, {
    what: 'Fair',
    kind: 'fair',
    place: 'riverbend',
    date: '3/14/2027',
    starts: '5 pm',
    ends: '9 pm',
  })
  page = await press(permit, page, { guests: '40' })
  page = await press(permit, page, { stands: 'yes' })
  const typed = { 'vendors.0.offers': 'Tamales', 'vendors.0.heat': 'gas', 'vendors.0.crew': '3', flame: 'Bea' }
  const two = await press(permit, page, typed, 'add-row=vendors')
  expect(two.status).toBe(200)
  expect(two.text).toMatch(/<fieldset class="usa-fieldset row"\s+id="vendors\.1" tabindex="-1" autofocus/)
  expect(Object.fromEntries(two.fields)).toMatchObject({ ...typed, what: 'Fair', 'vendors.1.offers': '' })
  const one = await press(
    permit,
    two,
    { 'vendors.1.offers': 'Almonds', 'vendors.1.heat': 'none' },
    'remove-row=vendors.0',
  )
  expect(Object.fromEntries(one.fields)).toMatchObject({ 'vendors.1.offers': 'Almonds', flame: 'Bea' })
  expect(one.text).not.toContain('Tamales')
  const next = await press(permit, one, { 'vendors.1.crew': '2' })
  expect(next.title).toContain('Streets and sound')
})

test('what reckons itself is on the page of the answers; what was posted from elsewhere is a letter at once', async () => {
  const all = {
    what: 'Fair', kind: 'fair', place: 'riverbend', date: '3/14/2027', starts: '5 pm', ends: '9 pm', guests: '40', helpers: '2',
    stands: 'yes', 'vendors.0.offers': 'Tamales', 'vendors.0.heat': 'gas', 'vendors.0.crew': '3', flame: 'Bea', closing: 'no',
    sound: 'no', 'organizer.name': 'Bea', 'organizer.telephone': '(530) 555-0123', truth: 'yes', signature: 'Bea',
  } // prettier-ignore
  const answers = await press(
    permit,
    { ...(await open(permit)), fields: [] },
    { ...all, _page: 'sign', _shown: 'truth signature' },
  )
  expect(answers.text).toMatch(/People on the ground at the same time<\/dt>\s*<dd><span class="line">45</)
  expect(await paper(app).post(permit, { fields: [] }, all)).toMatchObject({ status: 303 })
  const wrong = await paper(app).post(permit, { fields: [] }, { ...all, guests: '' })
  expect(wrong).toMatchObject({ status: 422, title: expect.stringContaining('People, step 2') })
})
