import type { Html, Language, Tx } from '../../plumbing/index.ts'
import type { Household } from './open-page.ts'

/** What a panel may see of a household: its transaction has entered as the resident, and her page is open. */
export type SeenAtHome = Readonly<{ household: Household; language: Language }>

/**
 * What a room further up shows on a resident's page, in the order in which the wiring hands them in. `atTop`: what waits for
 * her. `ofChild`: under each child. `atHome`: a section of its own. `held`: what the room holds, for the copy she downloads.
 */
export type HomePanel = Readonly<{
  atTop?: (tx: Tx, seen: SeenAtHome) => Promise<Html | undefined>
  ofChild?: (tx: Tx, seen: SeenAtHome & Readonly<{ child: Household['children'][number] }>) => Promise<Html | undefined>
  atHome?: (tx: Tx, seen: SeenAtHome) => Promise<Html | undefined>
  held?: (tx: Tx, seen: SeenAtHome) => Promise<Readonly<Record<string, unknown>>>
}>

/** What was shown, in the order of the rooms; a room that had nothing to show leaves no gap. */
export async function shownBy(asked: readonly (Promise<Html | undefined> | undefined)[]): Promise<readonly Html[]> {
  return (await Promise.all(asked.map(async (one) => one))).filter((inside) => inside !== undefined)
}
