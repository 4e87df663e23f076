import { isThing, type Thing } from './thing.ts'
import type { DraftFile } from './draft.ts'
import { fromJsonSchema } from './from-json-schema.ts'
import { importDigitalForm } from './defra/import-form.ts'
import { importFormio } from './formio/import-form.ts'
import {
  readForeign,
  readForeignFile,
  type Foreign,
  type ForeignForm,
  type ForeignRefused,
} from './importing/read-foreign.ts'
import type { ReportLine } from './importing/report.ts'

export type Imported = Readonly<{ from: Foreign; draft: DraftFile; report: readonly ReportLine[] }>
type Wish = Readonly<{ id?: string; topic?: string }>

/**
 * Brings in a form that was made elsewhere, as a draft: what it asks, in our words, and a report with a line for every part of
 * it. Nothing is published by it: purpose, category, necessity, retention and Spanish are for people to say. Refusals:
 * no-file, too-big, too-deep, not-json, not-a-form.
 */
export function importFormFile(path: string, wish: Wish = {}): Imported | ForeignRefused {
  const read = readForeignFile(path)
  return 'refused' in read ? read : imported(read, wish)
}

export function importForm(text: string, wish: Wish = {}): Imported | ForeignRefused {
  const read = readForeign(text)
  return 'refused' in read ? read : imported(read, wish)
}

function imported({ from, form }: ForeignForm, { id, topic }: Wish): Imported {
  if (from === 'cityhall') return own(form, { ...(id !== undefined && { id }), ...(topic !== undefined && { topic }) })
  const { draft, report, title } = from === 'form.io' ? importFormio(form) : importDigitalForm(form)
  const file = draft.file({ title, id: id ?? title, ...(topic !== undefined && { topic }) })
  return { from, draft: file, report: report.lines }
}

/** What a Cityhall exported comes back whole; the check of our files says the rest. */
function own(form: Thing, wish: Wish): Imported {
  const draft = { ...fromJsonSchema(form), ...wish } as unknown as DraftFile
  const names = isThing(draft.fields) ? Object.keys(draft.fields) : []
  const whole = { needs: [], says: [], left: [] }
  return {
    from: 'cityhall',
    draft,
    report: [
      { at: '', what: 'form', outcome: 'mapped', ...whole },
      ...names.map((name): ReportLine => ({
        at: `/properties/${name}`,
        what: name,
        outcome: 'mapped',
        to: name,
        ...whole,
      })),
    ],
  }
}
