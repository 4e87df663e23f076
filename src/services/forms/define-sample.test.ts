import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../city/index.ts'
import type { City, Power, SampleCase, SampleEvent, StaffId, TopicId } from '../../city/index.ts'
import { loadForms } from './define.ts'

const folder = join(import.meta.dirname, '../../../city')
const city = loadCity(folder)
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
const forms = loadForms(join(folder, 'forms'), city)
if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes, null, 2))
const sample = city.sample
if (sample === undefined) throw new Error('the sample city has no sample')

const named = sample.cases.map((one, index) => [`${index + 1}, ${one.daysAgo} days ago`, one] as const)

test('every state of a case, both languages and every form occur in the sample', () => {
  expect(new Set(sample.cases.map(({ state }) => state))).toEqual(new Set(['new', 'open', 'answered', 'closed']))
  expect(new Set(sample.cases.map(({ language }) => language))).toEqual(new Set(['en', 'es']))
  // Letters that book or sign up come with what they book: a slot of last year cannot be booked again.
  // What a minor sends comes with her parent's consent: its sample is made with the families (minors/sample.ts).
  const written = [...forms.values()].flatMap(({ id, minors }) =>
    id === 'facility-booking' || id === 'class-registration' || minors !== undefined ? [] : [id],
  )
  expect(new Set(sample.cases.map(({ form }) => form))).toEqual(new Set(written))
})

test.each(named)('sample letter %s is one that its form takes', (_, one) => {
  expect(forms.get(one.form)?.read(one.answers)).not.toHaveProperty('refused')
})

test.each(named)('sample letter %s stands where what happened leaves it', (_, one) => {
  expect(one.happened.reduce(stateAfter, 'new')).toBe(one.state)
})

test.each(named)('everything that happened to sample letter %s was somebody’s duty', (_, one) => {
  expect(withoutDuty(city, one)).toEqual([])
})

test('sample people can be reached nowhere: their addresses and telephones are those kept for examples', () => {
  for (const { answers } of sample.cases) {
    if (answers.email !== undefined) expect(answers.email).toMatch(/@example\.org$/)
    if (answers.telephone !== undefined) expect(answers.telephone).toMatch(/555-01\d\d$/)
  }
})

function stateAfter(state: SampleCase['state'], event: SampleEvent): SampleCase['state'] {
  if (event.does === 'reply') return 'answered'
  if (event.does === 'close') return 'closed'
  if (event.does === 'assign') return state === 'new' ? 'open' : state
  if (event.does === 'resident-writes') return state === 'new' ? 'new' : 'open'
  return state
}

const powerFor = {
  look: 'read',
  reply: 'answer',
  note: 'note',
  assign: 'assign',
  move: 'move',
  close: 'close',
} as const

const withoutDuty = (city: City, { form, answers, happened }: SampleCase): SampleEvent[] => {
  const read = forms.get(form)?.read(answers)
  let topic: TopicId | undefined = read && !isRefusal(read) ? read.topic : undefined
  const covers = (who: StaffId, power: Power) =>
    (city.sample?.staff.find(({ handle }) => handle === who)?.duties ?? []).some((id) => {
      const duty = city.duties.get(id)
      return topic !== undefined && duty?.topics.includes(topic) && duty.may.includes(power)
    })
  return happened.filter((event) => {
    if (event.does === 'resident-writes') return false
    const allowed = covers(event.by, powerFor[event.does]) && (event.does !== 'assign' || covers(event.to, 'read'))
    if (event.does === 'move') topic = event.to
    return !allowed
  })
}
