import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeOnce } from './write-once.ts'

/** What outgoing mail is signed with (RFC 6376), and where the receiving side finds the public half. */
export type DkimKey = Readonly<{
  domain: string
  selector: string
  /** PKCS8, PEM. */
  privateKey: string
  /** The public half as it stands in the DNS: base64 of its DER. */
  published: string
}>

/**
 * The key that signs mail: `dkim.key` in `folder`, RSA of 2048 bits in PKCS8 PEM, made on first use with mode 0600.
 * (Ed25519, RFC 8463, is not checked by the large receivers yet, and nodemailer signs with RSA only.)
 * Several processes may start at once; one key wins. A key file that others may read is refused.
 */
export async function openDkimKey(folder: string, name: { domain: string; selector: string }): Promise<DkimKey> {
  const file = join(folder, 'dkim.key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const privateKey = (await existing(file)) ?? (await made(file))
  try {
    const key = createPrivateKey(privateKey)
    if (key.asymmetricKeyType !== 'rsa') throw new Error('not RSA')
    const published = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
    return { ...name, privateKey, published }
  } catch (cause) {
    throw new Error(`${file} does not hold an RSA private key in PEM; put back the one from the back-up`, { cause })
  }
}

async function existing(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file)
    if ((mode & 0o077) !== 0) throw new Error(`${file} can be read by others; run: chmod 600 ${file}`)
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function made(file: string): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return writeOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
}
