import { openCheckpoint, type Checkpoint } from './checkpoint.ts'
import { hashBytes, leafHash, sha256, type Hash } from './merkle.ts'
import { fromBase64, verifierOf } from './note.ts'
import { includes } from './proof.ts'

/**
 * What a person holds to show that an entry is in the ledger: C2SP tlog-proof. The extra data is the entry's 32 bytes
 * of salt followed by its statement; its SHA-256 is the entry as the ledger keeps it (the commitment).
 */
export type ProofFile = {
  readonly salt: Buffer
  readonly statement: string
  readonly index: number
  readonly path: readonly Hash[]
  readonly checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'

export function formatProofFile(proof: ProofFile): string {
  const extra = Buffer.concat([proof.salt, Buffer.from(proof.statement)]).toString('base64')
  const path = proof.path.map((one) => `${one.toString('base64')}\n`).join('')
  return `${firstLine}\nextra ${extra}\nindex ${proof.index}\n${path}\n${proof.checkpoint}`
}

/** The file as written, nothing of it believed yet; undefined if it is not of our form. */
export function parseProofFile(text: string): ProofFile | undefined {
  const split = text.indexOf('\n\n')
  if (split < 0) return undefined
  const [first, extraLine, indexLine, ...pathLines] = text.slice(0, split).split('\n')
  if (first !== firstLine) return undefined
  const extra = fromBase64(/^extra (\S+)$/.exec(extraLine ?? '')?.[1] ?? '')
  const index = Number(/^index (0|[1-9]\d{0,15})$/.exec(indexLine ?? '')?.[1] ?? Number.NaN)
  const path = pathLines.map(fromBase64)
  const whole = path.every((one): one is Hash => one?.length === hashBytes)
  if (!extra || extra.length <= hashBytes || !Number.isSafeInteger(index) || !whole || path.length > 63)
    return undefined
  const statement = extra.subarray(hashBytes)
  if (!Buffer.from(statement.toString()).equals(statement)) return undefined
  const salt = extra.subarray(0, hashBytes)
  return { salt, statement: statement.toString(), index, path, checkpoint: text.slice(split + 2) }
}

export type CheckedProof = { readonly statement: string; readonly index: number; readonly checkpoint: Checkpoint }
export type ProofRefusal = {
  refused:
    'bad-key' | 'not-a-proof' | 'checkpoint-malformed' | 'not-signed-by-this-key' | 'other-ledger' | 'not-included'
}

/**
 * Whether the statement in `file` stands in the ledger whose public key is `vkey`. Needs nothing but its two arguments:
 * no network, no clock, no city hall.
 */
export function checkProof(file: string, vkey: string): CheckedProof | ProofRefusal {
  const verifier = verifierOf(vkey.trim())
  if (!verifier) return { refused: 'bad-key' }
  const proof = parseProofFile(file)
  if (!proof) return { refused: 'not-a-proof' }
  const checkpoint = openCheckpoint(proof.checkpoint, verifier)
  if ('refused' in checkpoint) return { refused: checkpointRefusals[checkpoint.refused] }
  const leaf = leafHash(sha256(Buffer.concat([proof.salt, Buffer.from(proof.statement)])))
  if (!includes(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root)) return { refused: 'not-included' }
  return { statement: proof.statement, index: proof.index, checkpoint }
}

const checkpointRefusals = {
  malformed: 'checkpoint-malformed',
  unsigned: 'not-signed-by-this-key',
  'other-ledger': 'other-ledger',
} as const
