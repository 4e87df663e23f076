import type { City } from '../../city/index.ts'
import { html, sql, type Html, type Tx } from '../../plumbing/index.ts'
import type { AnswersAsked, CasePanel, SeenOnDesk } from '../correspondence/index.ts'
import { say } from './building/messages.ts'
import { findVersion, type VersionOnDesk } from './building/on-desk.ts'
import { mapShown } from './map/map-shown.ts'
import { placeWords } from './map/place-words.ts'

/**
 * On a case: with which version of its form it was made, and what that version asked. Its answers keep the words in which
 * they were asked; beside them stand that version’s own in English, and a place that was pointed at is on the map.
 */
export function askedPanel(city: City): CasePanel {
  return {
    onDesk: async (tx, seen) => linkTo(await versionOf(tx, seen)),
    asked: async (tx, seen) => askedIn(city, await versionOf(tx, seen)),
  }
}

async function versionOf(tx: Tx, { line }: SeenOnDesk): Promise<VersionOnDesk | undefined> {
  const row = await tx.row<{ form_version: number }>(
    sql`select form_version from correspondence.visible where id = ${line.id}`,
  )
  return row && findVersion(tx, line.form, row.form_version)
}

function linkTo(version: VersionOnDesk | undefined): Html | undefined {
  if (!version) return undefined
  const { form, version: number, draft, state } = version
  const words = say('en', 'askedVersion', { version: number, title: draft.title.en || form })
  return html`<p class="asked-with">
    ${say('en', 'askedWith')} <a href="/desk/forms/${form}/versions/${number}">${words}</a>${
      state.is === 'retired' && html`, ${say('en', 'askedNoMore')}`
    }
  </p>`
}

function askedIn(city: City, version: VersionOnDesk | undefined): AnswersAsked | undefined {
  if (!version) return undefined
  const { fields } = version.draft
  return {
    labelOf: (name) => fields[name]?.label.en || undefined,
    below: (name, value) => {
      const map = fields[name]?.kind === 'map-place' ? mapShown(city, 'en', value) : undefined
      return map && html`<p class="soft small">${placeWords(city, 'en', value)}</p>${map}`
    },
  }
}
