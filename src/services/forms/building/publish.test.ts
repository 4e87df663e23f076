import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { FormId, TopicId } from '../../../city/index.ts'
import { fixedText, sql } from '../../../plumbing/index.ts'
import { sensitiveCategories } from '../define-privacy.ts'
import { openForms } from '../live-forms.ts'
import { takeForms } from '../take-files.ts'
import { beginDraft, copyDraft } from './begin.ts'
import type { DraftFile } from './draft.ts'
import { draftsOnDesk } from './on-desk.ts'
import { approve, discardDraft, publish, retire } from './publish.ts'
import { saveDraft } from './save-draft.ts'

let house: TestHouse
let mei: Clerk
let nora: Clerk
let tom: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  mei = await house.hire('mei', 'deputy-clerk')
  nora = await house.hire('nora', 'privacy-officer', 'deputy-clerk')
  tom = await house.hire('tom', 'librarian')
  await house.database.owner.transaction((tx) => takeForms(tx, house.forms))
})
afterAll(() => house.close())

const topic = 'public-records' as TopicId
const records = () => house.forms.get('records-request' as FormId)?.source as DraftFile
const begun = async (draft: DraftFile, by = mei) => {
  const saved = await saveDraft(house, by.actor, { draft, revision: 0 })
  if ('refused' in saved) throw new Error(saved.refused)
  return { form: draft.id, version: saved.version, revision: saved.revision }
}
const asking = (draft: DraftFile, category: string): DraftFile => {
  const property = structuredClone(draft.schema.properties['name'])
  if (property && typeof property.privacy === 'object')
    Object.assign(property.privacy, { category, purpose: 'check-eligibility' })
  return {
    ...draft,
    schema: { ...draft.schema, properties: { ...draft.schema.properties, name: property } },
  } as DraftFile
}
const acts = async (form: string) =>
  (
    await house.database.owner.transaction((tx) =>
      tx.rows<{ line: string }>(
        sql`select concat_ws(' ', act, duty, detail) as line from ledger.entry where purpose = ${form} order by at, id`,
      ),
    )
  ).map(({ line }) => line)
const live = () => openForms(house, (misfit) => expect(misfit).toBeUndefined())
const served = async (id: string) => (await live()).get(id as FormId)?.version

test('what is published is served to everybody, a new version takes its place, and the retired one can be sent for a day', async () => {
  const forms = await live()
  const heard: string[] = []
  forms.onChange(({ published, closed }) =>
    heard.push(
      ...published.map(({ id, version }) => `${id} ${String(version)}`),
      ...closed.map((id) => `${id} closed`),
    ),
  )
  const draft = copyDraft(records(), 'tree-tags', { en: 'Tree tags', es: 'Placas' })
  const first = await begun(draft)
  expect(await publish(house, tom.actor, first)).toEqual({ refused: 'not-there' })
  expect(await publish(house, mei.actor, { ...first, revision: 7 })).toEqual({ refused: 'changed' })
  expect(await forms.refresh()).toBe(false)
  expect(await publish(house, mei.actor, first)).toEqual({ done: 'published' })
  expect(await publish(house, mei.actor, first)).toEqual({ refused: 'not-there' })
  expect(await forms.refresh()).toBe(true)
  const id = draft.id as FormId
  expect(forms.get(id)?.version).toBe(1)
  const second = await begun({ ...draft, intro: { en: 'Anew', es: 'De nuevo' } })
  expect(second.version).toBe(2)
  await publish(house, mei.actor, second)
  await forms.refresh()
  expect([forms.get(id)?.version, forms.taken(id, 1)?.version, forms.taken(id, 2)?.version]).toEqual([2, 1, 2])
  expect(await retire(house, tom.actor, second)).toEqual({ refused: 'not-there' })
  expect(await retire(house, mei.actor, second)).toEqual({ done: true })
  await forms.refresh()
  expect([forms.get(id), forms.closed(id)?.version, forms.taken(id, 2)?.version]).toEqual([undefined, 2, 2])
  expect(heard).toEqual(['tree-tags 1', 'tree-tags 2', 'tree-tags closed'])
  const tomorrow = { now: () => house.clock.now().add({ hours: 25 }) }
  const later = await openForms({ ...house, clock: tomorrow }, () => undefined)
  expect([later.taken(id, 2), later.closed(id)?.version]).toEqual([undefined, 2])
  expect(await acts('tree-tags')).toEqual([
    'form.drafted deputy-clerk version=1',
    'form.published deputy-clerk version=1 revision=1',
    'form.drafted deputy-clerk version=2',
    'form.published deputy-clerk version=2 revision=1',
    'form.retired deputy-clerk version=2',
  ])
})

