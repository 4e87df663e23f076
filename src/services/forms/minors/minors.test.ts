import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, html, sql } from '../../../plumbing/index.ts'
import {
  answer,
  ask,
  readHeld,
  revoke,
  preview,
  verify,
  type ConsentId,
  type RequestId,
} from '../../../people/consent/index.ts'
import { noticeHash } from '../../../people/consent/index.ts'
import { comeOfAge } from '../../../people/residents/index.ts'
import type { FormId } from '../../../city/index.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { moveIn, type Neighbour } from '../../../../test/support/people.ts'
import { paper, type Paper } from '../../../../test/support/paper.ts'
import { formsRoutes } from '../routes.ts'
import { agePass, readAgePass } from './age-pass.ts'
import { noticeOf } from './notice-of.ts'

const camp = '/forms/summer-camp'
const id = 'summer-camp' as FormId
let house: TestHouse
let app: FastifyInstance
let clerk: Clerk
let parent: Neighbour
const written: string[] = []
const publicUrl = 'https://city.example'

beforeAll(async () => {
  house = await openTestHouse()
  const log = { info: (...said: unknown[]) => void written.push(JSON.stringify(said)), error: (...said: unknown[]) => void written.push(JSON.stringify(said)) } // prettier-ignore
  app = await createServer({ publicUrl, log, problemPage: () => html`` })
  formsRoutes(app, { ...house, publicUrl })
  clerk = await house.hire('ines', 'consent-clerk')
  parent = await moveIn(house, 'Rosa Vega')
}, 60_000)
afterAll(async () => {
  await app.close()
  await house.close()
})

const post = (payload: Record<string, string>, headers: Record<string, string> = {}, url = camp) =>
  app.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(payload).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
const yearsAgo = (years: number) =>
  Temporal.Now.plainDateISO('America/Los_Angeles').subtract({ years, days: 3 }).toString()
const answers = { name: 'Maya', week: 'june', swims: 'some', prepare: 'peanut allergy', wishes: 'canoes' }
const secrets = ['peanut allergy', 'Maya-Luisa', 'canoes']

