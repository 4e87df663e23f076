import { stringify } from 'yaml'
import type { FormFile } from '../define-file.ts'
import type { DraftFile } from './draft.ts'

/** A definition as the file it could have been read from. Nothing points elsewhere: our own reader refuses & and *. */
export function asYaml(source: FormFile | DraftFile): string {
  return stringify(source, { aliasDuplicateObjects: false, lineWidth: 118, version: '1.2', schema: 'core' })
}