test('what asks for something sensitive waits for a second person, who wrote none of it', async () => {
  const draft = asking(copyDraft(records(), 'age-check', { en: 'Age', es: 'Edad' }), 'birth-date')
  const asked = await begun(draft)
  expect(await publish(house, mei.actor, asked)).toEqual({ done: 'in-review' })
  expect(await served('age-check')).toBeUndefined()
  expect(await approve(house, mei.actor, { ...asked, yes: true })).toEqual({ refused: 'not-there' })
  expect((await draftsOnDesk(house, nora.actor, 'age-check'))[0]).toMatchObject({
    approves: true,
    state: { is: 'in-review' },
  })
  expect(await draftsOnDesk(house, tom.actor, 'age-check')).toEqual([])
  expect(await approve(house, nora.actor, { ...asked, yes: false })).toEqual({ done: 'sent-back' })
  // She builds too: what she has written in, she no longer approves, whoever wrote last.
  await saveDraft(house, nora.actor, { draft, revision: 1 })
  await saveDraft(house, mei.actor, { draft, revision: 2 })
  const again = { ...asked, revision: 3 }
  expect(await publish(house, mei.actor, again)).toEqual({ done: 'in-review' })
  expect(await approve(house, nora.actor, { ...again, yes: true })).toEqual({ refused: 'own' })
  const other = await house.hire('olga', 'privacy-officer')
  expect(await approve(house, other.actor, { ...again, yes: true })).toEqual({ done: 'published' })
  expect(await served('age-check')).toBe(1)
  expect((await acts('age-check')).slice(-2)).toEqual([
    'form.submitted deputy-clerk version=1',
    'form.published privacy-officer version=1 revision=3 approved=yes',
  ])
})

test('a change ends the review: nobody approves what she has not read', async () => {
  const draft = asking(copyDraft(records(), 'health-check', { en: 'Age', es: 'Edad' }), 'health')
  const asked = await begun(draft)
  await publish(house, mei.actor, asked)
  await saveDraft(house, mei.actor, { draft, revision: 1 })
  expect(await approve(house, nora.actor, { ...asked, yes: true })).toEqual({ refused: 'changed' })
})

test('what lacks its purpose is refused with every reason, and by the database itself', async () => {
  const asked = await begun(beginDraft('empty-form', topic, { en: 'Empty', es: 'Vacío' }))
  expect(await publish(house, mei.actor, asked)).toMatchObject({
    refused: 'in-the-way',
    refusals: [{ code: 'no-question' }],
  })
  const lacking = await house.database.owner.transaction((tx) =>
    tx.row<{
      lacks: boolean
      sees: boolean
    }>(sql`select forms.lacks_purpose(${JSON.stringify({ ...records(), schema: { ...records().schema, properties: { ...records().schema.properties, name: { type: 'string' } } } })}::json) as lacks,
      not forms.lacks_purpose(${JSON.stringify(records())}::json) as sees`),
  )
  expect(lacking).toEqual({ lacks: true, sees: true })
})

test('the database and the program call the same categories sensitive', async () => {
  const { rows } = await house.database.owner.transaction(async (tx) => ({
    rows: await tx.rows<{ def: string }>(
      sql`select pg_get_functiondef('forms.is_sensitive(json)'::regprocedure) as def`,
    ),
  }))
  const listed = /in \(('[^)]*')\)/.exec(rows[0]?.def ?? '')?.[1]?.match(/[a-z-]+/g)
  expect(listed?.sort()).toEqual([...sensitiveCategories].sort())
})

test('the city’s files are the beginning; what clerks have made since is not overwritten, and a new wording waits as a draft', async () => {
  const take = (source: DraftFile) =>
    house.database.owner.transaction((tx) => takeForms(tx, new Map([[source.id, { id: source.id, source }]]) as never))
  const file = copyDraft(records(), 'from-files', { en: 'Files', es: 'Archivos' })
  expect(await take(file)).toMatchObject({ published: ['from-files'] })
  expect(await take(file)).toEqual({ published: [], drafted: [], waiting: [] })
  const better = { ...file, intro: { en: 'Better', es: 'Mejor' } }
  expect(await take(better)).toMatchObject({ published: ['from-files'] })
  expect(await served('from-files')).toBe(2)
  const asked = await begun({ ...better, intro: { en: 'Ours', es: 'Nuestro' } })
  expect(await take({ ...better, intro: { en: 'Best', es: 'Lo mejor' } })).toMatchObject({ waiting: ['from-files'] })
  await publish(house, mei.actor, asked)
  expect(await take({ ...better, intro: { en: 'Best', es: 'Lo mejor' } })).toMatchObject({ drafted: ['from-files'] })
  const [draft] = await draftsOnDesk(house, mei.actor, 'from-files')
  expect(draft).toMatchObject({ version: 4, origin: 'files', state: { is: 'draft' }, draft: { intro: { en: 'Best' } } })
  expect(await discardDraft(house, tom.actor, { form: 'from-files', version: 4, revision: 1 })).toEqual({
    refused: 'not-there',
  })
  expect(await discardDraft(house, mei.actor, { form: 'from-files', version: 4, revision: 1 })).toEqual({ done: true })
  expect(await served('from-files')).toBe(3)
})

test('a published version is never another again, not even for who owns the database', async () => {
  const change = (text: string) =>
    house.database.owner
      .transaction((tx) => tx.rows(fixedText(text)))
      .then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code,
      )
  for (const statement of [
    `update forms.version set definition = '{"topic":"public-records"}' where form = 'records-request'`,
    `update forms.version set version = 9 where form = 'records-request'`,
    `update forms.version set state = 'draft', published_at = null where form = 'records-request'`,
    `delete from forms.version where form = 'records-request'`,
    `truncate forms.version`,
  ])
    expect(await change(statement), statement).toBe('CH001')
})
