import { randomBytes } from 'node:crypto'

const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Names each request with a reference that a person can read out on the telephone (`K7Q2-3F9`): four signs for this run
 * of the program, then a count. It points at a line of the log and says nothing about who asked.
 */
export function createReferences(): () => string {
  const run = [...randomBytes(4)].map((byte) => letters[byte % letters.length]).join('')
  let count = letters.length ** 2
  return () => `${run}-${inLetters((count += 1))}`
}

function inLetters(count: number): string {
  const rest = Math.floor(count / letters.length)
  return (rest > 0 ? inLetters(rest) : '') + letters.charAt(count % letters.length)
}
