import { sql, type Db, type Reader, type Tx } from '../../plumbing/index.ts'
import { leafHash, sha256 } from './merkle.ts'
import { formatProofFile } from './proof-file.ts'
import { includes } from './proof.ts'
import { lastCheckpoint, loadTiles } from './read.ts'
import { inclusionProof, tilesNeeded } from './tree-in-tiles.ts'

/** An entry's place, salt and statement, as the database gave them to somebody who may see them. */
export type Proven = { seq: number | null; salt: Buffer; statement: string }

/** `not-there` also when it is there but not for the one who asks; `not-yet` within a second of the act. */
export type ProveRefusal = { refused: 'not-there' | 'not-yet' }

/** The `.tlog-proof` of any entry, as the keeper or the owner asks for it. */
export async function prove(db: Db, entryId: string): Promise<string | ProveRefusal> {
  return db.transaction(async (tx) => {
    const entry = await tx.row<Proven>(sql`
      select l.seq, e.salt, ledger.statement(e) as statement
      from ledger.entry e left join ledger.leaf l on l.entry_id = e.id
      where e.id = ${entryId}::uuid`)
    return entry ? proofOf(tx, entry) : { refused: 'not-there' }
  })
}

/** The `.tlog-proof` of an entry of the case in hand: the database decides whether it is there. */
export async function proveInHand(tx: Tx, entryId: string): Promise<string | ProveRefusal> {
  const entry = await tx.row<Proven>(sql`
    select e.seq, e.salt, ledger.statement_in_hand(e.id) as statement
    from ledger.entries_in_hand() e where e.id = ${entryId}::uuid`)
  return entry ? proofOf(tx, entry) : { refused: 'not-there' }
}

/** A proof that would not check is never handed out: that is a fault, and somebody must run verify. */
export async function proofOf(reader: Reader, { seq, salt, statement }: Proven): Promise<string | ProveRefusal> {
  const head = await lastCheckpoint(reader)
  if (seq === null || !head || seq >= head.size) return { refused: 'not-yet' }
  const tiles = await loadTiles(
    reader,
    tilesNeeded((blank) => inclusionProof(blank, seq, head.size)),
  )
  const path = inclusionProof(tiles, seq, head.size)
  if ('refused' in path) return { refused: 'not-yet' }
  const leaf = leafHash(sha256(Buffer.concat([salt, Buffer.from(statement)])))
  if (!includes(seq, head.size, leaf, path, head.root)) {
    throw new Error(
      `the entry at sequence ${seq} of the ledger no longer is what was signed; run cityhall ledger verify`,
    )
  }
  return formatProofFile({ salt, statement, index: seq, path, checkpoint: head.note })
}
