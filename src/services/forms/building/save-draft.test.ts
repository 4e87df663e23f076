import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { beginDraft } from './begin.ts'
import { readDraft, wholeForm } from './draft.ts'
import { saveDraft, saveDraftAsOperator } from './save-draft.ts'

let house: TestHouse
let mei: Clerk
let aisha: Clerk
let tom: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  mei = await house.hire('mei', 'deputy-clerk')
  aisha = await house.hire('aisha', 'recreation-coordinator')
  tom = await house.hire('tom', 'librarian')
})
afterAll(() => house.close())

const draftOf = (id: string, topic = 'public-records') => beginDraft(id, topic as TopicId, { en: 'Tags', es: '' })
const entries = async (form: string) => {
  const rows = await house.database.owner.transaction((tx) =>
    tx.rows<{ line: string }>(sql`select concat_ws(' ', act, actor_kind, duty, detail) as line from ledger.entry
      where purpose = ${form} order by at, id`),
  )
  return rows.map(({ line }) => line)
}

test('a draft is begun and kept revision by revision, each in the ledger, and a late revision changes nothing', async () => {
  const draft = draftOf('dog-tags')
  expect(await saveDraft(house, mei.actor, { draft, revision: 0 })).toEqual({ done: true, version: 1, revision: 1 })
  expect(await saveDraft(house, mei.actor, { draft, revision: 0 })).toEqual({ refused: 'changed' })
  const more = { ...draft, title: { en: 'Dog tags', es: 'Placas' } }
  expect(await saveDraft(house, mei.actor, { draft: more, revision: 1 })).toEqual({
    done: true,
    version: 1,
    revision: 2,
  })
  expect(await saveDraft(house, mei.actor, { draft, revision: 1 })).toEqual({ refused: 'changed' })
  expect(await entries('dog-tags')).toEqual([
    'form.drafted staff deputy-clerk version=1',
    'form.revised staff deputy-clerk version=1 revision=2',
  ])
})

test('nobody drafts, changes or takes over a form of a department whose forms she does not build', async () => {
  const mine = draftOf('cat-tags')
  for (const clerk of [tom, aisha])
    expect(await saveDraft(house, clerk.actor, { draft: mine, revision: 0 })).toEqual({ refused: 'not-there' })
  await saveDraft(house, mei.actor, { draft: mine, revision: 0 })
  const taken = { ...mine, topic: 'facility-rentals' }
  expect(await saveDraft(house, aisha.actor, { draft: taken, revision: 1 })).toEqual({ refused: 'not-there' })
  expect(await saveDraft(house, mei.actor, { draft: taken, revision: 1 })).toEqual({ refused: 'not-there' })
  expect(await entries('cat-tags')).toHaveLength(1)
})

test('whoever runs the site begins drafts for any department, and overwrites none that is open', async () => {
  const draft = draftOf('bird-tags', 'facility-rentals')
  const save = () => house.database.owner.transaction((tx) => saveDraftAsOperator(tx, draft))
  expect(await save()).toEqual({ done: true, version: 1, revision: 1 })
  expect(await save()).toEqual({ refused: 'changed' })
  expect(await entries('bird-tags')).toEqual(['form.drafted operator version=1'])
})

test('a draft may lack what a form must have, and what is not even a beginning is refused with its place', () => {
  const draft = draftOf('tags')
  expect(readDraft(draft)).toEqual(draft)
  expect(wholeForm(draft)).toMatchObject({
    mistakes: expect.arrayContaining([expect.objectContaining({ file: 'title/es' })]),
  })
  expect(readDraft({ ...draft, fields: { a: { kind: 'telepathy', label: { en: 'A', es: 'A' } } } })).toMatchObject({
    mistakes: [{ file: 'fields/a/kind' }],
  })
  for (const form of house.forms.values()) expect(readDraft(form.source)).toEqual(form.source)
})
