import type { FilesControl } from '../../../city/look/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import { usualLimits } from '../cabinet.ts'
import { acceptedTypes } from '../kinds.ts'
import { say } from '../messages.ts'
import { keptName, type FileQuestion, type KeptFile } from '../take-posted.ts'
import { sizeOf } from './file-list.ts'

/** A form's question for files, with those that were chosen before. */
export function filesControl(
  language: Language,
  { field, most }: FileQuestion,
  kept: readonly KeptFile[] = [],
): FilesControl {
  return {
    kind: 'files',
    accept: acceptedTypes,
    many: most > 1,
    kept: kept.map(({ value, name, bytes }) => ({
      value,
      label: say(language, 'keptFile', { name, size: sizeOf(language, bytes) }),
    })),
    keptName: keptName(field),
    keptWords: say(language, 'kept'),
  }
}

export const keptWords = (language: Language): string => say(language, 'kept')

export const limitsWords = (language: Language, most: number): string =>
  say(language, 'limits', { most, limit: usualLimits.bytes / 1_000_000 })
