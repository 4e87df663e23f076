import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { discharge } from './charge.ts'
import { enterStaff } from './enter.ts'
import { importCity } from './import-city.ts'
import { acts, cityOf, openCase, settle, signedIn, smallCity, type SmallTown } from './testing/small-city.ts'

let town: SmallTown
beforeAll(async () => {
  town = await settle()
})
afterAll(() => town.drop())

const bring = (city: Parameters<typeof importCity>[1]) => town.owner.transaction((tx) => importCity(tx, city))
const facts = { topics: { potholes: 'streets', signs: 'streets', books: 'library' } }
const duties = { 'streets-clerk': ['potholes', 'signs'], 'signs-painter': ['signs'], librarian: ['books'] }

test('importing the same files again changes nothing and writes nothing', async () => {
  const before = await acts(town.owner)
  expect(await bring(smallCity)).toEqual({ changed: false })
  expect(await acts(town.owner)).toEqual(before)
})

test('what the files no longer hold is refused by name while it is used, and nothing is half-loaded', async () => {
  await openCase(town.owner, 'potholes')
  const smaller = cityOf({
    topics: { signs: 'parks', books: 'library' },
    duties: { librarian: ['books'] },
    places: ['hills'],
  })
  expect(await bring(smaller)).toEqual({
    refused: 'still-used',
    uses: [
      { kind: 'duty', id: 'streets-clerk', by: 'employees', count: 1 },
      { kind: 'place', id: 'riverside', by: 'cases', count: 1 },
      { kind: 'topic', id: 'potholes', by: 'cases', count: 1 },
    ],
  })
  expect(await town.owner.once(sql`select id from city.department order by id`)).toEqual([
    { id: 'library' },
    { id: 'streets' },
  ])
})

test('a change of duties changes sight at the next request', async () => {
  const ana = await signedIn(town, 'ana')
  const topics = () => town.app.transaction(async (tx) => (await enterStaff(tx, ana))?.topics)
  expect(await topics()).toEqual(['potholes', 'signs'])
  expect(await bring(cityOf({ ...facts, duties: { ...duties, 'streets-clerk': ['potholes'] } }))).toEqual({
    changed: true,
  })
  expect(await topics()).toEqual(['potholes'])
  expect(await acts(town.owner)).toContain('city.imported')
})

test('what is unused goes, a duty of the past included', async () => {
  await town.owner.transaction((tx) => discharge(tx, town.ben, 'librarian'))
  expect(await bring(cityOf({ topics: { potholes: 'roads' }, duties: { 'streets-clerk': ['potholes'] } }))).toEqual({
    changed: true,
  })
  expect(await town.owner.once(sql`select id, department from city.topic`)).toEqual([
    { id: 'potholes', department: 'roads' },
  ])
  expect(await town.owner.once(sql`select id from need_to_know.duty`)).toEqual([{ id: 'streets-clerk' }])
  expect(await town.owner.once(sql`select id from city.department`)).toEqual([{ id: 'roads' }])
})
