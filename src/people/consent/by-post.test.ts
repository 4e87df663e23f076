import { afterAll, beforeAll, expect, test } from 'vitest'
import { postToPeople } from '../residents/index.ts'
import { sql, type OutgoingMail } from '../../plumbing/index.ts'
import { ask, type Asking } from './ask.ts'
import { goOn } from './go-on.ts'
import { tendConsents } from './tend.ts'
import { openDeskSite } from './testing/desk-site.ts'
import { openOwnSite } from './testing/own-site.ts'
import { filled, noticeOf } from './testing/scene.ts'
import { openTown, type Town } from './testing/town.ts'

let town: Town
let desk: Awaited<ReturnType<typeof openDeskSite>>
let own: Awaited<ReturnType<typeof openOwnSite>>
beforeAll(async () => {
  town = await openTown()
  desk = await openDeskSite({ ...town, asksMinors: () => [noticeOf(town.city, undefined, 'form:camp-at-counter')] })
  own = await openOwnSite(town)
})
afterAll(async () => {
  await Promise.all([desk.close(), own.close()])
  await town.test.close()
})

let houses = 0
async function askedByPost(more: Partial<Pick<Asking, 'notice' | 'token' | 'language'>> = {}) {
  const address = `${String(++houses)} Almond Street\nAlmendra, CA 95900`
  const notice = more.notice ?? noticeOf(town.city)
  const done = await ask(town, { notice, band: 'under-13', address, firstName: 'Maya', language: 'en', ...more })
  if ('refused' in done) throw new Error(done.refused)
  return { ...done, notice, address, request: done.asked }
}
const letterOf = async (request: string, kind = 'consent-request') =>
  (
    await town.rows<{
      id: string
    }>(sql`select m.id from residents.mail m join consent.request r on r.subject = m.subject
      where r.id = ${request} and m.kind = ${kind} and m.state = 'waiting'`)
  )[0]?.id ?? ''
const actsOf = async (request: string) =>
  (
    await town.rows<{ act: string }>(sql`select e.act || ' ' || e.actor_kind || coalesce(' ' || e.duty, '') as act
      from ledger.entry e join consent.request r on r.subject = e.subject where r.id = ${request} order by e.subject_count`)
  ).map(({ act }) => act)
/** Opens the letter as the clerk does, and reads the code on it. */
async function codeOnPaper(request: string, kind?: string): Promise<string> {
  const id = await letterOf(request, kind)
  expect((await desk.post(town.clerk, `/desk/consents/letters/${id}/openings`, { reason: 'verify' })).status).toBe(303)
  const { text } = await desk.get(town.clerk, `/desk/consents/letters/${id}`)
  return /Your code: ((\d{4} ){3}\d{4})/.exec(text)?.[1] ?? ''
}
const days = (count: number) => sql`update residents.mail set due_at = due_at - make_interval(days => ${count}) where state = 'waiting' and by_post` // prettier-ignore

test('a parent without e-mail is asked by a letter that a clerk opens, prints and posts, each written down; its words end with that', async () => {
  const { request, code, address } = await askedByPost()
  const sent: OutgoingMail[] = []
  const mailer = { send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)), close: () => undefined } // prettier-ignore
  const office = { keeper: town.test.database.keeper, keys: town.keys, city: town.city, codesOnDesk: false, mailer }
  await postToPeople(office, (error) => {
    throw error as Error
  })
  expect(sent).toEqual([])

  const id = await letterOf(request)
  const queue = await desk.get(town.clerk, '/desk/consents')
  expect(queue.text).toContain('Question to a parent')
  expect(queue.body).toContain(`/desk/consents/letters/${id}/openings`)
  expect(queue.text).not.toMatch(/Maya|Almond/)
  expect((await desk.get(town.coordinator, '/desk/consents')).status).toBe(404)
  expect((await desk.get(town.clerk, `/desk/consents/letters/${id}`)).status).toBe(404)
  for (const act of ['openings', 'postings'])
    expect((await desk.post(town.coordinator, `/desk/consents/letters/${id}/${act}`, { reason: 'verify' })).status).toBe(404) // prettier-ignore

  expect(await codeOnPaper(request)).toMatch(/^(\d{4} ){3}\d{4}$/)
  const letter = await desk.get(town.clerk, `/desk/consents/letters/${id}`)
  for (const words of ['Parent or guardian of Maya', address.split('\n')[0] ?? '', 'To take-part', 'If you do nothing'])
    expect(letter.text).toContain(words)
  expect((await desk.get(town.coordinator, `/desk/consents/letters/${id}`)).status).toBe(404)
  expect((await desk.post(town.clerk, `/desk/consents/letters/${id}/postings`, {})).to).toContain('done=postedDone')
  expect((await desk.post(town.clerk, `/desk/consents/letters/${id}/postings`, {})).status).toBe(404)
  const [row] = await town.rows(sql`select state, sealed from residents.mail where id = ${id}`)
  expect(row).toEqual({ state: 'sent', sealed: null })
  expect(await actsOf(request)).toEqual([
    'consent.asked person',
    'mail.opened staff consent-clerk',
    'mail.posted staff consent-clerk',
  ])
  expect((await goOn(town, code))?.standing).toBe('asked')
})

