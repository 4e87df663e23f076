import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { copyMadeCluster, startCluster, temporaryFolder } from '../../../../test/support/database.ts'
import { connect } from '../connect.ts'
import { sql } from '../sql.ts'
import { startEmbedded, type Embedded } from './index.ts'
import { lockInstance } from './instance-lock.ts'

const folder = temporaryFolder()
const running: Embedded[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})
afterAll(() => {
  folder.remove()
})

const newFolder = (): string => mkdtempSync(join(folder.path, 'd'))
async function started(data: string, told: string[] = []): Promise<Embedded> {
  const cluster = await startCluster({ data, tell: (_level, says) => told.push(says) })
  running.push(cluster)
  return cluster
}

async function answer(url: string): Promise<unknown> {
  const db = connect({ url, max: 1 })
  const [row] = await db.once<{ who: string }>(sql`select current_user::text as who`)
  await db.close()
  return row?.who
}

test('the first start makes a database that only its logins enter, and the next start opens it', async () => {
  const data = join(newFolder(), 'made', 'by-us')
  const first = await started(data)
  expect(await answer(first.appUrl)).toBe('cityhall_web')
  expect(await answer(first.keeperUrl)).toBe('cityhall_worker')
  const owner = connect({ url: first.ownerUrl })
  await owner.once(sql`create table kept as select 1 as one`)
  const wrong = first.appUrl.replace(/:[^:@]+@/, ':wrong@')
  await expect(answer(wrong)).rejects.toMatchObject({ code: '28P01' })
  expect(await owner.once(sql`show listen_addresses`)).toEqual([{ listen_addresses: '' }])
  expect(await owner.once(sql`show fsync`)).toEqual([{ fsync: 'on' }])
  await owner.close()
  await running.pop()?.stop()

  const second = connect({ url: (await started(data)).ownerUrl })
  expect(await second.once(sql`select one from kept`)).toEqual([{ one: 1 }])
  await second.close()
})

test('folders and passwords are closed to everybody else', async () => {
  const data = newFolder()
  await copyMadeCluster(data)
  await started(data)
  const mode = (path: string): number => statSync(join(data, path)).mode & 0o777
  expect([mode('.'), mode('postgres'), mode('secrets'), mode('run')]).toEqual([0o700, 0o700, 0o700, 0o700])
  expect(mode('secrets/postgres.json')).toBe(0o600)
})

test('a half-made database folder, as a crash leaves it, is made anew', async () => {
  const data = newFolder()
  mkdirSync(join(data, 'postgres.making'))
  writeFileSync(join(data, 'postgres.making', 'PG_VERSION'), '18')
  expect(await answer((await started(data)).appUrl)).toBe('cityhall_web')
  expect(existsSync(join(data, 'postgres.making'))).toBe(false)
})

test('logins that a crash kept from being made are made at the next start', async () => {
  const data = newFolder()
  await copyMadeCluster(data)
  const cluster = await started(data)
  const all = connect({ url: cluster.superUrl })
  await all.once(sql`drop database cityhall`)
  await all.once(sql`drop role cityhall_worker`)
  await all.close()
  await running.pop()?.stop()
  rmSync(join(data, 'postgres', 'cityhall.ready'))
  expect(await answer((await started(data)).keeperUrl)).toBe('cityhall_worker')
})

test('a folder whose path is too long for a socket serves all the same', async () => {
  const data = join(newFolder(), 'a-long-name-'.repeat(9), 'another, with a comma')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  await copyMadeCluster(data)
  expect(await answer((await started(data)).appUrl)).toBe('cityhall_web')
})

test('a second program on the same folder is refused with the folder and the process that serves it', async () => {
  const data = newFolder()
  await copyMadeCluster(data)
  const cluster = await started(data)
  const second = await startEmbedded({ data: join(data, '..', data.split('/').at(-1) ?? '') })
  expect(second).toMatchObject({ refused: 'instance-runs', folder: data, pid: process.pid })
  expect('says' in second && second.says).toContain(`process ${String(process.pid)}) runs on the data folder ${data}`)
  expect(await answer(cluster.appUrl)).toBe('cityhall_web')
})

/** Another process that holds the lock of a folder, and does not answer: it is stopped, as one may be that has no time. */
async function busyHolder(data: string): Promise<ChildProcess> {
  const program = `import { lockInstance } from ${JSON.stringify(join(import.meta.dirname, 'instance-lock.ts'))}
    await lockInstance(process.argv[1])
    setInterval(() => undefined, 60_000)
    console.log('held')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, data], { stdio: 'pipe' })
  await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  return child
}

/** Asked before the other tests, so that nobody waits for the seconds that this takes. */
const asked = { slow: newFolder(), silent: newFolder() }
let holders: { slow: ChildProcess; silent: ChildProcess }
let answers: Promise<unknown>
beforeAll(async () => {
  holders = { slow: await busyHolder(asked.slow), silent: await busyHolder(asked.silent) }
  answers = Promise.all([lockInstance(asked.slow), lockInstance(asked.silent)])
  setTimeout(() => holders.slow.kill('SIGCONT'), 2_000)
})
afterAll(() => {
  for (const one of Object.values(holders)) one.kill('SIGKILL')
})

test('a number in the pid file that now belongs to a stranger does not keep the database from starting', async () => {
  const data = newFolder()
  await copyMadeCluster(data)
  const file = join(data, 'postgres', 'postmaster.pid')
  await started(data)
  const written = readFileSync(file, 'utf8')
  await running.pop()?.stop()
  writeFileSync(file, written.replace(/^\d+/, String(process.ppid)))
  expect(await answer((await started(data)).appUrl)).toBe('cityhall_web')
  process.kill(process.ppid, 0)
})

test.runIf(process.getuid?.() === 0)(
  'where root may not use namespaces, another user serves, and it is said',
  async () => {
    const data = newFolder()
    const told: string[] = []
    const identity = { as: 'user', uid: 65_534, gid: 65_534 } as const
    const cluster = await startCluster({ data, identity, tell: (_level, says) => told.push(says) })
    running.push(cluster)
    expect(await answer(cluster.appUrl)).toBe('cityhall_web')
    const place = /the database is in (\S+)\./.exec(told.join('\n'))?.[1] ?? ''
    expect(statSync(place).uid).toBe(65_534)
    await running.pop()?.stop()
    rmSync(join(place, '..'), { recursive: true, force: true })
  },
)

test('a holder that is too busy to answer for some seconds is still named, and one that never answers holds the lock all the same', async () => {
  expect(await answers).toEqual([{ heldBy: holders.slow.pid }, { heldBy: 0 }])
  holders.silent.kill('SIGKILL')
  await once(holders.silent, 'exit')
  const taken = await lockInstance(asked.silent)
  expect(taken).toHaveProperty('release')
  if ('release' in taken) await taken.release()
})
