import { isMistaken, sql, type Clock, type Db, type Mistake } from '../../../plumbing/index.ts'
import type { City } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { checkedForm } from '../define.ts'
import { wholeForm, type DraftFile } from './draft.ts'
import { mayPublish, type PublishRefusal } from './may-publish.ts'
import type { Minimisation } from './minimisation.ts'
import { findVersion } from './on-desk.ts'

/** What the acts of the builder need. */
export type BuildersHouse = Readonly<{ db: Db; city: City; minimisation: Minimisation; clock: Clock }>

/** Which version of which form, and the revision that she had before her. */
export type VersionAsked = Readonly<{ form: string; version: number; revision: number }>

/** What stands in the way of publishing: mistakes by their place in the form, and what may not be asked, by question. */
export type InTheWay = Readonly<{ mistakes: readonly Mistake[]; refusals: readonly PublishRefusal[] }>

export type Published =
  | Readonly<{ done: 'published' | 'in-review' | 'sent-back' }>
  | Readonly<{ refused: 'not-there' | 'changed' | 'own' }>
  | (Readonly<{ refused: 'in-the-way' }> & InTheWay)

/** Everything that stands in the way of publishing a draft; nothing does where both lists are empty. */
export function inTheWay(draft: DraftFile, { city, minimisation }: Omit<BuildersHouse, 'db'>): InTheWay {
  const whole = wholeForm(draft)
  const refusals = mayPublish(draft, minimisation)
  const checked = isMistaken(whole) ? whole : checkedForm(whole, city)
  const told = new Set(refusals.map(({ question, part }) => `${question} ${part ?? ''}`))
  const mistakes = isMistaken(checked) ? checked.mistakes.filter(({ file, says }) => !isTold(file, says, told)) : []
  return { mistakes, refusals }
}

/** A mistake of the privacy vocabulary that a refusal tells already, in better words. */
function isTold(place: string, says: string, told: ReadonlySet<string>): boolean {
  const [, question, part] =
    /^schema\/properties\/([^/]+)(?:(?:\/items)?\/properties\/([^/]+))?(?:\/privacy.*)?$/.exec(place) ?? []
  if (question === undefined || !(place.includes('/privacy') || says.startsWith('“privacy” is missing'))) return false
  return told.has(`${question} ${part ?? ''}`)
}

type Outcome = { outcome: 'done' | 'in-review' | 'changed' | 'not-there' | 'own' | 'lacks-purpose' }

/**
 * Publishes a draft for everybody; the version before is retired. Where it asks what is sensitive, a second person has to
 * approve it first (`in-review`). Refused with everything that stands in the way, by question. The ledger tells of both.
 */
export async function publish(house: BuildersHouse, actor: StaffActor, asked: VersionAsked): Promise<Published> {
  return decided(house, actor, asked, true, async (tx) =>
    tx.row<Outcome>(sql`select forms.publish(${asked.form}, ${asked.version}, ${asked.revision}) as outcome`),
  )
}

/**
 * The second person's yes, which publishes, or no, which makes it a draft again. Refused (`own`) for everybody who wrote in
 * it since it was begun, and for who asked.
 */
export async function approve(
  house: BuildersHouse,
  actor: StaffActor,
  asked: VersionAsked & Readonly<{ yes: boolean }>,
): Promise<Published> {
  const published = await decided(house, actor, asked, asked.yes, async (tx) =>
    tx.row<Outcome>(
      sql`select forms.approve(${asked.form}, ${asked.version}, ${asked.revision}, ${asked.yes}) as outcome`,
    ),
  )
  return 'done' in published && !asked.yes ? { done: 'sent-back' } : published
}

type Asking = (tx: Parameters<Parameters<Db['transaction']>[0]>[0]) => Promise<Outcome | undefined>

async function decided(
  house: BuildersHouse,
  actor: StaffActor,
  asked: VersionAsked,
  checks: boolean,
  act: Asking,
): Promise<Published> {
  return house.db.transaction(async (tx): Promise<Published> => {
    const found = (await enterStaff(tx, actor)) && (await findVersion(tx, asked.form, asked.version))
    if (!found) return { refused: 'not-there' }
    if (found.revision !== asked.revision) return { refused: 'changed' }
    const way = inTheWay(found.draft, house)
    if (checks && way.mistakes.length + way.refusals.length > 0) return { refused: 'in-the-way', ...way }
    const row = await act(tx)
    if (!row) throw new Error('publishing a form gave no outcome')
    switch (row.outcome) {
      case 'done':
        return { done: 'published' }
      case 'in-review':
        return { done: 'in-review' }
      case 'lacks-purpose':
        return { refused: 'in-the-way', ...way }
      default:
        return { refused: row.outcome }
    }
  })
}

/** Asks nobody any more; its page says so, and what to do instead. Refused where no duty of hers builds it. */
export async function retire(
  house: Readonly<{ db: Db }>,
  actor: StaffActor,
  asked: Omit<VersionAsked, 'revision'>,
): Promise<Readonly<{ done: true } | { refused: 'not-there' }>> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' } as const
    const row = await tx.row<{ outcome: string }>(sql`select forms.retire(${asked.form}, ${asked.version}) as outcome`)
    return row?.outcome === 'done' ? ({ done: true } as const) : ({ refused: 'not-there' } as const)
  })
}

/** Throws away a draft that was never published. */
export async function discardDraft(
  house: Readonly<{ db: Db }>,
  actor: StaffActor,
  { form, version, revision }: VersionAsked,
): Promise<Readonly<{ done: true } | { refused: 'not-there' | 'changed' }>> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' } as const
    const row = await tx.row<{ outcome: 'done' | 'not-there' | 'changed' }>(
      sql`select forms.discard_draft(${form}, ${version}, ${revision}) as outcome`,
    )
    if (!row) throw new Error('discarding a draft gave no outcome')
    return row.outcome === 'done' ? ({ done: true } as const) : { refused: row.outcome }
  })
}
