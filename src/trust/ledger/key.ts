import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeOnce } from '../../plumbing/index.ts'
import { signerOf, type Signer } from './note.ts'

/**
 * The key that signs checkpoints: `ledger.key` in `folder`, made on the first start with mode 0600. It is an Ed25519
 * key in PKCS8 PEM after one line with the ledger's name. The name is settled when the key is made: it is part of every
 * signature, so a later change of the city's address does not start another ledger. Several processes may start at
 * once; one key wins. A key file that others may read is refused.
 */
export async function openLedgerKey(folder: string, name: string): Promise<Signer> {
  const file = join(folder, 'ledger.key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const text = (await existing(file)) ?? (await made(file, name))
  return signerIn(file, text, nameIn(text) ?? name)
}

/** The key for who only looks: as it was made, and never made anew. */
export async function readLedgerKey(folder: string): Promise<Signer> {
  const file = join(folder, 'ledger.key')
  const text = await existing(file)
  const name = text === undefined ? undefined : nameIn(text)
  if (text === undefined || name === undefined)
    throw new Error(`${file} is missing, or does not begin with the ledger's name; put back the one from the back-up`)
  return signerIn(file, text, name)
}

const nameIn = (text: string): string | undefined => /^ledger: (\S+)\n/.exec(text)?.[1]

function signerIn(file: string, text: string, name: string): Signer {
  try {
    return signerOf(name, createPrivateKey(text.slice(Math.max(0, text.indexOf('-----BEGIN')))))
  } catch (cause) {
    throw new Error(`${file} does not hold an Ed25519 private key in PEM; put back the one from the back-up`, { cause })
  }
}

/** `cityhall.example.gov/ledger`; without a public address the city's own identifier stands for it. */
export function ledgerName(publicUrl: string | undefined, cityId: string): string {
  return `${publicUrl === undefined ? cityId : new URL(publicUrl).host}/ledger`
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

async function made(file: string, name: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return writeOnce(file, `ledger: ${signerOf(name, privateKey).name}\n${pem}`)
}
