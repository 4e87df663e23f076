import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asYaml } from '../src/services/forms/exchange/as-yaml.ts'
import type { FormFile } from '../src/services/forms/define-file.ts'

const text = (words: string) => ({ en: words, es: words })
const privacy = {
  purpose: 'do-the-work',
  category: 'interest',
  necessity: text('So that the work can be done.'),
  retention: 'letter',
  needed: true,
} as const

/** Sixty questions: every third asked only after a yes, each of them needed where it is asked. */
export function sixtyForm(): FormFile {
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1)
  const fields: FormFile['fields'] = {}
  const properties: FormFile['schema']['properties'] = {}
  for (const at of numbers) {
    const n = String(at)
    fields[`has-${n}`] = { label: text(`Is there a number ${n}?`), kind: 'yes-no' }
    fields[`what-${n}`] = { label: text(`What is number ${n}?`), kind: 'text', when: { field: `has-${n}`, is: true } }
    fields[`day-${n}`] = { label: text(`Since which day, number ${n}?`), kind: 'date' }
    properties[`has-${n}`] = { type: 'boolean', privacy: 'not-personal' }
    properties[`what-${n}`] = { type: 'string', maxLength: 200, privacy }
    properties[`day-${n}`] = { type: 'string', privacy }
  }
  const required = Object.keys(fields)
  const about = { title: text('Sixty questions'), intro: text('For measuring.'), topic: 'city-clerk-general' }
  return { id: 'sixty', version: 1, ...about, fields, schema: { type: 'object', required, properties } }
}

/** What a resident would post to it, no two alike. */
export function sixtyAnswers(written: number): Record<string, string> {
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1)
  return Object.fromEntries(
    numbers.flatMap((at) => {
      const n = String(at)
      const has = (at + written) % 2 === 0
      return [
        [`has-${n}`, has ? 'yes' : 'no'],
        [`what-${n}`, has ? `Number ${n} of ${String(written)}, beside the drain` : ''],
        [`day-${n}`, `${String(1 + (at % 12))}/${String(1 + (written % 28))}/2026`],
      ]
    }),
  )
}

/** The sample city with this form besides. */
export function cityWithSixty(from: string): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'cityhall-bench-city-'))
  cpSync(from, folder, { recursive: true })
  writeFileSync(join(folder, 'forms', 'sixty.yaml'), asYaml(sixtyForm()))
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
