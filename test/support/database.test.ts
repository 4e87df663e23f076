import { expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { createTestDatabase } from './database.ts'

test('each test has a migrated database of its own, under each role', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const whoAmI = sql`select current_user as who, current_database() as database`
  const [[app], [keeper], [elsewhere]] = await Promise.all([
    one.app.once<{ who: string; database: string }>(whoAmI),
    one.keeper.once<{ who: string }>(whoAmI),
    other.app.once<{ database: string }>(whoAmI),
  ])
  expect(app?.who).toBe('cityhall_app')
  expect(keeper?.who).toBe('cityhall_keeper')
  expect(elsewhere?.database).not.toBe(app?.database)
  await expect(one.app.once(sql`create temporary table t (n int)`)).rejects.toMatchObject({ code: '42501' })
  await Promise.all([one.drop(), other.drop()])
})
