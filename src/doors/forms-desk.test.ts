import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../test/support/house.ts'
import type { FormId, TopicId } from '../city/index.ts'
import { createServer, html, sql } from '../plumbing/index.ts'
import { readReceipt } from '../services/correspondence/index.ts'
import {
  askedPanel,
  formsUsePanel,
  importToDesk,
  keptFor,
  openForms,
  saveDraft,
  submit,
  takeForms,
  type DraftFile,
} from '../services/forms/index.ts'
import { paper } from '../../test/support/paper.ts'
import { openDesk } from './desk.ts'

let house: TestHouse
let app: FastifyInstance
let rosa: Clerk
let dana: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  await house.database.owner.transaction((tx) => takeForms(tx, house.forms))
  rosa = await house.hire('rosa', 'recreation-coordinator')
  dana = await house.hire('dana', 'works-dispatcher')
  const quiet = () => undefined
  app = await createServer({ publicUrl: 'http://desk.test', log: { info: quiet, error: quiet }, problemPage: () => html`` }) // prettier-ignore
  const panels = [askedPanel(house.city), formsUsePanel(house.city)]
  await openDesk(app, { ...house, panels, config: { publicUrl: 'http://desk.test' } } as unknown as Parameters<typeof openDesk>[1]) // prettier-ignore
}, 60_000)
afterAll(async () => {
  await app.close()
  await house.close()
})

const permit = 'special-event-permit' as FormId
const event = {
  what: 'Feria', kind: 'fair', place: '38.735,-121.91', date: '3/14/2027', starts: '5 pm', ends: '9 pm', guests: '40',
  stands: 'no', closing: 'no', sound: 'no', 'organizer.name': 'Bea', 'organizer.telephone': '(530) 555-0123', truth: 'yes',
  signature: 'Bea',
} // prettier-ignore

