import { randomUUID } from 'node:crypto'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { harmful, startClamd } from '../../../test/support/clamd.ts'
import { streamOf } from '../../../test/support/files.ts'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import type { FormId, TopicId } from '../../city/index.ts'
import { clamd, folderStore, sql } from '../../plumbing/index.ts'
import {
  checkHeld,
  checkHeldFiles,
  openAtReceipt,
  sweepFiles,
  takeFile,
  type Cabinet,
  type TakenFile,
} from '../attachments/index.ts'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { holderOf, issueToken, readReceipt, receive, type IncomingLetter } from './index.ts'

let house: TestHouse
let real: Awaited<ReturnType<typeof startClamd>>
let cabinet: Cabinet
const folder = temporaryFolder()
beforeAll(async () => {
  house = await openTestHouse()
  real = await startClamd()
  const store = folderStore(join(folder.path, 'files'))
  cabinet = { store, spool: folderStore(join(folder.path, 'spool')), scanner: clamd({ path: real.path }) }
}, 60_000)
afterAll(async () => {
  await house.close()
  await real.stop()
  folder.remove()
})

const down = () => ({ ...cabinet, scanner: clamd({ path: '/nowhere/clamd.socket' }) })
const take = (words: string, where = cabinet) => takeFile(where, { name: 'note.txt', stream: streamOf(words) })

async function held(words: string): Promise<TakenFile> {
  const file = await take(words, down())
  if ('refused' in file) throw new Error(file.refused)
  expect(file.state).toBe('held')
  return file
}

const letter: IncomingLetter = {
  channel: 'form',
  form: 'report-a-problem' as FormId,
  formVersion: 1,
  topic: 'potholes' as TopicId,
  language: 'en',
  answers: [{ field: 'what', label: 'What is wrong?', value: 'A hole.' }],
  contact: {},
}

async function sent(...files: TakenFile[]) {
  const received = await receive(house, { ...letter, files }, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const { code } = received
  const file = async () => {
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    return { state: receipt.letters[0]?.files?.[0]?.state, caseId: receipt.line.id, history: receipt.history }
  }
  const open = () => openAtReceipt({ ...house, cabinet }, holderOf(house, code), files[0]?.id ?? '')
  return { file, open }
}

const checking = () => ({ keeper: house.database.keeper, keys: house.keys, cabinet })

it('a clean file is ready at once, a harmful one is kept nowhere', async () => {
  expect(await take('hello')).toMatchObject({ state: 'ready' })
  expect(await take(`x ${harmful}`)).toEqual({ refused: 'infected', name: 'note.txt' })
})

it('with the scanner down a file is held, given to nobody, and ready after the scanner has seen it', async () => {
  const file = await held('hello')
  const { file: shown, open } = await sent(file)
  expect((await shown()).state).toBe('held')
  expect(await open()).toEqual({ refused: 'not-there' })
  await checkHeld({ ...checking(), cabinet: down() }, file.id)
  expect((await shown()).state).toBe('held')
  await checkHeld(checking(), file.id)
  const { state, history } = await shown()
  expect(state).toBe('ready')
  expect(await open()).toMatchObject({ name: 'note.txt' })
  expect(history.filter(({ purpose }) => purpose === 'scan').map(({ act, actorKind }) => [act, actorKind])).toEqual([
    ['file.ready', 'system'],
    ['letter.opened', 'system'],
    ['letter.opened', 'system'],
  ])
})

it('a harmful file that was held is removed, and the person reads that it was', async () => {
  const file = await held(`x ${harmful}`)
  const { file: shown, open } = await sent(file)
  const ending = new AbortController()
  const faults: unknown[] = []
  const loop = checkHeldFiles(checking(), ending.signal, (fault) => faults.push(fault))
  for (let tries = 0; (await shown()).state === 'held' && tries < 100; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100))
  ending.abort()
  await loop
  expect(faults).toEqual([])
  const { state, history } = await shown()
  expect(state).toBe('refused')
  expect(history.map(({ act }) => act)).toContain('file.refused')
  expect(await open()).toEqual({ refused: 'not-there' })
  expect(await cabinet.store.get(file.id)).toBeUndefined()
}, 60_000)

it('no case is opened while the scanner is down, and none for a file that is not held', async () => {
  const file = await held('hello')
  const { file: shown } = await sent(file)
  const before = (await shown()).history.length
  const ending = new AbortController()
  const loop = checkHeldFiles({ ...checking(), cabinet: down() }, ending.signal, () => undefined)
  await new Promise((resolve) => setTimeout(resolve, 300))
  ending.abort()
  await loop
  await checkHeld(checking(), randomUUID())
  expect((await shown()).history).toHaveLength(before + 1)
  await checkHeld(checking(), file.id)
  const settled = (await shown()).history.length
  await checkHeld(checking(), file.id)
  expect((await shown()).history).toHaveLength(settled + 1)
}, 60_000)

it('the key of a held file is given for a committed opening of that very file’s case, and for nothing else', async () => {
  const one = await held('one')
  const two = await held('two')
  await sent(one)
  await sent(two)
  const { keeper } = house.database
  const [opened] = await keeper.once<{ opening: string }>(
    sql`select opening from vault.open_for('scan', array[${one.id}]::uuid[])`,
  )
  const key = (opening: unknown, id: string) => keeper.once(sql`select * from vault.key_for_scan(${opening}, ${id})`)
  expect(await key(opened?.opening, one.id)).toHaveLength(1)
  expect(await key(opened?.opening, two.id)).toEqual([])
  expect(await key(randomUUID(), one.id)).toEqual([])
  await keeper.transaction(async (tx) => {
    const row = await tx.row<{ opening: string }>(
      sql`select opening from vault.open_for('scan', array[${two.id}]::uuid[])`,
    )
    expect(await tx.rows(sql`select * from vault.key_for_scan(${row?.opening}, ${two.id})`)).toEqual([])
  })
})

it('the sweep removes what no case names after a day, and nothing that one does', async () => {
  const attached = await held('attached')
  await sent(attached)
  const forgotten = await held('forgotten')
  const young = await held('young')
  const old = new Date(Date.now() - 2 * 86_400_000)
  for (const { id } of [attached, forgotten])
    utimesSync(join(folder.path, 'files', id.slice(0, 2), id.slice(2, 4), id), old, old)
  await cabinet.spool.put(
    forgotten.id,
    (async function* () {
      yield await Promise.resolve(Buffer.from('left by a crash'))
    })(),
  )
  await sweepFiles(cabinet, house.database.keeper)
  const there = async ({ id }: TakenFile) => {
    const stream = await cabinet.store.get(id)
    stream?.destroy()
    return stream !== undefined
  }
  expect(await Promise.all([attached, forgotten, young].map(there))).toEqual([true, false, true])
  expect(await cabinet.spool.get(forgotten.id)).toBeDefined()
  await sweepFiles(cabinet, house.database.keeper, Date.now() + 2 * 3_600_000)
  expect(await cabinet.spool.get(forgotten.id)).toBeUndefined()
})
