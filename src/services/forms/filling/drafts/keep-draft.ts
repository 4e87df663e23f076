import { sql, type Db } from '../../../../plumbing/index.ts'
import type { Temporal } from 'temporal-polyfill'
import type { City, FormId } from '../../../../city/index.ts'
import { readCode, type ReceiptCode, type SubmissionToken } from '../../../correspondence/index.ts'
import type { TakenFile } from '../../../attachments/index.ts'
import {
  newDataKey,
  seal,
  sealKey,
  unseal,
  unsealKey,
  type Keys,
  type SubjectId,
} from '../../../../trust/vault/index.ts'
import type { Posted } from '../posted-walk.ts'
import { draftOfCode, draftOfToken, standing } from './draft-key.ts'

/** What is kept of a form that somebody goes on with later: her answers, where she was, and the page’s own token. */
export type Draft = Readonly<{
  form: FormId
  token: SubmissionToken
  page: string
  shown: readonly string[]
  values: Posted
  files: readonly TakenFile[]
}>

type House = Readonly<{ db: Db; keys: Keys; city: City }>

/**
 * Keeps a draft, sealed, for the city’s days. The code is told once: what is kept a second time from the same form is kept
 * under the code she has.
 */
export async function keepDraft(house: House, draft: Draft): Promise<Readonly<{ code: ReceiptCode; again: boolean }>> {
  const { keys, db, city } = house
  const { code, secret, id, lock } = draftOfToken(keys, draft.token)
  const { key } = newDataKey(keys, id as SubjectId)
  const files = draft.files.map((file) => ({
    ...file,
    fileKey: file.fileKey.toString('base64'),
    sha256: file.sha256.toString('base64'),
  }))
  const wrapped = sealKey(lock, standing(id, 'wrapped'), key)
  const sealed = seal(key, standing(id, 'sealed'), JSON.stringify({ ...draft, files }))
  const [row] = await db.once<{ outcome: 'kept' | 'again' }>(
    sql`select forms.keep_draft(${id}, ${draft.form}, ${secret}, ${wrapped}, ${sealed}, ${draft.files.map((file) => file.id)},
      ${city.draftDays}) as outcome`,
  )
  return { code, again: row?.outcome === 'again' }
}

export type NoDraft = Readonly<{ refused: 'not-a-code' | 'slip' | 'unknown' }>
type Row = { id: string; wrapped: Buffer; sealed: Buffer; kept_until: Temporal.Instant }

/** The draft behind a resume code as it was typed. An expired one, a sent one and one that never was are one answer. */
export async function resumeDraft({ db, keys }: House, typed: string): Promise<Draft | NoDraft> {
  const code = readCode(typed)
  if (typeof code !== 'string') return code
  const { secret, id, lock } = draftOfCode(keys, code)
  const [row] = await db.once<Row>(sql`select id, wrapped, sealed, kept_until from forms.draft_of(${secret})`)
  if (!row) return { refused: 'unknown' }
  const key = unsealKey(lock, standing(id, 'wrapped'), id as SubjectId, row.wrapped)
  const { files, ...draft } = JSON.parse(unseal(key, standing(id, 'sealed'), row.sealed)) as Written
  return {
    ...draft,
    files: files.map((file) => ({
      ...file,
      fileKey: Buffer.from(file.fileKey, 'base64'),
      sha256: Buffer.from(file.sha256, 'base64'),
    })),
  }
}

type Written = Omit<Draft, 'files'> & {
  files: readonly (Omit<TakenFile, 'fileKey' | 'sha256'> & { fileKey: string; sha256: string })[]
}

/** The draft of a form’s token is gone, and its key with it. False where there was none. */
export async function endDraft({ db, keys }: House, token: string, because: 'sent' | 'asked'): Promise<boolean> {
  const { secret } = draftOfToken(keys, token)
  const [row] = await db.once<{ ended: boolean }>(sql`select forms.end_draft(${secret}, ${because}) as ended`)
  return row?.ended ?? false
}