test('the code of the letter, typed on her page, puts the question to her as the mailed link does; and to nobody else after her', async () => {
  const { request, code } = await askedByPost()
  const onPaper = await codeOnPaper(request)
  const [rosa, omar] = [await town.neighbour('Rosa'), await town.neighbour('Omar')]
  expect((await own.get(rosa, '/me')).body).toContain('/me/consents/code')
  const wrong = await own.post(rosa, '/me/consents/code', { code: '1111 2222 3333 4444' })
  expect([wrong.status, wrong.text.includes('This code opens nothing')]).toEqual([422, true])
  expect((await own.post(rosa, '/me/consents/code', { code })).status).toBe(422)
  const claimed = await own.post(rosa, '/me/consents/code', { code: onPaper })
  expect(claimed.to).toBe(`/me/consents/requests/${request}`)
  expect((await own.post(rosa, '/me/consents/code', { code: onPaper })).to).toBe(claimed.to)
  expect((await own.post(omar, '/me/consents/code', { code: onPaper })).status).toBe(422)
  expect((await own.get(omar, claimed.to)).status).toBe(404)
  const question = await own.get(rosa, claimed.to)
  expect(question.text).toContain('Maya wants to take part')
  const notice = /name="notice" value="([^"]+)"/.exec(question.body)?.[1] ?? ''
  const yes = { 'purpose-take-part': 'yes', 'purpose-health': 'no', 'purpose-photos': 'no' }
  const child = { firstName: 'Maya', born: '2017-05-04', as: 'parent', guardian: 'Rosa Vega' }
  expect((await own.post(rosa, claimed.to, { notice, ...yes, ...child })).text).toContain('number')
  expect((await goOn(town, code))?.standing).toBe('answered')
  const mails = await town.rows<{ kind: string }>(sql`select m.kind from residents.mail m where m.state = 'waiting'
    and (m.subject in (select subject from consent.request where id = ${request})
      or m.subject in (select c.subject from consent.consent c where c.request = ${request}))`)
  expect(mails).toEqual([{ kind: 'consent-given' }])
  expect(await actsOf(request)).toContain('consent.claimed person')
})

test('she is reminded once, by a second letter, after the first was posted; without an answer everything is deleted in time', async () => {
  const { request, code } = await askedByPost()
  const first = await letterOf(request)
  const reminder = await letterOf(request, 'consent-reminder')
  await town.rows(days(8))
  const queue = async () => (await desk.get(town.clerk, '/desk/consents')).body
  expect(await queue()).toContain(first)
  expect(await queue()).not.toContain(reminder)
  await desk.post(town.clerk, `/desk/consents/letters/${first}/postings`, {})
  expect(await queue()).toContain(reminder)
  expect(await codeOnPaper(request, 'consent-reminder')).toMatch(/\d{4}/)
  await town.rows(sql`update consent.request set ends_on = consent.today() - 1 where id = ${request}`)
  await tendConsents(town.test.database.keeper)
  expect(await queue()).not.toContain(reminder)
  expect((await goOn(town, code))?.ended).toBe('no-answer')
  const [row] = await town.rows(sql`select r.sealed, r.contact_token, s.state, s.wrapped_key,
    (select count(*)::int from residents.mail m where m.subject = r.subject and m.sealed is not null) as mails
    from consent.request r join vault.subject s on s.id = r.subject where r.id = ${request}`)
  expect(row).toEqual({ sealed: null, contact_token: null, state: 'destroyed', wrapped_key: null, mails: 0 })
  expect(await actsOf(request)).toContain('consent.lapsed system')
})

