import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import type { FormId } from '../../city/index.ts'
import { assign, issueToken, readReceipt } from '../correspondence/index.ts'
import { formPage } from './pages/form.ts'
import { nearBefore } from './near-before.ts'
import { submit } from './submit.ts'

let house: TestHouse
let dispatcher: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  dispatcher = await house.hire('dana', 'works-dispatcher')
})
afterAll(() => house.close())

const form = () => {
  const found = house.forms.get('report-a-problem' as FormId)
  if (!found) throw new Error('no report-a-problem')
  return found
}
const answers = { topic: 'potholes', neighborhood: 'riverbend', where: 'River Street 7', what: 'A hole, says Ximena.' }
async function sent(changed: Partial<typeof answers> = {}, token = issueToken(house.keys)) {
  const outcome = await submit(house, form(), { ...answers, ...changed, token }, 'en')
  if (!('code' in outcome)) throw new Error('not received')
  const receipt = await readReceipt(house, outcome.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { ...outcome, caseId: receipt.line.id, version: receipt.line.version, token }
}
const asked = (changed: object = {}) =>
  nearBefore(house, form(), { ...answers, first: 'near', token: issueToken(house.keys), ...changed })

test('the page asks first, and shows topic, neighborhood, age and state, in both languages, and nothing else', async () => {
  expect(await asked()).toBeUndefined()
  const first = await sent()
  expect(await asked()).toMatchObject({ reports: [{ inWork: false, days: 0 }] })
  await assign(house, dispatcher.actor, { ...first, assignee: dispatcher.employee })
  const near = await asked()
  expect(near).toMatchObject({ topic: 'potholes', place: 'riverbend', reports: [{ inWork: true }] })
  expect(Object.keys(near?.reports[0] ?? {}).sort()).toEqual(['days', 'inWork'])
  if (!near) return
  for (const language of ['en', 'es'] as const) {
    const page = String(formPage(house, language, form(), { token: 't', values: answers, near }))
    expect(page).toContain('Riverbend')
    expect(page).toContain(language === 'en' ? 'being worked on' : 'se está atendiendo')
    expect(page).toContain('value="River Street 7"')
    expect(page).not.toContain('name="first"')
    expect(page).not.toContain(first.caseId)
  }
  expect(String(formPage(house, 'en', form(), { token: 't' }))).toContain('name="first"')
})

test('a post from elsewhere is not asked, nor a page without a neighborhood, nor one with mistakes', async () => {
  await sent()
  expect(await asked({ first: undefined })).toBeUndefined()
  expect(await asked({ neighborhood: '' })).toBeUndefined()
  expect(await asked({ what: '' })).toBeUndefined()
})

test('whoever sends the same letter once more is on her way to her receipt, and is not asked', async () => {
  const own = await sent({ neighborhood: 'northgate' })
  expect(await asked({ neighborhood: 'northgate' })).toBeDefined()
  expect(await asked({ neighborhood: 'northgate', token: own.token })).toBeUndefined()
})

test('a letter that a rule brought to another topic is found where it went', async () => {
  await sent({ topic: 'illegal-dumping', neighborhood: 'levee-park' })
  const [row] = await house.database.owner.once<{ topic: string }>(
    sql`select topic from correspondence.casefile where place = 'levee-park'`,
  )
  expect(row?.topic).toBe('parks-upkeep')
  expect(await asked({ topic: 'illegal-dumping', neighborhood: 'levee-park' })).toMatchObject({
    topic: 'illegal-dumping',
  })
})

test('what is settled, or older than two weeks, is not told', async () => {
  const old = await sent({ neighborhood: 'orchard-park' })
  const done = await sent({ neighborhood: 'orchard-park' })
  const { owner } = house.database
  await owner.once(
    sql`update correspondence.casefile set received_at = now() - interval '15 days' where id = ${old.caseId}`,
  )
  await owner.once(
    sql`update correspondence.casefile set state = 'closed', closed_because = 'done' where id = ${done.caseId}`,
  )
  expect(await asked({ neighborhood: 'orchard-park' })).toBeUndefined()
})

test('of a sensitive topic, and of one that is no problem, the database itself tells nobody anything', async () => {
  const { owner } = house.database
  const one = await sent({ neighborhood: 'mission-grove' })
  for (const topic of ['police-conduct', 'library-general', 'accessibility']) {
    await owner.once(sql`update correspondence.casefile set topic = ${topic} where id = ${one.caseId}`)
    expect(await house.db.once(sql`select * from routing.reported_near(${topic}, 'mission-grove', null)`)).toEqual([])
  }
  await owner.once(sql`update correspondence.casefile set topic = 'graffiti' where id = ${one.caseId}`)
  const told = await house.db.once<{ received_at: { toString(): string } }>(
    sql`select * from routing.reported_near('graffiti', 'mission-grove', null)`,
  )
  expect(Object.keys(told[0] ?? {}).sort()).toEqual(['received_at', 'state'])
  expect(told[0]?.received_at.toString()).toMatch(/T\d\d:00:00Z$/)
})
