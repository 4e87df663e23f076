import { randomUUID } from 'node:crypto'
import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, temporaryFolder, type TestDatabase } from '../../../test/support/database.ts'
import { sql } from '../../plumbing/index.ts'
import { custodyPrivateKey, unwrapFromCustody } from './custody.ts'
import { installKeys, missingKeys } from './install.ts'
import { openKeyFile, type Keys } from './key-file.ts'
import { newDataKeyWithCustody, seal, unseal, unwrap, type SubjectId } from './seal.ts'

const folder = temporaryFolder()
const keyFile = join(folder.path, 'keys.json')
let database: TestDatabase
let keys: Keys
beforeAll(async () => {
  database = await createTestDatabase()
  keys = openKeyFile(keyFile)
  keys.custody()
})
afterAll(async () => {
  await database.drop()
  folder.remove()
})

const at = { table: 'consent.held', column: 'sealed', row: 'allergies' }

async function subjectInUse() {
  const id = randomUUID() as SubjectId
  const { key, stored } = newDataKeyWithCustody(keys, id)
  await database.owner.once(sql`insert into vault.subject (id, wrapped_key, kek, custody_key)
    values (${id}, ${stored.wrapped}, ${stored.kek}, ${stored.custody})`)
  await database.owner.once(
    sql`insert into vault.token (kind, token, subject) values ('name', ${Buffer.alloc(32)}, ${id})`,
  )
  return { id, sealed: seal(key, at, 'peanuts') }
}

const stored = async (id: SubjectId) =>
  (
    await database.owner.once<{
      state: string
      wrapped_key: Buffer | null
      custody_key: Buffer | null
      kek: string
      tokens: number
    }>(
      sql`select state, wrapped_key, custody_key, kek, (select count(*)::int from vault.token t where t.subject = s.id) as tokens
        from vault.subject s where s.id = ${id}`,
    )
  )[0]

const act = async (name: 'withdraw' | 'destroy', id: SubjectId) => {
  const call = name === 'withdraw' ? sql`vault.withdraw_subject(${id})` : sql`vault.destroy_subject(${id})`
  return (await database.owner.once<{ done: boolean }>(sql`select ${call} as done`))[0]?.done
}

describe('custody', () => {
  it('leaves of a withdrawn subject only a copy that the custody key opens, and nothing else that the city has', async () => {
    const { id, sealed } = await subjectInUse()
    const before = await stored(id)
    expect(
      before?.wrapped_key && unseal(unwrap(keys, id, { wrapped: before.wrapped_key, kek: before.kek }), at, sealed),
    ).toBe('peanuts')
    expect(await act('withdraw', id)).toBe(true)
    const after = await stored(id)
    expect(after).toMatchObject({ state: 'withdrawn', wrapped_key: null, tokens: 0 })
    const copy = after?.custody_key ?? Buffer.alloc(0)
    // Every key that a serving process has, tried on what is left.
    for (const kek of keys.wrapping.keys()) expect(() => unwrap(keys, id, { wrapped: copy, kek })).toThrow()
    expect(() => unwrapFromCustody(keys.custody(), id, copy)).toThrow()
    expect(unseal(unwrapFromCustody(custodyPrivateKey(folder.path), id, copy), at, sealed)).toBe('peanuts')
    expect(() => unwrapFromCustody(custodyPrivateKey(folder.path), randomUUID() as SubjectId, copy)).toThrow()
    expect(await act('withdraw', id)).toBe(false)
  })

  it('leaves nothing of a destroyed subject, for whatever key', async () => {
    const [inUse, withdrawn] = [await subjectInUse(), await subjectInUse()]
    await act('withdraw', withdrawn.id)
    for (const { id } of [inUse, withdrawn]) {
      expect(await act('destroy', id)).toBe(true)
      expect(await stored(id)).toMatchObject({ state: 'destroyed', wrapped_key: null, custody_key: null, tokens: 0 })
      expect(await act('destroy', id)).toBe(false)
    }
  })

  it('cannot be reached by the roles that serve', async () => {
    const { id } = await subjectInUse()
    for (const role of [database.app, database.keeper])
      for (const call of [
        sql`vault.withdraw_subject(${id})`,
        sql`vault.destroy_subject(${id})`,
        sql`custody_key from vault.subject`,
      ])
        await expect(role.once(sql`select ${call}`)).rejects.toThrow(/permission denied/)
    expect((await stored(id))?.state).toBe('in-use')
  })

  it('works where the private half was taken off the machine, and is refused where the public half is another', async () => {
    expect(statSync(join(folder.path, 'custody.key')).mode & 0o777).toBe(0o600)
    renameSync(join(folder.path, 'custody.key'), join(folder.path, 'in-the-safe'))
    const again = openKeyFile(keyFile)
    expect(again.custody().equals(keys.custody())).toBe(true)
    expect(() => custodyPrivateKey(folder.path)).toThrow(/custody key/)
    expect(await database.owner.transaction((tx) => installKeys(tx, again))).toEqual([])
    expect(await missingKeys(database.app, again)).toEqual([])
    renameSync(join(folder.path, 'custody.pub'), join(folder.path, 'gone'))
    const other = openKeyFile(keyFile)
    other.custody()
    expect(await missingKeys(database.app, other)).toEqual(['custody'])
  })
})
