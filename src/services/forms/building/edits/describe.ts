import type { DraftFile } from '../draft.ts'
import type { FormWritten } from './edit.ts'

const optional = ['topic-from', 'place-from', 'duplicates', 'minors', 'layout', 'in-order'] as const

/** The form's own words and ways; what was left out of them is gone. */
export function changeWords(draft: DraftFile, written: FormWritten): DraftFile {
  const { title, intro, topic } = written
  const kept = Object.fromEntries(
    Object.entries(draft).filter(([key]) => !(optional as readonly string[]).includes(key)),
  )
  const said = optional.flatMap((key) => (written[key] === undefined ? [] : [[key, written[key]] as const]))
  return { ...(kept as DraftFile), title, intro, topic, ...Object.fromEntries(said) }
}
