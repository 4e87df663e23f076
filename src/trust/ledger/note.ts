import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { sha256 } from './merkle.ts'

/** C2SP signed-note with Ed25519 (signature type 1). */
const ed25519 = 0x01
/** DER of an Ed25519 SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

export type Signer = { readonly name: string; readonly vkey: string; readonly id: Buffer; readonly key: KeyObject }
export type Verifier = { readonly name: string; readonly id: Buffer; readonly key: KeyObject }

/** A key name has no space, no plus and no control character, and is not empty. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\p{Cc}\p{Z}]/u.test(name)
}

export function signerOf(name: string, key: KeyObject): Signer {
  if (!isKeyName(name)) throw new Error(`'${name}' cannot name a ledger key: no spaces and no plus sign`)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('a ledger key is an Ed25519 key')
  const raw = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(spkiHead.length)
  const id = keyId(name, raw)
  return { name, id, key, vkey: `${name}+${id.toString('hex')}+${encodedKey(raw).toString('base64')}` }
}

/** Reads the one-line public key `<name>+<key id>+<base64 of type and key>`; undefined if it is not exactly that. */
export function verifierOf(vkey: string): Verifier | undefined {
  const [, name, hexId, key] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey) ?? []
  if (name === undefined || hexId === undefined || key === undefined || !isKeyName(name)) return undefined
  const bytes = fromBase64(key)
  if (bytes?.length !== 33 || bytes[0] !== ed25519) return undefined
  const raw = bytes.subarray(1)
  const id = keyId(name, raw)
  if (id.toString('hex') !== hexId) return undefined
  return { name, id, key: createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' }) }
}

/** `text` ends in a newline; the note is the text, an empty line and one signature line. */
export function signNote(text: string, signer: Signer): string {
  if (!isNoteText(text)) throw new Error('a note is lines of text, each ended by a newline, without control characters')
  const signature = Buffer.concat([signer.id, sign(null, Buffer.from(text), signer.key)])
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`
}

type NoteParts = { text: string; signatures: Buffer[] }

/**
 * The text of a note that `verifier` signed. Signatures of other keys (witnesses, an earlier key) are passed over, one
 * of this key that fails refuses the whole note.
 */
export function openNote(note: string, verifier: Verifier): string | { refused: 'malformed' | 'unsigned' } {
  const parts = noteParts(note, verifier)
  if (!parts) return { refused: 'malformed' }
  const { text, signatures } = parts
  const signed = signatures.length > 0 && signatures.every((one) => verify(null, Buffer.from(text), verifier.key, one))
  return signed ? text : { refused: 'unsigned' }
}

const manySignatures = 100

/** The text, and the signatures that claim to be of this key, not yet checked. */
export function noteParts(note: string, verifier: Verifier): NoteParts | undefined {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  if (!isNoteText(text) || lines.length > manySignatures) return undefined
  const signatures: Buffer[] = []
  for (const line of lines) {
    const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? []
    const bytes = base64 === undefined ? undefined : fromBase64(base64)
    if (name === undefined || !isKeyName(name) || !bytes || bytes.length < 5) return undefined
    if (name === verifier.name && bytes.subarray(0, 4).equals(verifier.id)) signatures.push(bytes.subarray(4))
  }
  return { text, signatures }
}

/** Strict: only what encodes back to the same letters, so that a note has one spelling. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

function isNoteText(text: string): boolean {
  // The format forbids control characters other than the newline; U+FFFD is what broken UTF-8 is read as.
  return text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f\ufffd]/.test(text)
}

function keyId(name: string, raw: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), encodedKey(raw)])).subarray(0, 4)
}

function encodedKey(raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from([ed25519]), raw])
}
