import type { City } from '../../city/index.ts'
import type { Db, StreamingDb } from '../../plumbing/index.ts'
import type { Cabinet } from '../../services/attachments/index.ts'
import type { Forms } from '../../services/forms/index.ts'
import type { Signer } from '../../trust/ledger/index.ts'
import type { Keys } from '../../trust/vault/index.ts'

/** What a command stands on: the city's files and keys, and the database as its owner and as its keeper. */
export type Ground = Readonly<{
  city: City
  forms: Forms
  keys: Keys
  signer: Signer
  owner: Db
  keeper: Db
  /** The data folder, absolute. */
  data: string
  publicUrl: string
  cabinet: Cabinet
}>

/** What the ledger's commands stand on. */
export type LedgerGround = Readonly<{
  keeper: StreamingDb
  signer: Signer
  /** The data folder, absolute. */
  data: string
}>

/** What the command line needs of the program. The wiring hands it in. */
export type Program = Readonly<{
  serve(env: NodeJS.ProcessEnv): Promise<number>
  /** The city's files, or what is wrong with them in sentences. */
  readFiles(folder: string): Promise<Readonly<{ city: City; forms: Forms }> | Readonly<{ says: readonly string[] }>>
  /**
   * Opens the ground (beside a program that serves, if one does), does the work, closes; prints why it cannot.
   * Only `migrate` brings the database up to date; every other command takes it as it is.
   */
  ground(env: NodeJS.ProcessEnv, work: (ground: Ground) => Promise<number>, migrate?: 'migrate'): Promise<number>
  /** As `ground`, without the city's files. */
  ledger(env: NodeJS.ProcessEnv, work: (ground: LedgerGround) => Promise<number>): Promise<number>
}>

export const exitCodes = { done: 0, refused: 1, usage: 2 } as const

/** Prints an answer: as one line of JSON with `--json`, else in words. */
export function answer(json: boolean | undefined, data: unknown, words: string | readonly string[]): void {
  const lines = json ? [JSON.stringify(data)] : [words].flat()
  process.stdout.write(`${lines.join('\n')}\n`)
}

export function refuse(json: boolean | undefined, refused: string, words: string): number {
  if (json) process.stdout.write(`${JSON.stringify({ refused, says: words })}\n`)
  else process.stderr.write(`${words}\n`)
  return exitCodes.refused
}

/** An argument that could never be meant: said like a refusal, and answered like any other wrong usage. */
export function misused(json: boolean | undefined, refused: string, words: string): number {
  refuse(json, refused, words)
  return exitCodes.usage
}
