import { nearest } from '../../plumbing/index.ts'
import type { Mistake } from '../../plumbing/index.ts'
import { placeholders, strangeIn } from '../placeholders.ts'
import { mustBeKnown } from './check-references.ts'
import type { CityFiles } from './read.ts'

const allowed = placeholders.map((name) => `{${name}}`).join(' ')

/** A template belongs to a department or to all, and holds no placeholder that nobody fills. A signature holds none at all. */
export function checkTemplates({ templates, departments }: CityFiles): Mistake[] {
  const all = departments.value.departments
  const inTemplates = Object.entries(templates.value.templates).flatMap(([id, { department, words }]) => [
    ...(department === 'all'
      ? []
      : mustBeKnown(templates, ['templates', id, 'department'], department, all, 'a department')),
    ...(['en', 'es'] as const).flatMap((tongue) => {
      const strange = strangeIn(words[tongue])
      if (strange === undefined) return []
      const meant = nearest(strange.replace(/[{}]/g, ''), placeholders)
      const says = `“${strange}” is not a placeholder.${meant === undefined ? '' : ` Did you mean “{${meant}}”?`}`
      return [templates.mistake(['templates', id, 'words', tongue], says, allowed)]
    }),
  ])
  const inSignatures = Object.entries(all).flatMap(([id, { signature }]) =>
    (['en', 'es'] as const).flatMap((tongue) =>
      signature && /[{}]/.test(signature[tongue])
        ? [departments.mistake(['departments', id, 'signature', tongue], 'A signature holds no placeholder.', 'words')]
        : [],
    ),
  )
  return [...inTemplates, ...inSignatures]
}
