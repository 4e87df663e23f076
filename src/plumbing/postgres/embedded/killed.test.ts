import { spawn, type ChildProcess } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { copyMadeCluster, startCluster, temporaryFolder } from '../../../../test/support/database.ts'
import { connect } from '../connect.ts'
import { sql } from '../sql.ts'
import { chooseIdentity } from './identity.ts'
import { lockInstance } from './instance-lock.ts'
import { runningServer } from './orphan.ts'
import { makePlaces } from './places.ts'
import { startServer } from './server.ts'

const folders: { path: string; remove: () => void }[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

async function madeFolder(): Promise<string> {
  const folder = temporaryFolder()
  folders.push(folder)
  await copyMadeCluster(folder.path)
  return realpathSync(folder.path)
}

const stormProgram = join(import.meta.dirname, '../../../../test/support/storm.ts')

/** A program that writes rows; `acknowledged` grows with each commit it was told of. */
async function storm(data: string, rows: number): Promise<{ child: ChildProcess; acknowledged: number[] }> {
  const node = join(import.meta.dirname, '../../../../node_modules/.bin/node')
  const child = spawn(node, [stormProgram, data], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: number[] = []
  await new Promise<void>((resolve, reject) => {
    child.once('exit', reject)
    let lines = 0
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines += 1
      if (lines > 1) acknowledged.push(Number(line))
      if (acknowledged.length === rows) resolve()
    })
  })
  return { child, acknowledged }
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await closed
}

async function rowsIn(url: string): Promise<Set<number>> {
  const db = connect({ url, max: 1 })
  const rows = await db.once<{ n: number }>(sql`select n from drops`)
  await db.close()
  return new Set(rows.map(({ n }) => n))
}

test('when the program is killed in the middle of writes, the next start has every row that was acknowledged', async () => {
  const data = await madeFolder()
  for (let round = 0; round < 2; round += 1) {
    const { child, acknowledged } = await storm(data, 300)
    await kill(child)
    const next = await startCluster({ data })
    const kept = await rowsIn(next.ownerUrl)
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([])
    const db = connect({ url: next.ownerUrl })
    await db.once(sql`truncate drops`)
    await db.close()
    await next.stop()
  }
})

test('while another program serves, the folder is refused; once it is killed, it is free', async () => {
  const data = await madeFolder()
  const { child } = await storm(data, 1)
  expect(await lockInstance(data)).toEqual({ heldBy: child.pid })
  await kill(child)
  const lock = await lockInstance(data)
  expect(lock).not.toHaveProperty('heldBy')
  if ('release' in lock) await lock.release()
})

test('when PostgreSQL is killed in the middle of writes, it is started again and no acknowledged row is lost', async () => {
  const data = await madeFolder()
  const cluster = await startCluster({ data })
  const db = connect({ url: cluster.ownerUrl, max: 8 })
  await db.once(sql`create table drops (n int primary key)`)
  const acknowledged: number[] = []
  let next = 0
  let over = false
  const writers = Array.from({ length: 8 }, async () => {
    while (!over) {
      const n = (next += 1)
      await db
        .transaction((tx) => tx.rows(sql`insert into drops values (${n})`))
        .then(
          () => acknowledged.push(n),
          () => undefined,
        )
    }
  })
  const killed = cluster.pid()
  await reached(acknowledged, 300)
  process.kill(killed, 'SIGKILL')
  const atKill = acknowledged.length
  await reached(acknowledged, atKill + 300)
  over = true
  await Promise.all(writers)
  expect(cluster.pid()).not.toBe(killed)
  const kept = await rowsIn(cluster.ownerUrl)
  expect(acknowledged.filter((n) => !kept.has(n))).toEqual([])
  await db.close()
  await cluster.stop()
})

async function reached(list: readonly unknown[], length: number): Promise<void> {
  while (list.length < length) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('a PostgreSQL that lost its program is stopped, and the next start serves its rows', async () => {
  const data = await madeFolder()
  const identity = chooseIdentity()
  const places = makePlaces(data, identity)
  const orphan = await startServer(places, identity, { sockets: places.sockets, durable: true }, () => undefined)
  expect(runningServer(places.cluster)).toBe(orphan.pid)
  const told: string[] = []
  const cluster = await startCluster({ data, tell: (_level, says) => told.push(says) })
  expect(await orphan.ended).toBe('exit 0')
  expect(told).toContain('a PostgreSQL left over from an earlier run was stopped')
  expect(runningServer(places.cluster)).toBe(cluster.pid())
  await cluster.stop()
})
