import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readlinkSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { folderStore } from './index.ts'

const folder = temporaryFolder()
const store = folderStore(join(folder.path, 'files'))
afterAll(() => {
  folder.remove()
})

async function* bytes(...pieces: Buffer[]) {
  for (const piece of pieces) yield await Promise.resolve(piece)
}
async function listed(ids: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const id of ids) found.push(id)
  return found
}
const all = (): string[] =>
  readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
const pathOf = (id: string) => join(folder.path, 'files', id.slice(0, 2), id.slice(2, 4), id)
const tomorrow = () => new Date(Date.now() + 86_400_000)

it('gives back what it was given, and nobody else may read it', async () => {
  const id = randomUUID()
  const content = randomBytes(200_000)
  await store.put(id, bytes(content.subarray(0, 70_000), content.subarray(70_000)))
  const found = await store.get(id)
  expect(found && (await buffer(found)).equals(content)).toBe(true)
  expect(statSync(pathOf(id)).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder.path, 'files')).mode & 0o777).toBe(0o700)
  await store.remove(id)
  await store.remove(id)
  expect(await store.get(id)).toBeUndefined()
})

/** The files of this folder that this process holds open. */
const heldOpen = () =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(folder.path) ? [path] : []
    } catch {
      // Closed since it was listed.
      return []
    }
  })

it.runIf(existsSync('/proc/self/fd'))('holds nothing open of a file that is not read, or not to its end', async () => {
  const id = randomUUID()
  await store.put(id, bytes(randomBytes(300_000)))
  const [unread, begun] = [await store.get(id), await store.get(id)]
  expect([unread !== undefined, heldOpen()]).toEqual([true, []])
  const first = await begun?.[Symbol.asyncIterator]().next()
  expect([first?.done, heldOpen()]).toEqual([false, [pathOf(id)]])
  unread?.destroy()
  begun?.destroy()
  await expect.poll(heldOpen).toEqual([])
  await store.remove(id)
})

it('keeps nothing of a stream that breaks off', async () => {
  const id = randomUUID()
  async function* breaking() {
    yield await Promise.resolve(randomBytes(100))
    throw new Error('gone')
  }
  await expect(store.put(id, breaking())).rejects.toThrow('gone')
  expect(await store.get(id)).toBeUndefined()
  expect(all().filter((name) => name.startsWith(id))).toEqual([])
})

it('lists what is older than a moment, and sweeps away what a crash left half written', async () => {
  const id = randomUUID()
  await store.put(id, bytes(randomBytes(10)))
  const crashed = `${pathOf(id)}.part`
  writeFileSync(crashed, 'half')
  expect(await listed(store.olderThan(new Date(Date.now() - 60_000)))).toEqual([])
  expect(await listed(store.olderThan(tomorrow()))).toEqual([id])
  await store.sweep(new Date(Date.now() - 60_000))
  expect(all()).toContain(`${id}.part`)
  utimesSync(crashed, 0, 0)
  await store.sweep(new Date(Date.now() - 60_000))
  expect(all()).toEqual([id])
})

it('takes nothing but an identifier for a name', async () => {
  for (const name of ['../../secrets/key', 'a/b', '', `${randomUUID()}/..`, '00000000-0000-0000-0000-00000000000G'])
    await expect((async () => store.get(name))()).rejects.toThrow('no identifier')
})
