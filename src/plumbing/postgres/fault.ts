/**
 * A statement that failed: what was attempted (the text, in which a value is a numbered place) and what the database
 * answered. Never the values, nor the driver's own error: its detail repeats the row that was refused.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  /** SQLSTATE, such as 23505 or one of ours of class CH; or the system's code, such as ECONNREFUSED. */
  readonly code: string | undefined
  readonly constraint: string | undefined
  /** The words of a function of ours that refused (class CH); undefined for all other codes. */
  readonly says: string | undefined
  readonly detail: string | undefined

  constructor(attempted: string, answer: Answer) {
    super(`the database failed while ${attempted}: ${summary(answer)}`)
    const ours = answer.code?.startsWith('CH') === true
    this.code = answer.code
    this.constraint = answer.constraint
    this.says = ours ? answer.message : undefined
    this.detail = ours ? answer.detail : undefined
  }
}

type Answer = { name?: string; code?: string; constraint?: string; message?: string; detail?: string; table?: string }

/** SQLSTATE classes whose message names objects only; the others' may quote a value. */
const wordsWithoutValues = /^(08|0A|23|25|28|2B|34|3D|3F|40|42|53|54|55|57|58|CH|P0)/

function summary(answer: Answer): string {
  const words = mayRepeat(answer) ? answer.message : undefined
  const constraint = answer.constraint === undefined ? undefined : `constraint ${answer.constraint}`
  return [answer.code ?? answer.name ?? 'no code', words, constraint].filter((part) => part !== undefined).join(', ')
}

/** A code is SQLSTATE (five signs) or a word of the system's; without one the driver speaks, or a reader of a value. */
function mayRepeat(answer: Answer): boolean {
  if (answer.code === undefined) return isAway(answer) || driversWords.test(answer.message ?? '')
  return answer.code.length !== 5 || wordsWithoutValues.test(answer.code)
}

const driversWords = /^(Connection terminated|timeout expired|timeout exceeded|Client has encountered|rolled back)/

/** The text as it stands in a fault: one line, cut at 160 signs. */
export function attempt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return `running "${line.length > 160 ? `${line.slice(0, 160)}...` : line}"`
}

export function asFault(error: unknown, attempted: string): DatabaseFault {
  if (error instanceof DatabaseFault) return error
  return new DatabaseFault(attempted, typeof error === 'object' && error !== null ? error : {})
}

/** The server is away or coming back, and nothing was sent: connecting again is safe. */
export function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, message }: Answer = error
  if (code !== undefined) return /^(ECONNREFUSED|ENOENT|ECONNRESET|EPIPE|57P0[123]|53300|08\w\w\w)$/.test(code)
  return /^(Connection terminated|timeout expired|Client has encountered)/.test(message ?? '')
}
