import { randomFillSync } from 'node:crypto'

const pool = Buffer.allocUnsafeSlow(8192)
let used = pool.length

/**
 * Random bytes from the system's generator, fetched a pool at a time: a call for every nonce costs more than the sealing
 * it is for. Bytes are handed out once, as a copy, and wiped from the pool.
 */
export function chance(length: number): Buffer {
  if (length > pool.length) throw new RangeError(`at most ${String(pool.length)} random bytes at once`)
  if (used + length > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + length))
  pool.fill(0, used, used + length)
  used += length
  return bytes
}
