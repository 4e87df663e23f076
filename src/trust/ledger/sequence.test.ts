import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql, type Db, type Tx } from '../../plumbing/index.ts'
import { ContinuityBroken } from './continuity.ts'
import { sequence } from './sequence.ts'
import { openTestLedger, type TestLedger } from '../../../test/support/ledger.ts'

let ledger: TestLedger
beforeEach(async () => {
  ledger = await openTestLedger()
})
afterEach(() => ledger.end())

type Counts = { pending: number; leaves: number; tiles: number; checkpoints: number }

async function counts(of: TestLedger = ledger): Promise<Counts | undefined> {
  const [row] = await of.owner.once<Counts>(sql`
    select (select count(*) from ledger.pending) as pending, (select count(*) from ledger.leaf) as leaves,
      (select count(*) from ledger.tile) as tiles, (select count(*) from ledger.checkpoint) as checkpoints`)
  return row
}

const clean = { faults: [], furtherFaults: 0 }

describe('the keeper', () => {
  test('signs a checkpoint of nothing before anything has happened', async () => {
    expect(await ledger.keep()).toEqual({ sequenced: 0, size: 0 })
    expect(await ledger.witness.last()).toMatchObject({ origin: 'town.example/ledger', size: 0 })
    expect(await ledger.keep()).toEqual({ sequenced: 0, size: 0 })
    expect(await counts()).toEqual({ pending: 0, leaves: 0, tiles: 0, checkpoints: 1 })
  })

  test('takes what is pending into the tree in the order it happened, in as many batches as it needs', async () => {
    const written = await ledger.write(600)
    const sizes: unknown[] = []
    for (let turn = 0; turn < 4; turn += 1) sizes.push(await ledger.keep(250))
    expect(sizes).toEqual([
      { sequenced: 250, size: 250 },
      { sequenced: 250, size: 500 },
      { sequenced: 100, size: 600 },
      { sequenced: 0, size: 600 },
    ])
    const leaves = await ledger.owner.once<{ entry_id: string }>(sql`select entry_id from ledger.leaf order by seq`)
    expect(leaves.map((leaf) => leaf.entry_id)).toEqual(written)
    expect(await counts()).toEqual({ pending: 0, leaves: 600, tiles: 4, checkpoints: 3 })
    expect(await ledger.verify()).toMatchObject({ size: 600, checkpoints: 3, ...clean })
    expect(await ledger.witness.last()).toMatchObject({ size: 600 })
  })

  test('keeps the last checkpoint in a file outside the database, as it was signed', async () => {
    await ledger.write(3)
    await ledger.keep()
    const [row] = await ledger.owner.once<{ note: string }>(sql`select note from ledger.checkpoint`)
    expect(await readFile(ledger.witness.file, 'utf8')).toBe(row?.note)
  })

  test('that runs beside another one never sequences an entry twice', async () => {
    await ledger.write(500)
    const turns = Array.from({ length: 40 }, () => ledger.keep(20))
    const done = await Promise.all(turns)
    const sequenced = done.reduce((sum, one) => sum + ('sequenced' in one ? one.sequenced : 0), 0)
    expect(sequenced).toBeGreaterThan(0)
    while ((await counts())?.pending !== 0) await ledger.keep(100)
    expect(await ledger.verify()).toMatchObject({ size: 500, ...clean })
  })

  test('loses nothing of what sixteen writers write while it works', async () => {
    let writing = true
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      for (let act = 1; act <= 25; act += 1) {
        await ledger.owner.once(sql`
          select ledger.write('letter.received', 'person', null, md5(${String(writer)})::uuid, ${act}::int)`)
      }
    })
    const keepers = [0, 1].map(async () => {
      while (writing) await ledger.keep(30)
    })
    await Promise.all(writers)
    writing = false
    await Promise.all(keepers)
    while ((await counts())?.pending !== 0) await ledger.keep()
    expect(await ledger.verify()).toMatchObject({ size: 400, ...clean })
  })

  test('may add to the tree and nothing else', async () => {
    await ledger.write(1)
    await ledger.keep()
    const { keeper, app } = ledger
    for (const forbidden of [
      sql`update ledger.leaf set seq = 9`,
      sql`delete from ledger.leaf`,
      sql`update ledger.entry set act = 'letter.closed'`,
      sql`delete from ledger.entry`,
      sql`update ledger.checkpoint set size = 9`,
      sql`delete from ledger.checkpoint`,
      sql`insert into ledger.pending values (gen_random_uuid())`,
      sql`delete from ledger.tile`,
    ]) {
      await expect(keeper.once(forbidden)).rejects.toMatchObject({ code: '42501' })
      await expect(app.once(forbidden)).rejects.toMatchObject({ code: '42501' })
    }
    await expect(app.once(sql`insert into ledger.leaf values (1, gen_random_uuid(), sha256(''))`)).rejects.toThrow()
    await expect(ledger.owner.once(sql`delete from ledger.leaf`)).rejects.toMatchObject({ code: 'CH001' })
  })
})

