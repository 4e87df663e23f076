import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signCheckpoint } from './checkpoint.ts'
import { ledgerName, openLedgerKey } from './key.ts'
import { emptyRoot } from './merkle.ts'
import { openWitness } from './witness.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityhall-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the key is made once, readable by its owner only, and found again', async () => {
  const secrets = join(folder, 'secrets')
  const first = await openLedgerKey(secrets, 'town.example/ledger')
  expect((await stat(join(secrets, 'ledger.key'))).mode & 0o777).toBe(0o600)
  expect(await readdir(secrets)).toEqual(['ledger.key'])
  expect(await openLedgerKey(secrets, 'town.example/ledger')).toMatchObject({ vkey: first.vkey })
})

test('the ledger keeps its name when the city’s address changes', async () => {
  const { vkey } = await openLedgerKey(folder, 'town.example/ledger')
  expect(await openLedgerKey(folder, 'www.town.example/ledger')).toMatchObject({ name: 'town.example/ledger', vkey })
})

test('of many processes that start at once all end with the same key', async () => {
  const starts = Array.from({ length: 12 }, () => openLedgerKey(folder, 'town.example/ledger'))
  expect(new Set((await Promise.all(starts)).map((signer) => signer.vkey)).size).toBe(1)
  expect(await readdir(folder)).toEqual(['ledger.key'])
})

test('a key that others may read, or that is none, is refused with what to do', async () => {
  await openLedgerKey(folder, 'town.example/ledger')
  const file = join(folder, 'ledger.key')
  await chmod(file, 0o640)
  await expect(openLedgerKey(folder, 'town.example/ledger')).rejects.toThrow(`chmod 600 ${file}`)
  await chmod(file, 0o600)
  await writeFile(file, 'ledger: town.example/ledger\nno key')
  await expect(openLedgerKey(folder, 'town.example/ledger')).rejects.toThrow('put back the one from the back-up')
})

test('a ledger is named after the public address, or else after the city', () => {
  expect(ledgerName('https://city.example.gov:8443/', 'rivermouth')).toBe('city.example.gov:8443/ledger')
  expect(ledgerName(undefined, 'rivermouth')).toBe('rivermouth/ledger')
})

test('the witness goes forward only, and leaves no stray files', async () => {
  const signer = await openLedgerKey(folder, 'town.example/ledger')
  const witness = openWitness(join(folder, 'ledger.checkpoint'), signer.vkey)
  expect(await witness.last()).toBeUndefined()
  const [small, large] = [signCheckpoint(4, emptyRoot, signer), signCheckpoint(9, emptyRoot, signer)]
  await witness.advance(large)
  await witness.advance(small)
  expect(await witness.last()).toMatchObject({ size: 9 })
  expect(await readFile(witness.file, 'utf8')).toBe(large)
  expect((await readdir(folder)).sort()).toEqual(['ledger.checkpoint', 'ledger.key'])
  await expect(witness.advance('nonsense')).rejects.toThrow('malformed')
})
