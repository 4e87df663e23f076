import type { ConfigMistake, ConfigRefused } from './plumbing/index.ts'

/** Says why not, and gives the exit code for it. */
export function refuse(says: readonly string[]): number {
  for (const sentence of says) process.stderr.write(`${sentence}\n`)
  return 1
}

export function refuseConfig({ mistakes }: ConfigRefused): number {
  return refuse(mistakes.map(inWords))
}

const inWords = ({ name, value, says, allowed }: ConfigMistake) =>
  `${name}${value === undefined ? '' : `=${value}`} ${says}: ${allowed}`
