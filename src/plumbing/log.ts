import { pino, type DestinationStream, type Logger } from 'pino'
import { faultsIn } from './http/request-log.ts'

export type Log = Logger

/**
 * The program's log: one JSON object a line on standard output. An error is written by name, code, constraint and where
 * it was thrown; its message only when it is one of our faults. A package's error carries the row, the mail or the
 * request it failed on, in its message and in its other fields; passed alone or as `err`, none of that is written.
 */
export function createLog(options: { logLevel: string }, to?: DestinationStream): Log {
  const settings: pino.LoggerOptions = {
    level: options.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: faultsIn, error: faultsIn, req: nothing, res: nothing },
    formatters: { level: (label) => ({ level: label }) },
    // pino takes the message of an error that stands alone, or as `err` without a line, as the line's own.
    hooks: {
      logMethod(words, method) {
        const [first, line]: unknown[] = words
        const fields = first instanceof Error ? { err: first } : first
        if (isObject(fields) && fields['err'] instanceof Error) {
          method.apply(this, [fields, typeof line === 'string' ? line : 'fault'])
        } else {
          method.apply(this, words)
        }
      },
    },
  }
  return to === undefined ? pino(settings) : pino(settings, to)
}

const nothing = (): undefined => undefined
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
