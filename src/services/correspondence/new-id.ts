import { chance } from '../../plumbing/index.ts'

/** A UUID of version 7 (RFC 9562): its first 48 bits are the time, so that new rows stand together in an index. */
export function newId(now = Date.now()): string {
  const bytes = chance(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = 0x70 | (Number(bytes[6]) & 0x0f)
  bytes[8] = 0x80 | (Number(bytes[8]) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
