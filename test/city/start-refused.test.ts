import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepare } from '../../src/cityhall.ts'
import { createLog, readConfig } from '../../src/plumbing/index.ts'
import { copyMadeCluster, temporaryFolder } from '../support/cluster.ts'
import { cityFolder } from '../support/house.ts'
import { aCityOfItsOwn } from '../support/running.ts'

test('where a port is taken the program says which and how to choose another, and ends by itself', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const taken = String((other.address() as AddressInfo).port)
  // Behind the web's door and that of the figures the rest of the program runs already.
  for (const setting of ['CITYHALL_METRICS_PORT', 'PORT']) {
    const began = Date.now()
    const started = aCityOfItsOwn(() => Promise.resolve({ [setting]: taken }))
    await expect(started, setting).rejects.toThrow(
      new RegExp(`port ${taken} on 127\\.0\\.0\\.1.* is taken; stop what uses it, or set ${setting} to another number`),
    )
    expect(Date.now() - began, `${setting}: it ended`).toBeLessThan(30_000)
  }
  other.close()
})

test('where the machine cannot read the city’s files the start fails, and leaves no PostgreSQL running', async () => {
  const folder = temporaryFolder()
  const [data, city] = [join(folder.path, 'data'), join(folder.path, 'city')]
  cpSync(cityFolder, city, { recursive: true })
  // What points to forms is gone, and where their folder should be is a file.
  for (const name of ['bookings.yaml', 'activities.yaml', 'consent.yaml', 'forms', 'sample'])
    rmSync(join(city, name), { recursive: true })
  writeFileSync(join(city, 'forms'), '')
  await copyMadeCluster(data)
  const config = readConfig({ CITYHALL_DATA: data, CITYHALL_CITY: city })
  if ('refused' in config) throw new Error(JSON.stringify(config.mistakes))
  // PostgreSQL writes it whenever it starts.
  const started = join(data, 'postgres', 'postmaster.opts')
  rmSync(started, { force: true })
  await expect(prepare(config, createLog({ logLevel: 'silent' }))).rejects.toThrow(/ENOTDIR/)
  expect([existsSync(started), existsSync(join(data, 'postgres', 'postmaster.pid'))]).toEqual([true, false])
  folder.remove()
})
