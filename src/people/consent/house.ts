import type { City } from '../../city/index.ts'
import type { Clock, Db } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { ChildId } from '../residents/index.ts'
import type { Notice, ThingId } from './notice.ts'
import type { ConsequenceWords } from './pages/consequence-words.ts'

/** What the acts of this room need. `publicUrl`: where the links in its letters lead. */
export type ConsentHouse = Readonly<{ db: Db; keys: Keys; city: City; clock: Clock; publicUrl: string }>

/** What the pages need besides, from rooms above: words for their codes, and what a thing asks today. */
export type ConsentRoutesHouse = ConsentHouse &
  Readonly<{
    consequenceWords?: readonly ConsequenceWords[]
    noticeFor?: (thing: ThingId) => Notice | undefined
    /** Where a guardian goes on once her consents for a thing are in force; nothing where the child does, with a code. */
    goOn?: (thing: ThingId, child: ChildId) => string | undefined
    /** What is open to minors today, for a clerk who asks a parent with the child beside her. */
    asksMinors?: () => readonly Notice[]
  }>