async function rowsWith(words: string): Promise<number> {
  const tables = await house.database.owner.once<{ name: string }>(
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  let found = 0
  for (const { name } of tables) {
    const text = `select count(*)::int as n from ${name} t where t::text like '%' || $1 || '%'`
    const [row] = await house.database.owner.once<{ n: number }>({ text, values: [words] } as never)
    found += row?.n ?? 0
  }
  return found
}

test('age is asked first, alone and neutrally; nothing of the form is in the page', async () => {
  const page = await app.inject(camp)
  expect(page.headers['set-cookie']).toBeUndefined()
  expect([...page.body.matchAll(/<(?:input|select|textarea)[^>]*name="([^"]+)"/g)].map(([, name]) => name)).toEqual(['_born']) // prettier-ignore
  const words = (body: string) => body.replace(/<svg[\s\S]*?<\/svg>/g, '')
  expect(page.body).toContain('Your date of birth')
  expect(words(page.body)).not.toMatch(
    /\b18\b|minor|adult|child|teen|parent|guardian|type="date"|What should we prepare/i,
  )
  expect(page.body).not.toContain('tell us about you')
  expect(words((await app.inject(`/es${camp}`)).body)).not.toMatch(
    /\b18\b|menor|adult|niñ|adolescente|madre|padre|tutor/i,
  )
  const wrong = await post({ _born: 'yesterday', _go: 'age' })
  expect(wrong.statusCode).toBe(422)
  expect(wrong.body).toContain('value="yesterday"')
  expect((await post({ _born: '', _go: 'age' })).body).toContain('Write your date of birth.')
  expect((await post({ _born: '1/1/2150', _go: 'age' })).body).toContain('This day has not come yet.')
})

test('a post that goes around the question is refused, and nothing of it is stored, shown again or logged', async () => {
  const before = await house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from ledger.entry`)
  for (const crafted of [
    answers,
    { ...answers, _page: 'questions', _go: 'send' },
    { ...answers, _age: `under-18.${'x'.repeat(22)}` },
    { ...answers, _age: agePass(house.keys, 'library-card' as FormId, 'adult') },
    { ...answers, _born: yearsAgo(12) },
    { ...answers, _child: '1234567890123456' },
  ]) {
    const answer = await post(crafted)
    expect([200, 422]).toContain(answer.statusCode)
    expect(answer.headers.location).toBeUndefined()
    for (const words of ['peanut', 'canoes', 'Maya']) expect(answer.body).not.toContain(words)
  }
  expect(await rowsWith('peanut')).toBe(0)
  expect(written.join('')).not.toMatch(/peanut|canoes|Maya/)
  const after = await house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from ledger.entry`)
  expect(after).toEqual(before)
})

test('a minor meets a parent’s address and a first name, and no other try; what her browser keeps is the same for all', async () => {
  const page = await post({ _born: yearsAgo(15), _go: 'age' })
  const names = [...page.body.matchAll(/<input[^>]*name="([^"]+)"/g)].map(([, name]) => name)
  expect(names).toEqual(['_age', 'token', '_way', '_way', '_parent', '_first-name'])
  const cookies = [page.headers['set-cookie']].flat()
  expect(cookies).toHaveLength(2)
  expect(cookies[0]).toMatch(
    /^cityhall-age=under-18\.[\w-]{22}; Path=\/forms\/summer-camp; HttpOnly; SameSite=Lax; Secure$/,
  )
  const again = await post({ _born: yearsAgo(16), _go: 'age' })
  expect(again.headers['set-cookie']).toEqual(page.headers['set-cookie'])
  const cookie = cookies[0]?.split(';')[0] ?? ''
  expect((await app.inject({ url: camp, headers: { cookie } })).body).toContain('A parent comes first')
  expect((await post({ _born: yearsAgo(40), _go: 'age' }, { cookie })).body).toContain('A parent comes first')
  const adult = await post({ _born: yearsAgo(40), _go: 'age' })
  expect(adult.headers['set-cookie']).toBeUndefined()
  expect(adult.body).toContain('start on your own page')
  expect(readAgePass(house.keys, id, agePass(house.keys, id, 'under-13'))).toBe('under-13')
})

const press = (page: Paper, typed: Record<string, string> = {}, button?: string) => paper(app).post(camp, page, typed, button) // prettier-ignore

test('who presses twice, even at the same moment, asks a parent once, and is shown the same code; another address is another question', async () => {
  const ask = await press(await paper(app).open(camp), { _born: yearsAgo(14) }, '_go=age')
  const typed = { _parent: 'twice@example.org', '_first-name': 'Ana' }
  const asked = await Promise.all([press(ask, typed, '_go=ask'), press(ask, typed, '_go=ask')])
  const codes = [...asked, await press(ask, typed, '_go=ask')].map(
    (page) => /<p class="digits">(.*?)<\/p>/s.exec(page.text)?.[1],
  )
  expect(codes[0]).toMatch(/\d{4}/)
  expect(new Set(codes).size).toBe(1)
  const count = async (kind: string) => (await house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from residents.mail where kind = ${kind}`))[0]?.n // prettier-ignore
  expect([await count('consent-request'), await count('consent-reminder')]).toEqual([1, 1])
  const other = await press(ask, { ...typed, _parent: 'other@example.org' }, '_go=ask')
  expect(/<p class="digits">(.*?)<\/p>/s.exec(other.text)?.[1]).not.toBe(codes[0])
  expect(await count('consent-request')).toBe(2)
})

test('asked, agreed and shown, she goes on with her code; only what was agreed to is asked and kept, under its own key', async () => {
  const ask = await press(await paper(app).open(camp), { _born: yearsAgo(11) }, '_go=age')
  const missing = await press(ask, { _parent: 'rosa', '_first-name': 'Maya-Luisa' }, '_go=ask')
  expect(missing.text).toContain('Write the whole address')
  expect(missing.text).toContain('value="Maya-Luisa"')
  const asked = await press(missing, { _parent: parent.email }, '_go=ask')
  const code = [...asked.text.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join(' ')
  expect(code).toMatch(/^(\d{4} ){3}\d{4}$/)
  expect(await rowsWith('Maya-Luisa')).toBe(0)

  const goOn = (typed: string) => post({ code: typed }, {}, '/forms/go-on')
  expect((await goOn('1111 2222 3333 4444')).statusCode).toBe(422)
  expect((await goOn(code)).body).toContain('Your parent has not answered yet')

  const form = house.forms.get(id)
  if (!form) throw new Error('no form')
  const notice = noticeOf(house.city, form)
  const [request] = await house.database.owner.once<{ id: RequestId }>(sql`select id from consent.request order by asked_at desc limit 1`) // prettier-ignore
  if (!request) throw new Error('nothing was asked')
  const child = { firstName: 'Maya-Luisa', born: Temporal.PlainDate.from(yearsAgo(11)), as: 'parent' as const }
  const yes = { 'take-part': true, 'keep-safe': true, 'plan-services': false }
  const given = await answer({ ...house, publicUrl }, parent.actor, { request: request.id, notice: noticeHash(notice), child, guardian: 'Rosa Vega', purposes: yes }) // prettier-ignore
  if (!('done' in given)) throw new Error(JSON.stringify(given))
  expect((await goOn(code)).body).toContain('has still to show us')
  expect(await verify(house, clerk.actor, { request: request.id, method: 'counter', as: 'parent' })).toEqual({ done: true }) // prettier-ignore

  const page = await paper(app).post('/forms/go-on', await paper(app).open('/forms/go-on'), { code })
  expect(page.text).toContain('What should we prepare for you?')
  expect(page.text).not.toContain('What would you like to do at camp?')
  expect(page.text).not.toContain('Save and continue later')
  const wrong = await press(page, { name: 'Maya-Luisa', prepare: 'peanut allergy' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('peanut allergy')
  const sent = await press(wrong, { week: 'june', swims: 'some', wishes: 'canoes' })
  expect(sent.status).toBe(303)
  expect(sent.location).toMatch(/^\/receipt\/\d{24}$/)
  for (const words of secrets) expect(await rowsWith(words)).toBe(0)
  const again = await press(wrong, { week: 'june', swims: 'some' })
  expect(again.location).toBe(sent.location)
  expect((await goOn(code)).body).toContain('You have sent this form')

  const consents = [...given.consents.values()]
  const held = await readHeld(house, parent.actor, consents, { purpose: 'own-page', reason: 'look' })
  expect(new Map(held.map(({ field, text }) => [field, text]))).toEqual(
    new Map([
      ['name', 'Maya-Luisa'],
      ['week', 'June 21 to 25'],
      ['swims', 'A little'],
      ['prepare', 'peanut allergy'],
    ]),
  )

  const needed = [given.consents.get('take-part')].filter((one): one is ConsentId => one !== undefined)
  const shown = await preview(house, parent.actor, needed)
  if (!shown) throw new Error('nothing to preview')
  expect(shown.follows.map((one) => one.code)).toContain('letter-ends')
  const [open] = await house.database.owner.once<{ state: string }>(sql`select state from correspondence.casefile order by number desc limit 1`) // prettier-ignore
  expect(open?.state).not.toBe('closed')
  const done = await revoke(house, parent.actor, needed, shown.digest)
  expect(done).not.toHaveProperty('refused')
  const [closed] = await house.database.owner.once(sql`select state, closed_because from correspondence.casefile order by number desc limit 1`) // prettier-ignore
  expect(closed).toEqual({ state: 'closed', closed_because: 'withdrawn' })
  expect(await readHeld(house, parent.actor, needed, { purpose: 'own-page', reason: 'look' })).toEqual([])
})

test('who turned 18 since she asked is told by her own code, before she fills in anything and afterwards', async () => {
  const form = house.forms.get(id)
  if (!form) throw new Error('no form')
  const notice = noticeOf(house.city, form)
  const asked = await ask(
    { ...house, publicUrl },
    { notice, band: 'under-18', email: parent.email, firstName: 'Lucía', language: 'en' },
  )
  if ('refused' in asked) throw new Error(asked.refused)
  const today = Temporal.Now.plainDateISO('America/Los_Angeles')
  const child = { firstName: 'Lucía', born: today.subtract({ years: 18 }).add({ days: 3 }), as: 'parent' as const }
  const purposes = Object.fromEntries(notice.purposes.map((one) => [one.id, true]))
  await answer({ ...house, publicUrl }, parent.actor, { request: asked.asked, notice: noticeHash(notice), child, guardian: 'Rosa Vega', purposes }) // prettier-ignore
  await verify(house, clerk.actor, { request: asked.asked, method: 'counter', as: 'parent' })
  const goOn = () =>
    paper(app)
      .open('/forms/go-on')
      .then((page) => paper(app).post('/forms/go-on', page, { code: asked.code }))
  expect((await goOn()).text).toContain('Your parent agreed to this.')
  const clock = { now: () => house.clock.now().add({ hours: 72 }) }
  expect(await comeOfAge({ keeper: house.database.keeper, keys: house.keys, city: house.city, clock })).toBe(1)
  const page = await goOn()
  expect(page.text).toContain('You are 18: this is yours now')
  expect(page.text).not.toContain('Your parent agreed to this.')
  const all = { name: 'Lucía', week: 'june', swims: 'well', prepare: 'nothing', wishes: 'canoes' }
  const sent = await press(page, all)
  expect(sent.status).toBe(303)
  const after = await goOn()
  expect(after.text).toContain('You have sent this form')
  expect(after.text).toContain('You are 18: this is yours now')
})
