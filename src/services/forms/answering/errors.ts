/** One thing wrong with an answer. `field` is the posted name: `email`, `applicant.name`, `items.0.what`. The words are in the catalogue under the code. */
export type FieldError = Readonly<{
  field: string
  code: ErrorCode
  params: Readonly<Record<string, string | number>>
}>

export const errorCodes = [
  'missing',
  'unreadable',
  'too-long',
  'too-short',
  'not-a-choice',
  'too-few',
  'too-many',
  'too-few-rows',
  'too-many-rows',
  'not-an-email',
  'not-a-telephone',
  'not-a-date',
  'not-a-time',
  'not-a-number',
  'not-money',
  'not-declared',
  'not-a-slot',
  'not-a-session',
  'session-too-early',
  'session-closed',
  'session-called-off',
  'session-not-agreed',
  'session-not-done',
  'session-too-many',
  'slot-taken',
  'slot-closed',
  'slot-too-late',
  'slot-too-far',
  'slot-too-many',
  'too-much',
  'not-in-the-city',
  'no-such-number',
  'not-on-the-map',
  'out-of-range',
  'out-of-order',
  'wrong',
] as const
export type ErrorCode = (typeof errorCodes)[number]

export const errorAt = (field: string, code: ErrorCode, params: FieldError['params'] = {}): FieldError => ({
  field,
  code,
  params,
})