test('a parent without a page answers at the counter with the code and a document; what she says yes to is in force at once', async () => {
  const asked = await askedByPost()
  const code = await codeOnPaper(asked.request)
  const at = '/desk/consents/counter'
  expect((await desk.get(town.coordinator, at)).status).toBe(404)
  expect((await desk.post(town.coordinator, at, { code })).status).toBe(404)
  expect((await desk.post(town.clerk, at, { code: '1111222233334444' })).text).toContain('This code opens nothing')
  const question = await desk.post(town.clerk, at, { code })
  expect(question.text).toContain('Because of take-part')
  const notice = /name="notice" value="([^"]+)"/.exec(question.body)?.[1] ?? ''
  const said = { 'purpose-take-part': 'yes', 'purpose-health': 'yes', 'purpose-photos': 'no', code, notice }
  const more = { guardian: 'Rosa Vega', address: asked.address, firstName: 'Maya', born: '2017-05-04', as: 'legal-guardian' } // prettier-ignore
  expect((await desk.post(town.clerk, `${at}/answers`, { ...said, ...more })).text).toContain('Confirm that you saw')
  const adult = { ...said, ...more, born: '1990-01-01', sure: 'yes' }
  expect((await desk.post(town.clerk, `${at}/answers`, adult)).text).toContain('decides alone')
  const done = { ...said, ...more, sure: 'yes' }
  expect((await desk.post(town.coordinator, `${at}/answers`, done)).status).toBe(404)
  expect((await desk.post(town.clerk, `${at}/answers`, done)).to).toContain('done=answeredYes')
  const states = await town.rows(sql`select c.purpose, c.state, p.method, g.kind, g.state as stands from consent.consent c
    left join consent.proof p on p.id = c.proof join residents.guardianship g on g.child = c.child where c.request = ${asked.request} order by 1`) // prettier-ignore
  expect(states).toEqual([
    { purpose: 'health', state: 'in-force', method: 'counter', kind: 'legal-guardian', stands: 'shown' },
    { purpose: 'photos', state: 'declined', method: null, kind: 'legal-guardian', stands: 'shown' },
    { purpose: 'take-part', state: 'in-force', method: 'counter', kind: 'legal-guardian', stands: 'shown' },
  ])
  expect(await actsOf(asked.request)).toContain('consent.answered-at-counter staff consent-clerk')
  expect((await desk.post(town.clerk, at, { code })).status).toBe(422)
  await filled(town, { request: asked.request, code: asked.code, notice: asked.notice })
})

test('a no at the counter writes nobody down, and what was taken to ask is destroyed', async () => {
  const asked = await askedByPost()
  const code = await codeOnPaper(asked.request)
  const count = async () => (await town.rows<{ n: number }>(sql`select count(*)::int as n from residents.child`))[0]?.n
  const before = await count()
  const question = await desk.post(town.clerk, '/desk/consents/counter', { code })
  const notice = /name="notice" value="([^"]+)"/.exec(question.body)?.[1] ?? ''
  const no = { 'purpose-take-part': 'no', 'purpose-health': 'no', 'purpose-photos': 'no', code, notice, sure: 'yes' }
  expect((await desk.post(town.clerk, '/desk/consents/counter/answers', no)).to).toContain('done=answeredNo')
  expect((await goOn(town, asked.code))?.ended).toBe('declined')
  expect(await count()).toBe(before)
})

test('a clerk asks for a child who stands before her, and the ledger says on which duty', async () => {
  const at = '/desk/consents/asking'
  expect((await desk.get(town.coordinator, at)).status).toBe(404)
  const page = await desk.get(town.clerk, at)
  expect(page.body).toContain('form:camp-at-counter')
  const typed = { thing: 'form:camp-at-counter', band: 'under-13', language: 'es', way: 'post', firstName: 'Ana' }
  const wrong = await desk.post(town.clerk, at, { ...typed, address: 'Almond' })
  expect([wrong.status, wrong.text.includes('Write the whole address')]).toEqual([422, true])
  expect((await desk.post(town.coordinator, at, { ...typed, address: '1 Oak Lane\nAlmendra' })).status).toBe(404)
  const asked = await desk.post(town.clerk, at, { ...typed, address: '1 Oak Lane\nAlmendra' })
  expect(asked.text).toMatch(/(\d{4} ){3}\d{4}/)
  const [row] = await town.rows<{ id: string }>(
    sql`select id from consent.request where thing = 'form:camp-at-counter'`,
  )
  expect(await actsOf(row?.id ?? '')).toEqual(['consent.asked staff consent-clerk'])
})

test('the same page posted twice at one moment asks one letter, however often it is pressed', async () => {
  const notice = noticeOf(town.city)
  houses = 900
  const press = () => ((houses = 900), askedByPost({ notice, token: 'one-page' }))
  const [one, two] = await Promise.all([press(), press()])
  expect([two.asked, two.code]).toEqual([one.asked, one.code])
  const letters = sql`select from residents.mail m join consent.request r on r.subject = m.subject where r.id = ${one.asked}`
  expect(await town.rows(letters)).toHaveLength(2)
})
