import { randomUUID } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { openKeyFile } from './key-file.ts'
import { newDataKey, seal, unseal, unwrap, type SubjectId } from './seal.ts'
import { blindToken } from './token.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const keys = openKeyFile(join(folder.path, 'keys.json'))
const subject = randomUUID() as SubjectId
const standing = { table: 'message', column: 'sealed', row: randomUUID() }

describe('sealing', () => {
  it('gives back any text it sealed, and never the same bytes twice', () => {
    const { key } = newDataKey(keys, subject)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = seal(key, standing, text)
        expect(unseal(key, standing, sealed)).toBe(Buffer.from(text).toString())
        expect(seal(key, standing, text).equals(sealed)).toBe(false)
      }),
    )
  })

  it('does not open what was moved to another table, column, row or subject', () => {
    const { key } = newDataKey(keys, subject)
    const sealed = seal(key, standing, 'my words')
    for (const moved of [{ table: 'x' }, { column: 'x' }, { row: randomUUID() }])
      expect(() => unseal(key, { ...standing, ...moved }, sealed)).toThrow()
    expect(() => unseal({ ...key, subject: randomUUID() as SubjectId }, standing, sealed)).toThrow()
  })

  it('does not open what was changed in any byte', () => {
    const { key } = newDataKey(keys, subject)
    const sealed = seal(key, standing, 'my words')
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = Number(changed[at]) ^ 1
      expect(() => unseal(key, standing, changed)).toThrow()
    }
  })

  it('unwraps a data key only for its own subject and with the key that wrapped it', () => {
    const { key, stored } = newDataKey(keys, subject)
    const sealed = seal(key, standing, 'my words')
    expect(unseal(unwrap(keys, subject, stored), standing, sealed)).toBe('my words')
    expect(() => unwrap(keys, randomUUID() as SubjectId, stored)).toThrow()
    const others = openKeyFile(join(folder.path, 'other-keys.json'))
    expect(() => unwrap(others, subject, stored)).toThrow(/not in the key file/)
  })
})

describe('the key file', () => {
  it('is made for its owner alone and read again as the same keys', () => {
    const path = join(folder.path, 'fresh.json')
    const first = openKeyFile(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const again = openKeyFile(path)
    expect(again.current).toBe(first.current)
    expect(again.derive('receipt').export().equals(first.derive('receipt').export())).toBe(true)
    expect(again.derive('receipt').export().equals(first.derive('blind-token').export())).toBe(false)
  })

  it('is refused when others can read it, and when it is not a key file', () => {
    const path = join(folder.path, 'open.json')
    openKeyFile(path)
    chmodSync(path, 0o644)
    expect(() => openKeyFile(path)).toThrow(/can be read by others/)
    for (const wrong of [
      '',
      '{}',
      '{"current":"a","keys":{"a":"AAAA"},"root":"AAAA"}',
      readFileSync(path, 'utf8').slice(9),
    ]) {
      writeFileSync(path, wrong)
      chmodSync(path, 0o600)
      expect(() => openKeyFile(path)).toThrow(/not a Cityhall key file/)
    }
  })
})

describe('a blind token', () => {
  it('is the same for the ways people write one address, number or name', () => {
    const same = (kind: Parameters<typeof blindToken>[1], a: string, b: string) => {
      expect(blindToken(keys, kind, a)).toEqual(blindToken(keys, kind, b))
    }
    same('email', ' Ana.Ruiz@Example.org', 'ana.ruiz@example.org')
    same('telephone', '(555) 555-0142', '+1 555 555 0142')
    same('name', 'José  Núñez', 'jose nunez')
  })

  it('differs by kind and by city', () => {
    expect(blindToken(keys, 'email', 'a')).not.toEqual(blindToken(keys, 'name', 'a'))
    const others = openKeyFile(join(folder.path, 'other-keys.json'))
    expect(blindToken(others, 'name', 'a')).not.toEqual(blindToken(keys, 'name', 'a'))
  })
})
