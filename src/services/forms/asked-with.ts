import type { City } from '../../city/index.ts'
import { html, sql, type Html, type Tx } from '../../plumbing/index.ts'
import type { AnswersAsked, CasePanel, SeenOnDesk } from '../correspondence/index.ts'
import { say } from './building/messages.ts'
import type { DraftFile } from './building/draft.ts'
import { draftOf } from './building/on-desk.ts'
import { mapShown } from './map/map-shown.ts'
import { placeWords } from './map/place-words.ts'

/**
 * On a case: with which version of its form it was made, and what that version asked. Its answers keep the words in which
 * they were asked; beside them stand that version’s own in English, and a place that was pointed at is on the map.
 */
export function askedPanel(city: City): CasePanel {
  // What was published once stays as it is: it is read once.
  const read = new Map<string, DraftFile>()
  // Asked for twice while one page is made, and looked up once.
  const found = new WeakMap<SeenOnDesk, Promise<AskedWith | undefined>>()
  const version = (tx: Tx, seen: SeenOnDesk) => {
    const its = found.get(seen) ?? versionOf(tx, seen, read)
    found.set(seen, its)
    return its
  }
  return {
    onDesk: async (tx, seen) => linkTo(await version(tx, seen)),
    asked: async (tx, seen) => askedIn(city, await version(tx, seen)),
  }
}

type AskedWith = Readonly<{ form: string; version: number; retired: boolean; draft: DraftFile }>

async function versionOf(tx: Tx, { line }: SeenOnDesk, read: Map<string, DraftFile>): Promise<AskedWith | undefined> {
  const row = await tx.row<{ version: number; state: string }>(sql`
    select f.form_version as version, v.state from correspondence.in_hand() f
      cross join lateral forms.asked_with(f.form, f.form_version) v where f.id = ${line.id}`)
  if (!row) return undefined
  const { version, state } = row
  const key = `${line.form} ${String(version)}`
  let draft = read.get(key)
  if (!draft) {
    const asked = sql`select definition from forms.asked_with(${line.form}, ${version})`
    const found = await tx.row<{ definition: unknown }>(asked)
    if (!found) return undefined
    read.set(key, (draft = draftOf({ form: line.form, version, ...found })))
  }
  return { form: line.form, version, retired: state === 'retired', draft }
}

function linkTo(version: AskedWith | undefined): Html | undefined {
  if (!version) return undefined
  const { form, version: number, draft, retired } = version
  const words = say('en', 'askedVersion', { version: number, title: draft.title.en || form })
  return html`<p class="asked-with">
    ${say('en', 'askedWith')} <a href="/desk/forms/${form}/versions/${number}">${words}</a>${
      retired && html`, ${say('en', 'askedNoMore')}`
    }
  </p>`
}

function askedIn(city: City, version: AskedWith | undefined): AnswersAsked | undefined {
  if (!version) return undefined
  const { fields } = version.draft
  return {
    labelOf: (name) => fields[name]?.label.en || undefined,
    below: (name, given) => {
      const map = fields[name]?.kind === 'map-place' ? mapShown(city, 'en', given) : undefined
      return map && html`<p class="soft small">${placeWords(city, 'en', given)}</p>${map}`
    },
  }
}
