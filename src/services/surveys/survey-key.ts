import { unwrap, type DataKey, type Keys, type SubjectId } from '../../trust/vault/index.ts'

/** The data key of a survey, for its signing key and its words: of no person, and destroyed with its answers. */
export function surveyKey(keys: Keys, survey: string, stored: { wrapped_key: Buffer; kek: string }): DataKey {
  return unwrap(keys, subjectOf(survey), { wrapped: stored.wrapped_key, kek: stored.kek })
}

export const subjectOf = (survey: string): SubjectId => `survey/${survey}` as SubjectId

export const signingKeyAt = (survey: string) => ({ table: 'survey', column: 'sealed_signing_key', row: survey })
