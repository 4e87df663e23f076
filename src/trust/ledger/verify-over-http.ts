import { parseBundle } from './bundle.ts'
import { openCheckpoint, type Checkpoint, type CheckpointRefusal } from './checkpoint.ts'
import { collectFaults, type Faults, type Verified } from './fault.ts'
import { emptyRoot, hashBytes, leafHash } from './merkle.ts'
import { verifierOf } from './note.ts'
import { tilePath, tileWidth } from './tile.ts'
import { walkTree, type Kept, type Places, type Strange, type Stretch } from './walk-tree.ts'

export type VerifyingOverHttp = {
  /** The address of the site, such as `https://city.example.gov`. */
  readonly origin: string
  /** The ledger's public key as it was noted down earlier. Without it the one that the site shows is believed. */
  readonly vkey?: string | undefined
  /** A checkpoint that was saved earlier: the ledger must continue it. */
  readonly saved?: string | undefined
}

export type HttpRefusal = {
  refused:
    | 'not-an-address'
    | 'no-answer'
    | 'no-key'
    | 'bad-key'
    | 'no-checkpoint'
    | `checkpoint-${CheckpointRefusal['refused']}`
    | `saved-${CheckpointRefusal['refused']}`
}

const patience = 30_000
/** The largest of what a ledger serves: a bundle of 256 entries of 32 bytes, or a tile; with room. */
const largestAnswer = 65_536

/**
 * Computes a ledger's whole tree anew from what its site serves to everyone, as any outsider can: the signature, each
 * entry against its tile, each tile, the root, and that an earlier saved checkpoint is continued.
 */
export async function verifyOverHttp(asked: VerifyingOverHttp): Promise<Verified | HttpRefusal> {
  if (!/^https?:$/.test(URL.parse(asked.origin)?.protocol ?? '')) return { refused: 'not-an-address' }
  try {
    return await verifySite(asked)
  } catch (error) {
    if (error instanceof NoAnswer) return { refused: 'no-answer' }
    throw error
  }
}

async function verifySite({ origin, vkey, saved }: VerifyingOverHttp): Promise<Verified | HttpRefusal> {
  const site = origin.replace(/\/$/, '')
  const key = vkey ?? (await fetched(`${site}/ledger/key`))?.toString()
  const verifier = verifierOf(key?.trim() ?? '')
  if (!verifier) return { refused: vkey === undefined ? 'no-key' : 'bad-key' }
  const note = await fetched(`${site}/ledger/checkpoint`)
  if (!note) return { refused: 'no-checkpoint' }
  const head = openCheckpoint(note.toString(), verifier)
  if ('refused' in head) return { refused: `checkpoint-${head.refused}` }
  const earlier = saved === undefined ? undefined : openCheckpoint(saved, verifier)
  if (earlier && 'refused' in earlier) return { refused: `saved-${earlier.refused}` }

  const faults = collectFaults()
  if (earlier && earlier.size > head.size) faults.add({ fault: 'witness-ahead', size: head.size, seen: earlier.size })
  const checkpoints = [...(earlier ? [earlier] : []), head].sort((a, b) => a.size - b.size)
  const root = await walkTree(siteAs(site, head, checkpoints, faults), head, faults)
  if (head.size === 0 && !head.root.equals(emptyRoot)) faults.add({ fault: 'history-rewritten', size: 0, after: 0 })
  const { list, further: furtherFaults } = faults
  return {
    size: head.size,
    root: root.toString('base64'),
    checkpoints: checkpoints.length,
    faults: list,
    furtherFaults,
  }
}

function siteAs(site: string, head: Checkpoint, checkpoints: readonly Checkpoint[], faults: Faults): Kept {
  return {
    // Few: each is two questions, and a site has others to answer.
    atOnce: 4,
    async stretch(first, count): Promise<Stretch> {
      const numbers = Array.from({ length: count }, (_, offset) => first + offset)
      const width = (n: number) => Math.min(tileWidth, head.size - n * tileWidth)
      const [stored, places] = await Promise.all([
        Promise.all(numbers.map((n) => tileAt(site, 0, n, width(n)))),
        Promise.all(numbers.map((n) => placesIn(site, n, width(n), faults))),
      ])
      const tiles = places.map((one, at) => ({ stored: stored[at], places: () => Promise.resolve(one) }))
      const [from, to] = [first * tileWidth, (first + count) * tileWidth]
      const among = checkpoints.filter(({ size }) => size > from && size <= to && size <= head.size)
      return { tiles, checkpoints: among }
    },
    tile: (level, n, width) => tileAt(site, level, n, width),
  }
}

/** A partial tile may have been given up for the full one since (tlog-tiles): then its beginning serves. */
async function tileAt(site: string, level: number, n: number, width: number): Promise<Buffer | undefined> {
  const tile = await fetched(`${site}/ledger/${tilePath({ level, n, width })}`)
  if (tile || width === tileWidth) return tile
  return (await fetched(`${site}/ledger/${tilePath({ level, n, width: tileWidth })}`))?.subarray(0, width * 32)
}

async function placesIn(site: string, n: number, width: number, faults: Faults): Promise<Places> {
  const address = tilePath({ level: 'entries', n, width })
  const entries = parseBundle((await fetched(`${site}/ledger/${address}`)) ?? Buffer.alloc(0))
  if (entries?.length !== width) faults.add({ fault: 'bundle-unreadable', tile: address })
  const leaves = Buffer.alloc(width * hashBytes)
  const strange = new Map<number, Strange>()
  for (let index = 0; index < width; index += 1) {
    const entry = entries?.[index]
    if (entry) leafHash(entry).copy(leaves, index * hashBytes)
    else strange.set(index, 'missing')
  }
  return { leaves, strange }
}

/** What was asked for did not come, so that nothing can be said about the ledger. */
class NoAnswer extends Error {}

/** Undefined when it is not there. Anything else than an answer is thrown: nothing was verified then. */
async function fetched(address: string): Promise<Buffer | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(patience), redirect: 'error' })
    if (answer.status === 404) return undefined
    if (!answer.ok || !answer.body) throw new NoAnswer(`${address} answered ${answer.status}`)
    return await whole(address, answer.body as AsyncIterable<Uint8Array>)
  } catch (cause) {
    throw cause instanceof NoAnswer ? cause : new NoAnswer(`${address} did not answer`, { cause })
  }
}

async function whole(address: string, body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > largestAnswer) throw new NoAnswer(`${address} answered with more than a ledger ever serves`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