const headers = ({ actor }: Clerk) => ({
  cookie: `cityhall=${actor.secret.toString('base64url')}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
})
const get = async (clerk: Clerk, url: string) => (await app.inject({ url, headers: headers(clerk) })).body

/** An act on a version, as its button posts it. */
async function act(clerk: Clerk, path: string, fields: Readonly<Record<string, string | number>>): Promise<string> {
  const sent = Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)])
  const payload = new URLSearchParams(sent).toString()
  const answer = await app.inject({ method: 'POST', url: `/desk/forms/${path}`, headers: headers(clerk), payload })
  return String(answer.headers['location'])
}

/** A page of a form as a browser without a script has it, and posting it. */
function trying(clerk: Clerk) {
  const wrapped = (options: { url?: unknown; method?: unknown; payload?: unknown }) =>
    app.inject({ ...(options as object), headers: headers(clerk) })
  return paper({ inject: wrapped } as unknown as FastifyInstance)
}

test('a draft is tried out page by page, with rows, sums, files by name and what it would cost; nothing is sent or kept', async () => {
  const at = `/desk/forms/${permit}/trials?language=en`
  const tried = trying(rosa)
  const first = await tried.open(`/desk/forms/${permit}/preview`)
  expect(first.text).toContain('What you fill in is not sent and not kept.')
  expect(first.text).toContain('Step 1 of 7')
  const wrong = await tried.post(at, first, { what: 'Fair' }, '_go=next')
  expect(wrong.status).toBe(422)
  const people = await tried.post(at, wrong, { kind: 'fair', place: 'riverbend', date: '3/14/2027', starts: '5 pm', ends: '9 pm' }) // prettier-ignore
  const stands = await tried.post(at, people, { guests: '40' })
  const rows = await tried.post(at, stands, { stands: 'yes' })
  const more = await tried.post(at, rows, { 'vendors.0.offers': 'Tamales', 'vendors.0.heat': 'gas', 'vendors.0.crew': '3', flame: 'Bea' }) // prettier-ignore
  const organizer = await tried.post(at, more, { closing: 'no', sound: 'no' })
  const sign = await tried.post(at, organizer, { 'organizer.name': 'Bea', 'organizer.telephone': '(530) 555-0123', plan: 'plan.pdf' }) // prettier-ignore
  const answers = await tried.post(at, sign, { truth: 'yes', signature: 'Bea' })
  expect(answers.text).toMatch(/People on the ground at the same time<\/dt>\s*<dd><span class="line">43</)
  expect(answers.text).toContain('plan.pdf')
  const done = await tried.post(at, answers, {}, '_go=send')
  expect(done.text).toContain('Nothing was sent or kept.')
  for (const words of ['Tamales', 'plan.pdf', 'Permits for events on city ground']) expect(done.text).toContain(words)
  const spanish = await tried.open(`/desk/forms/${permit}/preview?language=es`)
  expect(spanish.text).toContain('Paso 1 de 7')
  expect(await house.database.owner.once(sql`select from correspondence.casefile`)).toHaveLength(0)
})

test('a draft that books something shows the times that are free, and books nothing', async () => {
  const shown = await trying(rosa).open('/desk/forms/facility-booking/preview')
  expect(shown.text).toContain('Levee Park Community Hall')
  expect(await house.database.owner.once(sql`select from bookings.booking`)).toHaveLength(0)
})

async function sent(): Promise<string> {
  const form = house.forms.get(permit)
  if (!form) throw new Error('no form')
  const submitted = await submit(house, form, event, 'es')
  if ('refused' in submitted) throw new Error(JSON.stringify(submitted))
  const receipt = await readReceipt(house, submitted.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt.line.id
}

test('a case leads to the version it was made with, and shows its questions, also after the form asks something else', async () => {
  const id = await sent()
  const source = house.forms.get(permit)?.source as DraftFile
  const fields = { ...source.fields, what: { ...source.fields['what'], label: { en: 'Renamed', es: 'Otra' } } }
  const saved = await saveDraft(house, rosa.actor, { draft: { ...source, fields } as DraftFile, revision: 0 })
  if ('refused' in saved) throw new Error(saved.refused)
  const nora = await house.hire('nora', 'privacy-officer')
  const { version: second, revision } = saved
  expect(await act(rosa, `${permit}/publications`, { version: second, revision })).toContain('done=in-review')
  expect(await act(nora, `${permit}/approvals`, { version: second, revision, yes: 'yes' })).toContain('done=published')

  const sealed = await get(rosa, `/desk/cases/${id}`)
  expect(sealed).toContain(`href="/desk/forms/${permit}/versions/1"`)
  expect(sealed).toContain('“Hold an event on city ground”, version 1')
  expect(sealed).toContain('which is asked no more')
  expect(sealed).not.toContain('What is the event called?')
  await app.inject({
    method: 'POST',
    url: `/desk/cases/${id}/openings`,
    headers: headers(rosa),
    payload: 'reason=answer',
  })
  const opened = await get(rosa, `/desk/cases/${id}`)
  expect(opened).toMatch(/What is the event called\?\s*<span class="soft small"\s+lang="es">¿Cómo se llama el evento\?/)
  expect(opened).not.toContain('Renamed')
  expect(opened).toContain('<div class="city-map">')
  expect(opened).toContain('Distrito Depot (38.735,-121.91)')
  expect(opened).toContain('The pin is in Depot District.')
  const version = await get(rosa, `/desk/forms/${permit}/versions/1`)
  expect(version).toContain('What is the event called?')
  expect(version).not.toContain('Renamed')
  const list = await get(dana, '/desk/forms')
  for (const number of [1, 2]) expect(list).toContain(`/desk/forms/${permit}/versions/${String(number)}`)
})

test('who has no duty with forms finds no way to their answers beside the cases', async () => {
  expect(await get(rosa, '/desk')).toContain('href="/desk/forms/use"')
  expect(await get(dana, '/desk')).not.toContain('href="/desk/forms/use"')
})

test('a form that is asked no more still says how long what came by it is kept', async () => {
  const live = await openForms(house, (misfit) => expect(misfit).toBeUndefined())
  const before = keptFor(house.city, live.get(permit))
  const version = live.get(permit)?.version ?? 0
  expect(await act(rosa, `${permit}/retirements`, { version })).toContain('done=retired')
  await live.refresh()
  expect(live.get(permit)).toBeUndefined()
  expect(before).toBeDefined()
  expect(keptFor(house.city, live.get(permit) ?? live.closed(permit))).toEqual(before)
})

test('what is imported is a draft at the desk at once, written in the ledger; a second time it is not', async () => {
  const draft = { ...(house.forms.get('records-request' as FormId)?.source as DraftFile), id: 'brought-in', topic: 'nothing-we-have' } // prettier-ignore
  const bring = () => importToDesk(house.database.owner, house.city, { draft }, 'facility-rentals' as TopicId)
  expect(await bring()).toEqual({ form: 'brought-in', version: 1, topic: 'facility-rentals' })
  expect(await get(rosa, '/desk/forms/brought-in')).toContain('/forms/brought-in')
  expect(await get(dana, '/desk/forms')).not.toContain('brought-in')
  expect(await bring()).toEqual({ refused: 'open' })
  const written = await house.database.owner.once(sql`select from ledger.entry where act = 'form.drafted' and purpose = 'brought-in'`) // prettier-ignore
  expect(written).toHaveLength(1)
})
