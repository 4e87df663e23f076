import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { sql, type Db } from '../../src/plumbing/index.ts'
import { openLedgerKey } from '../../src/trust/ledger/key.ts'
import type { Signer } from '../../src/trust/ledger/note.ts'
import { sequence } from '../../src/trust/ledger/sequence.ts'
import { verifyDatabase } from '../../src/trust/ledger/verify-database.ts'
import type { Verified } from '../../src/trust/ledger/fault.ts'
import { openWitness, type Witness } from '../../src/trust/ledger/witness.ts'

/** A migrated database with a key and a witness of its own, as a city would have. */
export type TestLedger = TestDatabase & {
  readonly folder: string
  readonly signer: Signer
  readonly witness: Witness
  /** Writes acts one after the other, `subjects` people in turn, and gives their ids in the order written. */
  write(entries: number, subjects?: number): Promise<string[]>
  /** One keeper's turn. */
  keep(limit?: number): ReturnType<typeof sequence>
  verify(): Promise<Verified>
  /** A change that only somebody with the owner's rights and bad intentions makes. */
  tamper(...changes: ReturnType<typeof sql>[]): Promise<void>
  end(): Promise<void>
}

export async function openTestLedger(from?: { folder: string }): Promise<TestLedger> {
  const database = await createTestDatabase({ max: 20 })
  const folder = from?.folder ?? (await mkdtemp(join(tmpdir(), 'cityhall-ledger-')))
  const signer = await openLedgerKey(folder, 'town.example/ledger')
  const witness = openWitness(join(folder, 'ledger.checkpoint'), signer.vkey)
  let counted = 0
  return {
    ...database,
    folder,
    signer,
    witness,
    async write(entries, subjects = 3) {
      const rows = await database.owner.once<{ id: string }>(sql`
        select ledger.write('letter.opened', 'staff', gen_random_uuid(),
          ('00000000-0000-4000-8000-' || lpad(((${counted}::int + i) % ${subjects}::int)::text, 12, '0'))::uuid,
          (${counted}::int + i) / ${subjects}::int + 1, 7, null, 'case-work', 'answer-letter') as id
        from generate_series(0, ${entries}::int - 1) as i`)
      counted += entries
      return rows.map((row) => row.id)
    },
    keep: (limit) => sequence(database.keeper, signer, witness, limit),
    verify: async () => verifyDatabase({ db: database.keeper, vkey: signer.vkey, seen: await witness.last() }),
    tamper: (...changes) =>
      database.owner.transaction(async (tx) => {
        await tx.rows(sql`alter table ledger.entry disable trigger user`)
        await tx.rows(sql`alter table ledger.leaf disable trigger user`)
        await tx.rows(sql`alter table ledger.checkpoint disable trigger user`)
        for (const change of changes) await tx.rows(change)
      }),
    async end() {
      await database.drop()
      if (!from) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The keeper's work without its tree: what happened gets its place, so that those who read the ledger on find it. */
export async function sequenceAll(owner: Db): Promise<void> {
  await owner.once(sql`insert into ledger.leaf (seq, entry_id, commitment)
    select (select coalesce(max(seq), -1) from ledger.leaf) + row_number() over (order by e.at, e.id), e.id, e.commitment
    from ledger.entry e where not exists (select from ledger.leaf l where l.entry_id = e.id)`)
}
