import { expect, test } from 'vitest'
import { loadCity } from '../../city/index.ts'
import { loadForms } from '../forms/index.ts'
import { createFind } from './find.ts'
import { formPathFor, type House } from './house.ts'

const house = theSampleCity()
const find = createFind(house)

test('an everyday word leads to the topic first, in either language and without its accents', () => {
  expect(find('pothole')[0]).toMatchObject({ kind: 'topic', title: { en: 'Pothole or broken pavement' } })
  expect(find('bache')[0]).toMatchObject({ title: { es: 'Bache o pavimento roto' } })
  expect(find('alumbrado')[0]?.href).toBe(find('ALÚMBRADO')[0]?.href)
})

test('a slip of the finger still finds it', () => {
  expect(find('pothle').map(({ title }) => title.en)).toContain('Pothole or broken pavement')
  expect(find('grafiti').map(({ title }) => title.en)).toContain('Graffiti')
})

test('words that only make a sentence do not decide what is found', () => {
  expect(find('how do I report a pothole on my street')[0]?.title.en).toMatch(/pothole/i)
})

test('what is another government’s is found with whose it is', () => {
  const found = find('stray dog').find(({ kind }) => kind === 'agency')
  expect(found?.title.en).toBe('Calma County Animal Care')
  expect(found?.href).toMatch(/^https:/)
})

test('a sentence of the policy is found and pointed at', () => {
  expect(find('sell personal information').some(({ href }) => /^\/privacy#p\d/.test(href))).toBe(true)
})

test('nothing is found for nothing, and for what is nowhere', () => {
  expect(find('')).toEqual([])
  expect(find('   ')).toEqual([])
  expect(find('zzqxv')).toEqual([])
})

test('a topic leads to a form that takes it, with the topic chosen', () => {
  for (const topic of house.city.topics.values()) {
    const path = formPathFor(house, topic)
    // What can be booked begins with what is free.
    if (path === '/bookings' || path === '/activities') continue
    expect(path, topic.id).toMatch(/^\/forms\//)
    const [id, query] = (path ?? '').slice('/forms/'.length).split('?')
    const form = [...house.forms.values()].find((one) => one.id === id)
    if (query === undefined) expect(form?.topic).toBe(topic.id)
    else expect(query).toBe(`${form?.topicFrom}=${topic.id}`)
  }
})

function theSampleCity(): House {
  const folder = new URL('../../../city', import.meta.url).pathname
  const city = loadCity(folder)
  if ('refused' in city) throw new Error('the sample city does not load')
  const forms = loadForms(`${folder}/forms`, city)
  if ('refused' in forms) throw new Error('the sample forms do not load')
  return { city, forms }
}
