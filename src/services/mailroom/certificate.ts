import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Certificate = Readonly<{ key: string; cert: string }>

/**
 * A certificate that the program makes for itself, kept in the folder of secrets (mode 0600). Senders who encrypt where
 * they can (RFC 7435) take it; one who insists on a known authority needs one of the city's own.
 */
export function ownCertificate(secrets: string, host: string): Certificate {
  const path = join(secrets, 'smtp.pem')
  if (!existsSync(path)) {
    const { key, cert } = makeCertificate(host)
    writeFileSync(`${path}.new`, key + cert, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  return readCertificate(readFileSync(path, 'utf8'))
}

/** Key and certificate in one PEM text, in any order. */
export function readCertificate(pem: string): Certificate {
  const parts = (kind: RegExp) =>
    (pem.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/g) ?? []).filter((part) => kind.test(part)).join('')
  return { key: parts(/BEGIN .*PRIVATE KEY/), cert: parts(/BEGIN CERTIFICATE/) }
}

/** A self-signed certificate (X.509 v3, P-256, 20 years) for one host, written as DER by hand: Node.js reads them only. */
export function makeCertificate(host: string, from = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const name = sequence(set(sequence(oid('0603550403'), der(0x0c, Buffer.from(host.slice(0, 64))))))
  const until = new Date(from)
  until.setUTCFullYear(until.getUTCFullYear() + 20)
  const names = /^[\d.:]+$/.test(host) ? undefined : sequence(der(0x82, Buffer.from(host)))
  const extensions = names && der(0xa3, sequence(sequence(oid('0603551d11'), der(0x04, names))))
  const serial = randomBytes(15)
  serial[0] = (Number(serial[0]) & 0x3f) | 0x40
  const algorithm = sequence(oid('06082a8648ce3d040302'))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    algorithm,
    name,
    sequence(time(from), time(until)),
    name,
    spki,
    ...(extensions ? [extensions] : []),
  )
  const signature = sign('sha256', body, privateKey)
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** Tells which certificate it is, for whoever wants to pin it. */
export const fingerprintOf = (cert: string): string =>
  createHash('sha256')
    .update(Buffer.from(cert.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
    .digest('hex')

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}
const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const set = (...parts: Buffer[]): Buffer => der(0x31, Buffer.concat(parts))
const oid = (hex: string): Buffer => Buffer.from(hex, 'hex')
/** UTCTime until 2049, GeneralizedTime after (RFC 5280 4.1.2.5). */
function time(at: Date): Buffer {
  const digits = `${at.toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}
