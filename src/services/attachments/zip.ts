import { inflateRawSync } from 'node:zlib'

/** One file of an archive, as its directory and its own header agree on it. */
export type ZipEntry = Readonly<{
  name: string
  /** Under a password. */
  locked: boolean
  /** Stored as it is, or deflated. */
  stored: boolean
  /** Where its bytes lie, and how long they become. */
  from: number
  until: number
  size: number
}>

const endSignature = 0x06054b50
const directorySignature = 0x02014b50
const localSignature = 0x04034b50
const endLength = 22
const mostEntries = 5_000

/**
 * The files of an archive, or undefined where it is not one that every reader reads in the same way: a second directory,
 * bytes before, between or behind that belong to nothing, two files of one name or in one place, a name that leaves the
 * archive. What one program checks and another opens must be the same.
 */
export function readZip(bytes: Buffer): readonly ZipEntry[] | undefined {
  const end = bytes.length - endLength
  // No comment behind the directory's end, so that there is one end only.
  if (end < 0 || bytes.readUInt32LE(end) !== endSignature || bytes.readUInt16LE(end + 20) !== 0) return undefined
  const [disk, start] = [bytes.readUInt32LE(end + 4), bytes.readUInt32LE(end + 16)]
  const [count, all] = [bytes.readUInt16LE(end + 8), bytes.readUInt16LE(end + 10)]
  if (disk !== 0 || count !== all || count === 0 || count > mostEntries) return undefined
  if (start + bytes.readUInt32LE(end + 12) !== end) return undefined
  const entries: ZipEntry[] = []
  let at = start
  for (let n = 0; n < count; n++) {
    const read = at + 46 <= end ? readEntry(bytes, at, start) : undefined
    if (!read) return undefined
    entries.push(read.entry)
    at = read.next
  }
  return at === end && areApart(entries) ? entries : undefined
}

function readEntry(bytes: Buffer, at: number, start: number): { entry: ZipEntry; next: number } | undefined {
  if (bytes.readUInt32LE(at) !== directorySignature) return undefined
  const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)]
  const [packed, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)]
  const nameLength = bytes.readUInt16LE(at + 28)
  const next = at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  const local = bytes.readUInt32LE(at + 42)
  const rawName = bytes.subarray(at + 46, at + 46 + nameLength)
  if ((method !== 0 && method !== 8) || local + 30 > start || bytes.readUInt32LE(local) !== localSignature)
    return undefined
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  if (!bytes.subarray(local + 30, local + 30 + bytes.readUInt16LE(local + 26)).equals(rawName)) return undefined
  if (bytes.readUInt16LE(local + 8) !== method || from + packed > start) return undefined
  const name = rawName.toString('utf8')
  if (!isPlainName(name)) return undefined
  return { entry: { name, locked: (flags & 1) === 1, stored: method === 0, from, until: from + packed, size }, next }
}

const isPlainName = (name: string): boolean =>
  name !== '' && !/[\\\0:]|\uFFFD/.test(name) && !name.startsWith('/') && !name.split('/').includes('..')

/** No two of one name (programs of offices do not tell capitals), and none lies in another. */
function areApart(entries: readonly ZipEntry[]): boolean {
  if (new Set(entries.map(({ name }) => name.toLowerCase())).size < entries.length) return false
  const inOrder = entries.toSorted((one, other) => one.from - other.from)
  return inOrder.every((entry, n) => n === 0 || entry.from >= (inOrder[n - 1]?.until ?? 0))
}

/** The bytes of one file; undefined where they are not as many as the archive says. */
export function contentOf(bytes: Buffer, { stored, from, until, size }: ZipEntry): Buffer | undefined {
  const packed = bytes.subarray(from, until)
  if (stored) return packed.length === size ? packed : undefined
  try {
    const content = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
    return content.length === size ? content : undefined
  } catch {
    return undefined
  }
}
