import type { City } from '../../city/index.ts'
import type { Clock, Db } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'

/** What the acts of this room need. `publicUrl`: where the links in its letters lead. */
export type ConsentHouse = Readonly<{ db: Db; keys: Keys; city: City; clock: Clock; publicUrl: string }>
