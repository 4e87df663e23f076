import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockInstance } from './instance-lock.ts'

const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'cityhall-lock-')))
let holders: ChildProcess[] = []
beforeAll(async () => {
  holders = await Promise.all(folders.map(holderOf))
})
afterAll(() => {
  for (const holder of holders) holder.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Another process that holds the lock of a folder, and waits. */
async function holderOf(folder: string): Promise<ChildProcess> {
  const program = `import { lockInstance } from ${JSON.stringify(join(import.meta.dirname, 'instance-lock.ts'))}
    await lockInstance(process.argv[1])
    setInterval(() => undefined, 60_000)
    console.log('held')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], { stdio: 'pipe' })
  await once(child.stdout, 'data')
  return child
}

test('a holder that is too busy to answer for some seconds is still named, and one that never answers holds the lock all the same', async () => {
  const [[slow, silent], [busy, dead]] = [folders, holders] as unknown as [string[], ChildProcess[]]
  if (!slow || !silent || !busy || !dead) throw new Error('nobody holds a lock')
  for (const one of [busy, dead]) one.kill('SIGSTOP')
  const asked = [lockInstance(slow), lockInstance(silent)]
  await sleep(2_000)
  busy.kill('SIGCONT')
  expect(await Promise.all(asked)).toEqual([{ heldBy: busy.pid }, { heldBy: 0 }])
  dead.kill('SIGKILL')
  await once(dead, 'exit')
  const taken = await lockInstance(silent)
  expect(taken).toHaveProperty('release')
  if ('release' in taken) await taken.release()
})
