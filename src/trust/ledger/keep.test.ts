import { expect, test, vi } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { ContinuityBroken } from './continuity.ts'
import { runKeeper, type KeeperNews } from './keep.ts'
import { openTestLedger } from '../../../test/support/ledger.ts'

test('an entry is in the tree soon after it was written, with nobody telling the keeper', async () => {
  const ledger = await openTestLedger()
  const stop = new AbortController()
  const news: KeeperNews[] = []
  const { keeper: db, signer, witness } = ledger
  const running = runKeeper({ db, signer, witness, signal: stop.signal, every: 20, report: (one) => news.push(one) })
  for (const entries of [1, 3]) {
    const [first] = await ledger.write(entries)
    await vi.waitFor(
      async () => {
        const placed = await ledger.owner.once(sql`select seq from ledger.leaf where entry_id = ${first}::uuid`)
        expect(placed).toHaveLength(1)
      },
      { timeout: 10_000 },
    )
  }
  stop.abort()
  await running
  expect(news.at(-1)).toMatchObject({ news: 'sequenced', size: 4 })
  expect(await ledger.verify()).toMatchObject({ size: 4, faults: [] })
  await ledger.end()
})

test('a keeper that meets trouble reports it and goes on when it has passed', async () => {
  const ledger = await openTestLedger()
  const stop = new AbortController()
  const news: KeeperNews[] = []
  let failures = 0
  const witness = {
    ...ledger.witness,
    last: () => (++failures <= 2 ? Promise.reject(new Error('the disk is away')) : ledger.witness.last()),
  }
  await ledger.write(2)
  const { keeper: db, signer } = ledger
  const report = (one: KeeperNews) => {
    news.push(one)
    if (one.news === 'sequenced') stop.abort()
  }
  await runKeeper({ db, signer, witness, signal: stop.signal, every: 5, report })
  expect(news).toMatchObject([
    { news: 'trouble', retryAfter: 10 },
    { news: 'trouble', retryAfter: 20 },
    { news: 'sequenced', entries: 2, size: 2 },
  ])
  await ledger.end()
})

test('a keeper that finds the ledger broken ends instead of trying again', async () => {
  const ledger = await openTestLedger()
  await ledger.write(2)
  await ledger.keep()
  await ledger.tamper(sql`delete from ledger.tile`)
  const { keeper: db, signer, witness } = ledger
  const running = runKeeper({ db, signer, witness, signal: new AbortController().signal, every: 5 })
  await expect(running).rejects.toBeInstanceOf(ContinuityBroken)
  await ledger.end()
})
