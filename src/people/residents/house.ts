import type { City } from '../../city/index.ts'
import type { Clock, Db, Gate } from '../../plumbing/index.ts'
import type { RelyingParty, SessionCookie } from '../../trust/need-to-know/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { HomePanel } from './panel.ts'

/** What this room's pages and acts need; the wiring hands it in. */
export type ResidentsHouse = Readonly<{
  db: Db
  keys: Keys
  city: City
  clock: Clock
  publicUrl: string
  cookie: SessionCookie
  /** Undefined where browsers allow no passkey. */
  party: RelyingParty | undefined
  /** How often a network may ask for codes. */
  gate: Gate
  /** The sample city without a mail server: the sign-in page says where codes are read. */
  codesOnDesk: boolean
  /** What rooms further up show on a resident's page. */
  panels?: readonly HomePanel[]
}>
