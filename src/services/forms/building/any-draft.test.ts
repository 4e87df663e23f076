import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, sampleCity, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { isMistaken } from '../../../plumbing/index.ts'
import { checkedForm } from '../define.ts'
import { formPage } from '../pages/form.ts'
import { anyDraft } from '../testing/any-draft.ts'
import { readDraft, wholeForm, type DraftFile } from './draft.ts'
import { draftsOnDesk } from './on-desk.ts'
import { saveDraft } from './save-draft.ts'

const city = sampleCity()
let house: TestHouse
let mei: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  mei = await house.hire('mei', 'deputy-clerk')
})
afterAll(() => house.close())

const defined = (draft: DraftFile) => {
  const whole = wholeForm(draft)
  return isMistaken(whole) ? whole : checkedForm(whole, city)
}

test('any form that the builder can make is a form without a mistake, is drawn in both languages, and reads a post', () => {
  fc.assert(
    fc.property(anyDraft(city), (draft) => {
      const form = defined(draft)
      if (isMistaken(form)) expect(form.mistakes).toEqual([])
      else {
        for (const language of ['en', 'es'] as const)
          for (const page of form.pages) {
            const drawn = String(formPage({ city }, language, form, { token: 't', page }))
            for (const { name } of page.fields) expect(drawn).toContain(name)
          }
        form.read({})
      }
    }),
    { numRuns: 60 },
  )
})

test('any draft is the same again after it was kept, to the order of its questions', async () => {
  let revision = 0
  await fc.assert(
    fc.asyncProperty(anyDraft(city), async (one) => {
      const draft = { ...one, topic: 'public-records' }
      const saved = await saveDraft(house, mei.actor, { draft, revision })
      if ('refused' in saved) throw new Error(saved.refused)
      revision = saved.revision
      const [found] = await draftsOnDesk(house, mei.actor, draft.id)
      expect(JSON.stringify(found?.draft)).toBe(JSON.stringify(draft))
      expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
    }),
    { numRuns: 20 },
  )
})
