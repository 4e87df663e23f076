import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

/*
 * A file as it is sealed, version 1:
 *
 *   byte 0              1, the version
 *   then pieces         ciphertext (65,536 bytes; the last 0 to 65,536) and tag (16 bytes), AES-256-GCM
 *   nonce of a piece    its number from 0 (11 bytes, big endian), then 1 where it is the last, else 0
 *   bound to it         "cityhall/file/v1|" and the file's identifier
 *
 * The key is made for one file and used for nothing else, so no nonce repeats. This is STREAM (Hoang, Reyhanitabar,
 * Rogaway, Vizár 2015) as in age: a piece changed, left out, repeated, moved, or taken from another file does not open,
 * and neither does a file cut short, since its last piece must say that it is the last.
 */
const version = 1
const pieceLength = 65_536
const tagLength = 16
const sealedPiece = pieceLength + tagLength

/** What a file of this many bytes takes up when it is sealed. */
export function sealedLength(bytes: number): number {
  return 1 + bytes + tagLength * Math.max(1, Math.ceil(bytes / pieceLength))
}

/** Seals bytes as they come; at no moment more than one piece is held. */
export async function* sealStream(
  key: KeyObject,
  id: string,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  yield Buffer.of(version)
  let number = 0
  for await (const { piece, last } of inPieces(content, pieceLength)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(number++, last))
    cipher.setAAD(bound(id))
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
}

/** Opens what `sealStream` sealed. Bytes come out only when their piece has proved whole; throws at the first that does not. */
export async function* openStream(
  key: KeyObject,
  id: string,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { piece, last } of inPieces(withoutVersion(sealed), sealedPiece)) {
    // Only an empty file ends with an empty piece: one length has one way to be written.
    if (piece.length < tagLength || (piece.length === tagLength && number > 0)) throw broken()
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number++, last))
    decipher.setAAD(bound(id))
    decipher.setAuthTag(piece.subarray(-tagLength))
    yield opened(decipher, piece.subarray(0, -tagLength))
  }
}

function opened(decipher: ReturnType<typeof createDecipheriv>, body: Buffer): Buffer {
  try {
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch {
    throw broken()
  }
}

const broken = () => new Error('a sealed file is broken, or is not the one it should be')

async function* withoutVersion(sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const bytes of sealed) {
    if (bytes.length === 0) continue
    if (first && bytes[0] !== version) throw broken()
    yield first ? bytes.subarray(1) : bytes
    first = false
  }
  if (first) throw broken()
}

/** Cuts a stream into pieces of one length; whether one is the last is known when the next byte comes, or none does. */
async function* inPieces(
  content: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let held = Buffer.alloc(length)
  let filled = 0
  for await (const bytes of content) {
    for (let at = 0; at < bytes.length;) {
      if (filled === length) {
        yield { piece: held, last: false }
        held = Buffer.alloc(length)
        filled = 0
      }
      const taken = Math.min(length - filled, bytes.length - at)
      held.set(bytes.subarray(at, at + taken), filled)
      filled += taken
      at += taken
    }
  }
  yield { piece: held.subarray(0, filled), last: true }
}

function nonce(number: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUIntBE(number, 5, 6)
  bytes[11] = last ? 1 : 0
  return bytes
}

const bound = (id: string) => Buffer.from(`cityhall/file/v1|${id}`)
