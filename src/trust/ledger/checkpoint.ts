import { hashBytes, type Hash } from './merkle.ts'
import { verify } from 'node:crypto'
import { promisify } from 'node:util'
import { fromBase64, noteParts, openNote, signNote, type Signer, type Verifier } from './note.ts'

/** The state of the ledger that its key vouches for: its name, how many leaves, and the root over them. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash }

/** C2SP tlog-checkpoint: three lines, no extension lines. The origin is the name of the key. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

export function signCheckpoint(size: number, root: Hash, signer: Signer): string {
  return signNote(checkpointText({ origin: signer.name, size, root }), signer)
}

export type CheckpointRefusal = { refused: 'malformed' | 'unsigned' | 'other-ledger' }

/** A checkpoint whose signature by this key holds and which names the same ledger as the key. */
export function openCheckpoint(note: string, verifier: Verifier): Checkpoint | CheckpointRefusal {
  const text = openNote(note, verifier)
  if (typeof text !== 'string') return text
  const checkpoint = parseCheckpoint(text)
  if (!checkpoint) return { refused: 'malformed' }
  return checkpoint.origin === verifier.name ? checkpoint : { refused: 'other-ledger' }
}

const verifyAside = promisify(verify)

/** As `openCheckpoint`, with the signature checked on another thread: for the many of a whole history. */
export async function openCheckpointAside(note: string, verifier: Verifier): Promise<Checkpoint | CheckpointRefusal> {
  const parts = noteParts(note, verifier)
  const checkpoint = parts ? parseCheckpoint(parts.text) : undefined
  if (!parts || !checkpoint) return { refused: 'malformed' }
  if (checkpoint.origin !== verifier.name) return { refused: 'other-ledger' }
  const text = Buffer.from(parts.text)
  const held = await Promise.all(parts.signatures.map((one) => verifyAside(null, text, verifier.key, one)))
  return held.length > 0 && held.every(Boolean) ? checkpoint : { refused: 'unsigned' }
}

/** The text alone, without asking who signed it. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, digits, base64, ...more] = text.split('\n')
  if (origin === undefined || origin === '' || digits === undefined || base64 === undefined) return undefined
  // Extension lines are allowed by the format but never empty; after the last newline there is nothing.
  if (more.pop() !== '' || more.includes('')) return undefined
  const size = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN
  const root = fromBase64(base64)
  if (!Number.isSafeInteger(size) || root?.length !== hashBytes) return undefined
  return { origin, size, root }
}
