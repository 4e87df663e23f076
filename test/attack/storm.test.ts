import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { connect, openDatabase, sql } from '../../src/plumbing/index.ts'
import { openLedgerKey, openWitness, verifyDatabase } from '../../src/trust/ledger/index.ts'
import { belonging } from '../support/born-together.ts'
import { temporaryFolder } from '../support/cluster.ts'
import { startProgram, type Program } from '../support/program.ts'

const rounds = 20
const writers = 6
const folder = temporaryFolder()
let program: Program
afterAll(async () => {
  await program.stop()
  folder.remove()
})

/** A letter under way: its token, its words, and its receipt once somebody acknowledged it. */
type Letter = { token: string; words: string; receipt?: string }

/** Posts a letter until it is acknowledged or the storm has passed; a failure leaves it to be posted again. */
async function post(letter: Letter): Promise<void> {
  const body = new URLSearchParams({ token: letter.token, message: letter.words, email: 'storm@example.org' })
  const answer = await fetch(`${program.url}/forms/contact-the-city`, { method: 'POST', body, redirect: 'manual' })
  await answer.arrayBuffer()
  if (answer.status !== 303) return
  const receipt = answer.headers.get('location') ?? ''
  if (letter.receipt !== undefined && letter.receipt !== receipt) throw new Error('one token led to two receipts')
  letter.receipt = receipt
}

async function write(letters: Letter[], over: () => boolean): Promise<void> {
  while (!over()) {
    try {
      const page = await (await fetch(`${program.url}/forms/contact-the-city`)).text()
      const token = /name="token" value="([^"]+)"/.exec(page)?.[1]
      if (token === undefined) continue
      const letter: Letter = { token, words: `storm letter ${String(letters.length)} ${token}` }
      letters.push(letter)
      await post(letter)
    } catch {
      await sleep(20)
    }
  }
}

function postmaster(): number {
  return Number(readFileSync(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Looks at the database beside the running program, as its keeper. */
async function beside<T>(look: (urls: { keeperUrl: string; ownerUrl: string }) => Promise<T>): Promise<T> {
  const opened = await openDatabase({ data: folder.path, beside: true })
  if ('refused' in opened || opened.ownerUrl === undefined) throw new Error('the database is not there')
  return look({ keeperUrl: opened.keeperUrl, ownerUrl: opened.ownerUrl })
}

async function faultsInLedger(): Promise<unknown[]> {
  const { vkey } = await openLedgerKey(join(folder.path, 'secrets'), 'storm')
  const seen = await openWitness(join(folder.path, 'ledger-checkpoint'), vkey).last()
  return beside(async ({ keeperUrl }) => {
    const db = connect({ url: keeperUrl, role: 'cityhall_keeper', max: 3 })
    const verified = await verifyDatabase({ db, vkey, seen })
    await db.close()
    return [...verified.faults]
  })
}

async function casesOfLetters(): Promise<number> {
  return beside(async ({ ownerUrl }) => {
    const db = connect({ url: ownerUrl, max: 1 })
    const [row] = await db.once<{ n: number }>(sql`select count(*)::int as n from correspondence.casefile`)
    await db.close()
    return row?.n ?? 0
  })
}

async function untilReady(): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${program.url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true)
}

it('keeps each acknowledged letter once, with a whole ledger, through twenty kills of node or PostgreSQL in a storm of letters', async () => {
  program = await startProgram({ CITYHALL_DATA: folder.path, CITYHALL_SAMPLE: '0' })
  const letters: Letter[] = []
  for (let round = 0; round < rounds; round++) {
    let over = false
    const writing = Array.from({ length: writers }, () => write(letters, () => over))
    await sleep(150 + Math.random() * 450)
    if (round % 2 === 0) {
      await program.kill()
      over = true
      await Promise.all(writing)
      program = await startProgram({ CITYHALL_DATA: folder.path, CITYHALL_SAMPLE: '0', PORT: program.port })
    } else {
      const killed = postmaster()
      process.kill(killed, 'SIGKILL')
      await expect.poll(postmaster, { timeout: 30_000 }).not.toBe(killed)
      over = true
      await Promise.all(writing)
      await untilReady()
    }
    expect(await faultsInLedger(), `round ${String(round)}`).toEqual([])
  }
  const acknowledged = letters.filter(({ receipt }) => receipt !== undefined)
  expect(acknowledged.length).toBeGreaterThan(rounds)
  // Whoever got no answer sends the same page again: one letter, whether or not the first was kept.
  for (const letter of letters) await post(letter)
  expect(letters.filter(({ receipt }) => receipt === undefined)).toEqual([])
  expect(await casesOfLetters()).toBe(letters.length)
  for (const [column, { rows, lost }] of Object.entries(await beside(({ ownerUrl }) => belonging(ownerUrl)))) {
    expect(rows, column).toBeGreaterThan(rounds)
    expect(lost, column).toBe(0)
  }
  for (const { receipt, words } of letters) {
    const page = await (await fetch(`${program.url}${receipt ?? ''}`)).text()
    expect(page.split(words).length - 1, words).toBe(1)
  }
  expect(await faultsInLedger()).toEqual([])
})
