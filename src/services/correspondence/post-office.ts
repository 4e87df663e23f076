import { keepDoing, sql } from '../../plumbing/index.ts'
import { deliverAll, type PostOffice } from './deliver.ts'

const atOnce = 8
const restMs = 250

/**
 * Delivers what is in the post until `signal` aborts, eight mails at once, with a rest between: thirty a second is far
 * more than a city writes. While letters pour in it rests longer, and leaves the machine to those who wait for an answer. A mail is leased for
 * five minutes: whoever dies with it leaves it to the next. Any number of post offices may work side by side.
 */
export function runPostOffice(
  office: PostOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    const leased = await office.keeper.once<{ id: string }>(sql`select correspondence.lease_mail(${atOnce}) as id`)
    if (leased.length === 0) return false
    const ids = leased.map(({ id }) => id)
    for (const fault of await deliverAll(office, ids)) onFault(fault)
    return false
  }
  return keepDoing({ work, every: restMs, share: 0.1, onFault, signal })
}
