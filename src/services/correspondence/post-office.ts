import { keepDoing, sql } from '../../plumbing/index.ts'
import { deliver, type PostOffice } from './deliver.ts'

const atOnce = 4
const restMs = 250

/**
 * Delivers what is in the post until `signal` aborts, four mails at once, with a rest between: sixteen a second is a
 * thousand times what a city writes, and leaves the machine to those who are waiting for an answer. A mail is leased for
 * five minutes: whoever dies with it leaves it to the next. Any number of post offices may work side by side.
 */
export function runPostOffice(
  office: PostOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    const leased = await office.keeper.once<{ id: string }>(sql`select correspondence.lease_mail(${atOnce}) as id`)
    const done = await Promise.allSettled(leased.map(({ id }) => deliver(office, id)))
    for (const one of done) if (one.status === 'rejected') onFault(one.reason)
    return false
  }
  return keepDoing({ work, every: restMs, onFault, signal })
}