/** The database as it is, except that the connection dies before its statement number `step`. */
function dyingAt(db: Db, step: number, onLast: (steps: number) => void): Db {
  return {
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        let steps = 0
        const rows: Tx['rows'] = async (query) => {
          steps += 1
          if (steps === step) await tx.rows(sql`select pg_terminate_backend(pg_backend_pid())`)
          return tx.rows(query)
        }
        const row: Tx['row'] = async <R>(query: Parameters<Tx['row']>[0]) => (await rows<R>(query))[0]
        const result = await work({ ...tx, rows, row })
        onLast(steps)
        if (steps + 1 === step) await tx.rows(sql`select pg_terminate_backend(pg_backend_pid())`)
        return result
      }),
  }
}

describe('a crash', () => {
  test('at any statement, or at the commit, leaves everything pending, and the next turn goes on', async () => {
    await ledger.write(300)
    await ledger.keep(290)
    const before = await counts()
    let last = Number.MAX_SAFE_INTEGER
    let died = 0
    for (let step = 1; step <= last + 1; step += 1) {
      const dying = dyingAt(ledger.keeper, step, (steps) => {
        last = steps
      })
      await expect(sequence(dying, ledger.signer, ledger.witness)).rejects.toThrow()
      expect(await counts()).toEqual(before)
      died += 1
    }
    expect(died).toBeGreaterThanOrEqual(6)
    expect(await ledger.keep()).toEqual({ sequenced: 10, size: 300 })
    expect(await ledger.verify()).toMatchObject({ size: 300, ...clean })
  })

  test('between the commit and the witness file leaves the file behind, and the next turn brings it up to date', async () => {
    await ledger.write(2)
    await ledger.keep()
    await ledger.write(2)
    const full = { ...ledger.witness, advance: () => Promise.reject(new Error('no space left on the disk')) }
    await expect(sequence(ledger.keeper, ledger.signer, full)).rejects.toThrow('no space left')
    expect(await ledger.witness.last()).toMatchObject({ size: 2 })
    expect(await ledger.keep()).toEqual({ sequenced: 0, size: 4 })
    expect(await ledger.witness.last()).toMatchObject({ size: 4 })
  })
})

describe('a ledger whose continuity is unknown', () => {
  async function expectRefusal(words: RegExp, of: TestLedger = ledger): Promise<void> {
    await of.write(1)
    const before = await counts(of)
    const attempt = of.keep()
    await expect(attempt).rejects.toBeInstanceOf(ContinuityBroken)
    await expect(attempt).rejects.toThrow(words)
    expect(await counts(of)).toEqual(before)
  }

  test('because the database is older than the witness is not written to, and says so', async () => {
    await ledger.write(5)
    await ledger.keep()
    const restored = await openTestLedger(ledger)
    await expectRefusal(/holds 0 ledger entries.*5 were already signed.*older back-up/, restored)
    await restored.end()
  })

  test('because another history grew from the same back-up is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    const note = await readFile(ledger.witness.file, 'utf8')
    const other = await openTestLedger(ledger)
    await writeFile(ledger.witness.file, '')
    const blank = { ...ledger.witness, last: () => Promise.resolve(undefined), advance: () => Promise.resolve() }
    await other.write(7)
    await sequence(other.keeper, ledger.signer, blank)
    await writeFile(ledger.witness.file, note)
    await expectRefusal(/the first 5 entries are not the ones/, other)
    await other.end()
  })

  test('because a tile was changed is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    await ledger.tamper(sql`update ledger.tile set hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1)`)
    await expectRefusal(/tiles no longer give the root/)
  })

  test('because a tile is gone is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    await ledger.tamper(sql`delete from ledger.tile`)
    await expectRefusal(/tiles no longer give the root/)
  })

  test('because a leaf was added or taken away is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    await ledger.tamper(sql`insert into ledger.leaf values (5, gen_random_uuid(), sha256(''))`)
    await expectRefusal(/covers 5 entries, but 6 have a place/)
    await ledger.tamper(sql`delete from ledger.leaf where seq >= 4`)
    await expectRefusal(/covers 5 entries, but 4 have a place/)
  })

  test('because an entry is pending a second time is not written to', async () => {
    const [first = ''] = await ledger.write(5)
    await ledger.keep()
    await ledger.tamper(sql`insert into ledger.pending values (${first}::uuid)`)
    await expectRefusal(/already has its place is pending again/)
  })

  test('because its last checkpoint was changed is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    await ledger.tamper(sql`update ledger.checkpoint set root = sha256('')`)
    await expectRefusal(/says something else than what was signed/)
  })

  test('because the key is another one is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    const stranger = await openTestLedger()
    await expect(sequence(ledger.keeper, stranger.signer, stranger.witness)).rejects.toThrow(
      /not signed by the key of town.example\/ledger \(unsigned\)\. Put back the ledger.key/,
    )
    await stranger.end()
  })

  test('because the witness file is damaged is not written to', async () => {
    await ledger.write(5)
    await ledger.keep()
    await writeFile(join(ledger.folder, 'ledger.checkpoint'), 'town.exam')
    await expectRefusal(/should hold the last checkpoint.*malformed/)
  })
})
