import { mustBeKnown } from '../../city/index.ts'
import type { City } from '../../city/index.ts'
import type { Mistake, Yaml } from '../../plumbing/index.ts'
import type { FormFile } from './define-file.ts'

/** What is charged, waived and booked has its rules in the city's files. */
export function checkCharges(file: Yaml<FormFile>, { payments, bookings }: City): Mistake[] {
  const { fields, fees, waivers = [] } = file.value
  const mistakes = waivers.flatMap(({ reason }, at) =>
    mustBeKnown(
      file,
      ['waivers', at, 'reason'],
      reason,
      Object.fromEntries(payments?.waivers ?? []),
      'in payments.yaml',
    ),
  )
  if (fees && !payments)
    mistakes.push(
      file.mistake(['fees'], 'This city takes no payments.', 'payments.yaml with how people pay, or no fees:', 'key'),
    )
  for (const [name, { facility }] of Object.entries(fields))
    if (facility !== undefined)
      mistakes.push(
        ...mustBeKnown(file, ['fields', name, 'facility'], facility, Object.fromEntries(bookings), 'in bookings.yaml'),
      )
  return mistakes
}
