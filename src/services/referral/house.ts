import type { City, AgencyId } from '../../city/index.ts'
import type { Db, Mailer } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Cabinet } from '../attachments/index.ts'
import type { House } from '../correspondence/index.ts'
import type { Forms } from '../forms/index.ts'

/** What the acts of this room need. */
export type ReferralHouse = House & Readonly<{ forms: Forms }>

/** What the worker needs to send referrals and to ask how they stand. Without a mailer mail is kept. */
export type ReferralOffice = Readonly<{
  keeper: Db
  keys: Keys
  city: City
  /** Where the files lie that leave. */
  cabinet: Cabinet
  mailer?: Mailer
  /** The key that an agency's Open311 server wants of us, if it wants one. */
  agencyKey?: (agency: AgencyId) => string | undefined
  /** Servers inside our own network may be asked; for tests. */
  insideNetwork?: boolean
}>
