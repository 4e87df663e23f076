import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { signCheckpoint } from './checkpoint.ts'
import { sayFault } from './messages.ts'
import { sha256 } from './merkle.ts'
import { openTestLedger, type TestLedger } from '../../../test/support/ledger.ts'

let ledger: TestLedger
let ids: string[]
const size = 600

beforeEach(async () => {
  ledger = await openTestLedger()
  ids = await ledger.write(size)
  for (const batch of [1, 99, 300, 200]) await ledger.keep(batch)
})
afterEach(() => ledger.end())

const idAt = (seq: number) => ids[seq] ?? expect.unreachable()

/** The faults after the changes, and the first of them in words. */
async function found(...changes: ReturnType<typeof sql>[]): Promise<{ faults: unknown; words: string }> {
  await ledger.tamper(...changes)
  const { faults } = await ledger.verify()
  return { faults, words: faults.map(sayFault).join(' ') }
}

describe('verifying the database', () => {
  test('finds nothing wrong with a ledger that nobody changed, and says what it covers', async () => {
    const [head] = await ledger.owner.once<{ root: Buffer }>(
      sql`select root from ledger.checkpoint order by size desc limit 1`,
    )
    const root = head?.root.toString('base64')
    expect(await ledger.verify()).toEqual({ size, root, checkpoints: 4, faults: [], furtherFaults: 0 })
  })

  test('says the same statement as the database does, with every column filled, with every one empty, and with a long one', async () => {
    await ledger.owner.transaction(async (tx) => {
      await tx.rows(sql`select set_config('cityhall.clock', '2001-02-03 04:05:06.789012+00', true)`)
      await tx.rows(sql`insert into city.department values ('streets')`)
      await tx.rows(sql`insert into need_to_know.duty values ('streets-clerk', 'streets', '{read}', '{letter}')`)
      await tx.rows(sql`select ledger.write('letter.opened', 'staff', gen_random_uuid(), gen_random_uuid(), 1, 42,
        'streets-clerk', 'case-work', 'answer-letter', 'by=desk')`)
      await tx.rows(sql`select ledger.write('ledger.checked', 'system')`)
      await tx.rows(sql`select ledger.write('ledger.checked', 'system', p_detail => repeat('very=long/', 30000))`)
    })
    await ledger.keep()
    expect(await ledger.verify()).toMatchObject({ size: size + 3, faults: [] })
  })

  test.each([
    ['its act', sql`act = 'letter.closed'`],
    ['its time, by a millionth of a second', sql`at = at + interval '1 microsecond'`],
    ['its subject', sql`subject_count = subject_count, case_id = gen_random_uuid()`],
    ['its employee', sql`employee = employee + 1`],
    ['its reason', sql`reason = null`],
    ['its salt', sql`salt = sha256(salt)`],
    ['its commitment', sql`commitment = sha256(commitment)`],
  ])('names the entry of which somebody changed %s', async (_what, change) => {
    const { faults, words } = await found(sql`update ledger.entry set ${change} where id = ${idAt(471)}::uuid`)
    expect(faults).toEqual([{ fault: 'entry-changed', entry: idAt(471), seq: 471 }])
    expect(words).toBe(`Entry ${idAt(471)} at sequence 471 was changed.`)
  })

  test('names the entry that was changed together with its commitment', async () => {
    const { faults } = await found(
      sql`update ledger.entry set act = 'letter.closed' where id = ${idAt(7)}::uuid`,
      sql`update ledger.entry e set commitment = sha256(salt || convert_to(ledger.statement(e), 'UTF8'))
        where id = ${idAt(7)}::uuid`,
    )
    expect(faults).toEqual([{ fault: 'entry-changed', entry: idAt(7), seq: 7 }])
  })

  test('names the entry whose columns no rule of the tables would let in, and finds its neighbours whole', async () => {
    const { faults } = await found(
      sql`alter table ledger.entry drop constraint entry_salt_check, alter act drop not null`,
      sql`update ledger.entry set salt = salt || salt where id = ${idAt(471)}::uuid`,
      sql`update ledger.entry set act = null where id = ${idAt(473)}::uuid`,
      sql`alter table ledger.leaf drop constraint leaf_commitment_check, alter commitment drop not null`,
      sql`update ledger.leaf set commitment = commitment || '\\x00' where seq = 475`,
      sql`update ledger.leaf set commitment = null where seq = 477`,
    )
    expect(faults).toEqual([
      ...[471, 473].map((seq) => ({ fault: 'entry-changed', entry: idAt(seq), seq })),
      ...[475, 477].map((seq) => ({ fault: 'sequence-changed', seq })),
    ])
  })

  test('names an entry that was dropped, and the gap it leaves in its subject’s count', async () => {
    const { faults } = await found(sql`delete from ledger.entry where id = ${idAt(30)}::uuid`)
    expect(faults).toEqual([
      { fault: 'entry-missing', entry: idAt(30), seq: 30 },
      { fault: 'subject-gap', subject: '00000000-0000-4000-8000-000000000000', expected: 11, found: 12 },
    ])
  })

  test('names a sequence that was dropped, alone or with its entry', async () => {
    const { faults, words } = await found(sql`delete from ledger.leaf where seq = 12`)
    expect(faults).toEqual([
      { fault: 'sequence-missing', seq: 12 },
      { fault: 'entry-added', entry: idAt(12) },
    ])
    expect(words).toContain('Sequence 12 is missing.')
    expect((await found(sql`delete from ledger.entry where id = ${idAt(12)}::uuid`)).faults).toEqual([
      { fault: 'sequence-missing', seq: 12 },
      { fault: 'subject-gap', subject: '00000000-0000-4000-8000-000000000000', expected: 5, found: 6 },
    ])
  })

  test('names the sequence from which everything was moved up to close a gap', async () => {
    const { faults } = await found(
      sql`delete from ledger.leaf where seq = 500`,
      sql`create temp table moved on commit drop as select * from ledger.leaf where seq > 500`,
      sql`delete from ledger.leaf where seq > 500`,
      sql`insert into ledger.leaf select seq - 1, entry_id, commitment from moved`,
    )
    expect(faults).toEqual([
      { fault: 'sequence-missing', seq: 599 },
      { fault: 'sequence-moved', seq: 500, from: 501, count: 99 },
      { fault: 'entry-added', entry: idAt(500) },
    ])
  })

  test('names two sequences that were exchanged, with or without what they commit to', async () => {
    const exchange = (columns: ReturnType<typeof sql>) => [
      sql`create temp table kept on commit drop as select * from ledger.leaf where seq in (5, 306)`,
      sql`update ledger.leaf set entry_id = gen_random_uuid() where seq in (5, 306)`,
      sql`update ledger.leaf l set ${columns} from kept k where l.seq in (5, 306) and k.seq = 311 - l.seq`,
    ]
    const both = await found(...exchange(sql`entry_id = k.entry_id, commitment = k.commitment`))
    expect(both.faults).toEqual([{ fault: 'sequences-exchanged', seq: 5, with: 306 }])
    expect(both.words).toBe('Sequences 5 and 306 are exchanged.')
    await ledger.tamper(...exchange(sql`entry_id = k.entry_id, commitment = k.commitment`))
    expect((await ledger.verify()).faults).toEqual([])
    expect((await found(...exchange(sql`entry_id = k.entry_id`))).faults).toEqual(both.faults)
  })

  test('names a sequence whose commitment was changed', async () => {
    const { faults } = await found(sql`update ledger.leaf set commitment = sha256('') where seq = 599`)
    expect(faults).toEqual([{ fault: 'sequence-changed', seq: 599 }])
  })

  test('names an entry that was slipped in beside the sequence, and a sequence beyond the checkpoint', async () => {
    const entry = '11111111-1111-4111-8111-111111111111'
    const { faults } = await found(
      sql`insert into ledger.entry (id, at, act, actor_kind, salt, commitment)
        values (${entry}::uuid, now(), 'letter.opened', 'system', sha256(''), sha256(''))`,
      sql`insert into ledger.leaf values (600, gen_random_uuid(), sha256(''))`,
    )
    expect(faults).toEqual([
      { fault: 'sequence-beyond', seq: 600, size: 600 },
      { fault: 'entry-added', entry },
    ])
  })

  test.each([
    ['tile/0/000', sql`level = 0 and n = 0`],
    ['tile/0/002.p/88', sql`level = 0 and n = 2`],
    ['tile/1/000.p/2', sql`level = 1`],
  ])('tells a changed tile %s from changed entries', async (tile, which) => {
    const changed = await found(
      sql`update ledger.tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where ${which}`,
    )
    expect(changed.faults).toEqual([{ fault: 'tile-changed', tile }])
    expect((await found(sql`delete from ledger.tile where ${which}`)).faults).toEqual([{ fault: 'tile-missing', tile }])
  })

  test('goes no further than a tile that is lost together with one of its places, and says so', async () => {
    const { faults } = await found(
      sql`delete from ledger.tile where level = 0 and n = 1`,
      sql`delete from ledger.leaf where seq = 300`,
      sql`update ledger.entry set salt = sha256(salt) where id in (${idAt(200)}::uuid, ${idAt(550)}::uuid)`,
    )
    expect(faults).toEqual([
      { fault: 'entry-changed', entry: idAt(200), seq: 200 },
      { fault: 'tile-missing', tile: 'tile/0/001' },
      { fault: 'entry-added', entry: idAt(300) },
    ])
  })

  test('names tiles that no checkpoint reaches', async () => {
    const { faults } = await found(sql`insert into ledger.tile values (0, 3, 1, sha256('')), (2, 0, 1, sha256(''))`)
    expect(faults).toEqual([
      { fault: 'tile-beyond', tile: 'tile/0/003.p/1' },
      { fault: 'tile-beyond', tile: 'tile/2/000.p/1' },
    ])
  })

  test('names a checkpoint that was changed, and one that our key did not sign', async () => {
    const stranger = await openTestLedger()
    const forged = signCheckpoint(400, sha256(Buffer.from('forged')), stranger.signer)
    await stranger.end()
    const { faults } = await found(
      sql`update ledger.checkpoint set root = sha256('') where size = 100`,
      sql`update ledger.checkpoint set note = ${forged} where size = 400`,
    )
    expect(faults).toEqual([
      { fault: 'checkpoint-changed', size: 100 },
      { fault: 'checkpoint-unsigned', size: 400 },
    ])
  })

  test('tells between which checkpoints history was rewritten, when entry, leaf and tiles all agree', async () => {
    const other = await openTestLedger(ledger)
    await ledger.tamper(
      sql`update ledger.entry set act = 'letter.closed' where id = ${idAt(250)}::uuid`,
      sql`update ledger.entry e set commitment = sha256(salt || convert_to(ledger.statement(e), 'UTF8'))
        where id = ${idAt(250)}::uuid`,
      sql`update ledger.leaf l set commitment = e.commitment from ledger.entry e where e.id = l.entry_id`,
      sql`update ledger.tile t set hashes = (
          select string_agg(sha256('\\x00'::bytea || l.commitment), ''::bytea order by seq)
          from ledger.leaf l where l.seq / 256 = t.n) where level = 0`,
    )
    await other.end()
    const { faults } = await ledger.verify()
    expect(faults).toContainEqual({ fault: 'history-rewritten', size: 400, after: 100 })
    expect(faults).toContainEqual({ fault: 'tile-changed', tile: 'tile/1/000.p/2' })
    expect(faults).toHaveLength(2)
  })

  test('names an end that was cut off cleanly, by the checkpoint that this machine saw', async () => {
    const { faults } = await found(
      sql`delete from ledger.checkpoint where size = 600`,
      sql`delete from ledger.leaf where seq >= 400`,
      sql`delete from ledger.entry e where not exists (select from ledger.leaf l where l.entry_id = e.id)`,
      sql`delete from ledger.tile where level = 0 and n = 2`,
      sql`update ledger.tile set width = 144, hashes = substring(hashes for 144 * 32) where level = 0 and n = 1`,
      sql`update ledger.tile set width = 1, hashes = substring(hashes for 32) where level = 1`,
    )
    expect(faults).toEqual([{ fault: 'witness-ahead', size: 400, seen: 600 }])
  })

  test('reports an entry that has waited more than a minute, and one that waits without being there', async () => {
    const [late] = await ledger.owner.transaction(async (tx) => {
      await tx.rows(sql`select set_config('cityhall.clock', (now() - interval '2 minutes')::text, true)`)
      return tx.rows<{ id: string }>(sql`select ledger.write('ledger.checked', 'system') as id`)
    })
    await ledger.write(1)
    const ghost = '22222222-2222-4222-8222-222222222222'
    const { faults } = await found(sql`insert into ledger.pending values (${ghost}::uuid)`)
    expect(faults).toEqual([
      { fault: 'entry-waits', entry: late?.id },
      { fault: 'pending-without-entry', entry: ghost },
    ])
  })

  test('finds an entry that was slipped in while another one waits a second time, so that the numbers come out even', async () => {
    const entry = '11111111-1111-4111-8111-111111111111'
    const { faults } = await found(
      sql`insert into ledger.entry (id, at, act, actor_kind, salt, commitment)
        values (${entry}::uuid, now(), 'letter.opened', 'system', sha256(''), sha256(''))`,
      sql`insert into ledger.pending values (${idAt(3)}::uuid)`,
    )
    expect(faults).toEqual([
      { fault: 'entry-waits-again', entry: idAt(3) },
      { fault: 'entry-added', entry },
    ])
  })

  test('says that there is no checkpoint when none is left', async () => {
    const { faults } = await found(sql`delete from ledger.checkpoint`)
    expect(faults).toContainEqual({ fault: 'checkpoint-missing' })
  })

  test('keeps to the first thousand faults of a ledger that was replaced, and counts the others', async () => {
    const more = await ledger.write(600)
    await ledger.keep()
    await ledger.tamper(sql`update ledger.entry set salt = sha256(salt)`)
    const { faults, furtherFaults } = await ledger.verify()
    expect([faults.length, furtherFaults]).toEqual([1000, size + more.length - 1000])
  })
})
