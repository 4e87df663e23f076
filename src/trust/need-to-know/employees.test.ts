import { afterAll, beforeAll, expect, test } from 'vitest'
import { appoint } from './appoint.ts'
import { charge, discharge } from './charge.ts'
import { leave } from './leave.ts'
import { listEmployees } from './read.ts'
import { setPassword } from './set-password.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { acts, password, settle, type SmallTown } from './testing/small-city.ts'

let town: SmallTown
beforeAll(async () => {
  town = await settle()
})
afterAll(() => town.drop())

const asOwner = <T>(act: (tx: Tx) => Promise<T>) => town.owner.transaction(act)

test('each act on an employment is in the ledger with a tag of the employee, not her name', async () => {
  const before = (await acts(town.owner)).length
  const hired = await asOwner((tx) => appoint(tx, { handle: 'ida', name: 'Ida Berg' }))
  const ida = 'employee' in hired ? hired.employee : 0
  await asOwner((tx) => charge(tx, ida, 'librarian'))
  await asOwner((tx) => setPassword(tx, ida, password, town.keys.pepper))
  await asOwner((tx) => discharge(tx, ida, 'librarian'))
  await asOwner((tx) => leave(tx, ida))
  expect((await acts(town.owner)).slice(before)).toEqual([
    'employee.appointed',
    'employee.charged',
    'password.set',
    'employee.discharged',
    'employee.left',
  ])
  const [words] = await town.owner.once<{ all: string }>(
    sql`select string_agg(ledger.statement(e), ' ') as all from ledger.entry e where e.employee = ${ida}`,
  )
  expect(words?.all).toContain('employee.charged')
  expect(words?.all).not.toMatch(/ida|berg/i)
})

test('a handle stays with one person for ever', async () => {
  expect(await asOwner((tx) => appoint(tx, { handle: 'ana', name: 'Another Ana' }))).toEqual({
    refused: 'handle-taken',
  })
  expect(await asOwner((tx) => appoint(tx, { handle: 'No Spaces', name: 'X' }))).toEqual({ refused: 'bad-handle' })
  expect(await asOwner((tx) => appoint(tx, { handle: 'jo', name: '  ' }))).toEqual({ refused: 'bad-name' })
})

test('who is not employed cannot be charged, and no duty is invented', async () => {
  expect(await asOwner((tx) => charge(tx, 9999, 'librarian'))).toEqual({ refused: 'not-there' })
  expect(await asOwner((tx) => charge(tx, town.ana, 'mayor'))).toEqual({ refused: 'no-such-duty' })
  expect(await asOwner((tx) => charge(tx, town.ana, 'streets-clerk'))).toEqual({ done: false })
  expect(await asOwner((tx) => discharge(tx, town.ana, 'librarian'))).toEqual({ refused: 'not-there' })
})

test('who has left is still listed, without duties', async () => {
  const hired = await asOwner((tx) => appoint(tx, { handle: 'kai', name: 'Kai Moe' }))
  const kai = 'employee' in hired ? hired.employee : 0
  await asOwner((tx) => charge(tx, kai, 'librarian'))
  await asOwner((tx) => leave(tx, kai))
  expect(await asOwner((tx) => leave(tx, kai))).toEqual({ refused: 'not-there' })
  expect(await asOwner((tx) => charge(tx, kai, 'librarian'))).toEqual({ refused: 'not-there' })
  const listed = await asOwner(listEmployees)
  expect(listed.find(({ handle }) => handle === 'kai')).toMatchObject({ duties: [], hasPassword: false })
  expect(listed.find(({ handle }) => handle === 'kai')?.leftAt).toBeDefined()
  expect(listed.find(({ handle }) => handle === 'ana')).toMatchObject({ duties: ['streets-clerk'], hasPassword: true })
})
