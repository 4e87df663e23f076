import type { Text, TopicId } from '../../../city/index.ts'
import type { DraftFile } from './draft.ts'

export const noWords: Text = { en: '', es: '' }

/** The beginning of a form: nothing asked yet. */
export function beginDraft(id: string, topic: TopicId, title: Text = noWords): DraftFile {
  return { id, version: 1, title, intro: noWords, topic, fields: {}, schema: { type: 'object', properties: {} } }
}

/** The beginning of a form from another one: everything but its name. */
export function copyDraft(from: DraftFile, id: string, title: Text): DraftFile {
  return { ...structuredClone(from), id, version: 1, title }
}
