import { sql, type Language } from '../../../plumbing/index.ts'
import type { ResidentActor } from '../actor.ts'
import type { ResidentsHouse } from '../house.ts'
import { openPage } from '../open-page.ts'
import { standingFor } from './child-acts.ts'
import { recordOfHers } from './record.ts'

/** All that the city has under a resident's page, hers to take: this room's part, and what each room further up holds. */
export async function copyOf(
  house: Pick<ResidentsHouse, 'db' | 'keys' | 'panels'>,
  actor: ResidentActor,
  language: Language,
): Promise<string | undefined> {
  return openPage(house, actor, async (tx, household) => {
    await tx.rows(sql`select residents.note_copy()`)
    const { contact, resident, since, children, was } = household
    const own = await Promise.all(
      children.map(async ({ id, about, band, kind, state }) => ({
        id,
        ...about,
        ...(band !== undefined && { band }),
        you: { kind, state },
        ...(await standingFor(tx, id)),
      })),
    )
    const record = (await recordOfHers(tx)).map(({ sequenced: _sequenced, ...line }) => line)
    const held = await Promise.all(
      (house.panels ?? []).map(async (panel) => (await panel.held?.(tx, { household, language })) ?? {}),
    )
    const others = Object.fromEntries(held.flatMap((one) => Object.entries(one)))
    const asAChild = was.map(({ id, about, cameOfAgeAt }) => ({ id, ...about, cameOfAgeAt }))
    const copy = {
      contact,
      language: resident.language,
      since,
      children: own,
      asAChild,
      ...others,
      record,
    }
    return JSON.stringify(copy, null, 2)
  })
}
