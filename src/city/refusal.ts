/** An expected "no" with a code that stays the same across releases; the person's words come from the catalogue. */
export type Refusal<Code extends string, Details extends object = object> = Readonly<{ refused: Code } & Details>

/** Tells a refusal from the result of an act. Anything with a `refused` code is a refusal and nothing else is. */
export function isRefusal<T>(result: T): result is Extract<T, { refused: string }> {
  return typeof result === 'object' && result !== null && 'refused' in result
}
