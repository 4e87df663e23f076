import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateEncrypt,
  publicDecrypt,
  verify,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'

/**
 * RSABSSA-SHA384-PSS-Randomized of RFC 9474. Its variant with a random prefix is the one the RFC recommends: blindness then
 * rests on no property of what is signed. 2048 bits last for the weeks a survey is open; what hides a person (the blinding)
 * does not depend on their size, nor on anybody's key staying secret.
 */
export const suite = { hash: 'SHA-384', saltLength: 48, modulusLength: 2048, prefixLength: 32 } as const
export const modulusBytes = suite.modulusLength / 8
/** A prepared message: the random prefix, then 32 random bytes. */
export const ticketBytes = suite.prefixLength + 32

export async function newSigningKey(): Promise<{ publicKey: Buffer; privateKey: Buffer }> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: suite.modulusLength,
    publicExponent: 0x10001,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  return pair
}

/**
 * BlindSign (RFC 9474, 4.3): the bare RSA operation on what the browser blinded, done by OpenSSL, which takes the same time
 * for every value; then checked, since a slip in it could give the key away. Undefined: not a number below the modulus.
 */
export function blindSign(privateKey: Buffer, blinded: Buffer): Buffer | undefined {
  if (blinded.length !== modulusBytes) return undefined
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  const padding = constants.RSA_NO_PADDING
  const signature = raw(() => privateEncrypt({ key, padding }, blinded))
  if (!signature) return undefined
  const back = publicDecrypt({ key: createPublicKey(key), padding }, signature)
  if (!back.equals(blinded)) throw new Error('a blind signature did not come out right')
  return signature
}

/** OpenSSL refuses a value at or above the modulus. */
function raw(work: () => Buffer): Buffer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Whether a ticket was signed under this survey's key. */
export function isSigned(publicKey: Buffer, ticket: Buffer, signature: Buffer): boolean {
  if (ticket.length !== ticketBytes || signature.length !== modulusBytes) return false
  const key = {
    key: createPublicKey({ key: publicKey, format: 'der', type: 'spki' }),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: suite.saltLength,
  }
  return verify('sha384', ticket, key, signature)
}

/** The key as browsers and anybody who compares read it; its hash stands in the ledger since the survey was opened. */
export function publishedKey(publicKey: Buffer): { suite: string; spki: string; sha256: string; jwk: object } {
  const key: KeyObject = createPublicKey({ key: publicKey, format: 'der', type: 'spki' })
  return {
    suite: 'RSABSSA-SHA384-PSS-Randomized',
    spki: publicKey.toString('base64'),
    sha256: createHash('sha256').update(publicKey).digest('hex'),
    jwk: key.export({ format: 'jwk' }),
  }
}
