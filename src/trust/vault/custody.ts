import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { chance } from '../../plumbing/index.ts'
import type { DataKey, SubjectId } from './seal.ts'

const version = 1
const printLength = 8

/**
 * The public half of the custody key, from `custody.pub` beside the key file. Made with its private half (`custody.key`, RSA
 * of 3072 bits, both mode 0600) where there is neither. The private half is for a hold, a records request or a court order:
 * a city keeps it off the machine, and no serving process reads it. Several processes may start at once; one pair wins.
 */
export function custodyPublicKey(folder: string): KeyObject {
  const [privateFile, publicFile] = filesIn(folder)
  if (!existsSync(publicFile)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!existsSync(privateFile)) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
      writeFirst(privateFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    }
    const made = createPublicKey(readFileSync(privateFile))
    writeFirst(publicFile, made.export({ type: 'spki', format: 'pem' }).toString())
  }
  const key = parsed(publicFile, createPublicKey)
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`${publicFile} does not hold an RSA public key`)
  return key
}

/** The private half, where it is put back on purpose. */
export function custodyPrivateKey(folder: string): KeyObject {
  return parsed(filesIn(folder)[0], createPrivateKey)
}

/** Wraps a data key for custody: version, the key's fingerprint (8 bytes), RSA-OAEP-SHA256 bound to the subject. */
export function wrapForCustody(custody: KeyObject, { subject, key }: DataKey): Buffer {
  const wrapped = publicEncrypt({ key: custody, ...oaep, oaepLabel: label(subject) }, key.export())
  return Buffer.concat([Buffer.of(version), short(custody), wrapped])
}

/** Opens what was wrapped for custody. Throws with another key, for another subject, or where a byte was changed. */
export function unwrapFromCustody(custody: KeyObject, subject: SubjectId, wrapped: Buffer): DataKey {
  if (wrapped[0] !== version) throw new Error(`a custody copy has the unknown version ${String(wrapped[0])}`)
  if (!wrapped.subarray(1, 1 + printLength).equals(short(createPublicKey(custody))))
    throw new Error('this copy was wrapped for another custody key')
  const bytes = privateDecrypt({ key: custody, ...oaep, oaepLabel: label(subject) }, wrapped.subarray(1 + printLength))
  return { subject, key: createSecretKey(bytes) }
}

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
const label = (subject: SubjectId) => Buffer.from(`cityhall/custody/v1|${subject}`)
const filesIn = (folder: string) => [join(folder, 'custody.key'), join(folder, 'custody.pub')] as const

const prints = new WeakMap<KeyObject, Buffer>()

/** Tells whether a key is the one that copies were wrapped for. Reckoned once: writing a key out costs as much as wrapping. */
export function custodyPrint(custody: KeyObject): Buffer {
  const known = prints.get(custody)
  if (known) return known
  const print = createHash('sha256')
    .update(custody.export({ type: 'spki', format: 'der' }))
    .digest()
  prints.set(custody, print)
  return print
}

const short = (custody: KeyObject) => custodyPrint(custody).subarray(0, printLength)

function parsed(file: string, parse: (pem: Buffer) => KeyObject): KeyObject {
  try {
    return parse(readFileSync(file))
  } catch (cause) {
    throw new Error(`${file} does not hold the city’s custody key; put back the one from the back-up`, { cause })
  }
}

/** Written whole under another name, then linked: the first of several processes wins, and a crash leaves no half file. */
function writeFirst(file: string, text: string): void {
  const draft = join(dirname(file), `.${chance(8).toString('hex')}`)
  const handle = openSync(draft, 'wx', 0o600)
  writeSync(handle, text)
  fsyncSync(handle)
  closeSync(handle)
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}
