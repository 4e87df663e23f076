import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** A passkey device in software (WebAuthn level 3, ES256, no attestation), as a browser would hand on its answers. */
export function softwareAuthenticator(origin: string, party: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0
  return {
    register: (challenge: string, changed: Partial<Claims> = {}) => {
      const claims = { type: 'webauthn.create', challenge, origin, party, verified: true, ...changed }
      const credential = Buffer.concat([Buffer.alloc(16), length16(id), id, coseKey(publicKey)])
      const authData = authenticatorData(claims, 0x40, counter, credential)
      const attestation = cborMap(['fmt', cborText('none')], ['attStmt', cborMap()], ['authData', cborBytes(authData)])
      return answer(id, claims, { attestationObject: attestation.toString('base64url'), transports: ['internal'] })
    },
    signIn: (challenge: string, changed: Partial<Claims> = {}) => {
      counter += 1
      const claims = { type: 'webauthn.get', challenge, origin, party, verified: true, ...changed }
      const authData = authenticatorData(claims, 0, counter)
      const signed = Buffer.concat([authData, createHash('sha256').update(clientData(claims)).digest()])
      return answer(id, claims, {
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, changed.key ?? privateKey).toString('base64url'),
      })
    },
  }
}

type Claims = { type: string; challenge: string; origin: string; party: string; verified: boolean; key?: KeyObject }

function answer(id: Buffer, claims: Claims, response: object): string {
  const name = id.toString('base64url')
  return JSON.stringify({
    id: name,
    rawId: name,
    type: 'public-key',
    clientExtensionResults: {},
    response: { clientDataJSON: clientData(claims).toString('base64url'), ...response },
  })
}

function clientData({ type, challenge, origin }: Claims): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

function authenticatorData(
  { party, verified }: Claims,
  flags: number,
  counter: number,
  rest = Buffer.alloc(0),
): Buffer {
  const counted = Buffer.alloc(4)
  counted.writeUInt32BE(counter)
  const present = 0x01 | (verified ? 0x04 : 0) | flags
  return Buffer.concat([createHash('sha256').update(party).digest(), Buffer.from([present]), counted, rest])
}

function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const point = (part: string) => cborBytes(Buffer.from(part, 'base64url'))
  // kty EC2, alg ES256, crv P-256 (RFC 9053), then the point.
  return Buffer.concat([
    Buffer.from('a5010203262001', 'hex'),
    Buffer.from([0x21]),
    point(x),
    Buffer.from([0x22]),
    point(y),
  ])
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)])
}

function cborBytes(bytes: Buffer): Buffer {
  const head =
    bytes.length < 256 ? Buffer.from([0x58, bytes.length]) : Buffer.concat([Buffer.from([0x59]), length16(bytes)])
  return Buffer.concat([head, bytes])
}

function cborMap(...entries: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([
    Buffer.from([0xa0 + entries.length]),
    ...entries.flatMap(([key, value]) => [cborText(key), value]),
  ])
}

function length16(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return length
}
