import { keepDoing, sql, type Db } from '../../plumbing/index.ts'
import { unseal, unwrap, wordTokens, type Keys, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import type { CaseId } from '../../city/index.ts'
import type { Words } from './letter.ts'

export type WordReader = Readonly<{ keeper: Db; keys: Keys }>

const atOnce = 8
const restMs = 1_000

/**
 * Makes letters that came by form, by mail or by Open311 findable by their words, until `signal` aborts: eight a second,
 * with a rest between, which is far more than a city gets; a longer one while letters pour in.
 */
export function runWordReader(
  reader: WordReader,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    const { entries, letters, faults } = await readWords(reader)
    for (const fault of faults) onFault(fault)
    return entries > 0 && letters === 0
  }
  return keepDoing({ work, every: restMs, share: 0.1, onFault, signal })
}

type Handed = {
  case_id: CaseId
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  message: string
  sealed: Buffer
}

/** How many entries of the ledger were read, and how many letters they told of. */
export type WordsRead = Readonly<{ entries: number; letters: number; faults: readonly unknown[] }>

/**
 * Reads the next letters, and leaves the tokens of their words. Each case is opened as the system, which its person
 * reads in her list like any look. A crash anywhere leaves the same letters to the next turn. A letter that cannot be
 * read is told as a fault, and stays as it is.
 */
export async function readWords({ keeper, keys }: WordReader, most = atOnce): Promise<WordsRead> {
  const [leased] = await keeper.once<{ entries: number; taken: readonly CaseId[] }>(
    sql`select entries, taken from correspondence.lease_words(${most})`,
  )
  const read = { entries: leased?.entries ?? 0, letters: leased?.taken.length ?? 0 }
  if (!leased || read.letters === 0) return { ...read, faults: [] }
  const opened = await keeper.once<{ opening: OpeningId }>(
    sql`select opening from vault.open_for('find', ${[...leased.taken]}::uuid[])`,
  )
  const handed = await keeper.once<Handed>(
    sql`select * from vault.key_for_words(${opened.map(({ opening }) => opening)}::uuid[])`,
  )
  const faults: unknown[] = []
  const found = handed.flatMap((one) => {
    try {
      return tokensOf(keys, one).map((token) => ({ caseId: one.case_id, token }))
    } catch (error) {
      faults.push(error)
      return []
    }
  })
  await keeper.once(sql`select correspondence.keep_words(${found.map(({ caseId }) => caseId)}::uuid[],
    ${found.map(({ token }) => token)}::bytea[])`)
  return { ...read, faults }
}

/** What the person wrote: never what a form asks, which would find every letter of that form. */
function tokensOf(keys: Keys, { subject, wrapped_key, kek, message, sealed }: Handed): readonly Buffer[] {
  const key = unwrap(keys, subject, { wrapped: wrapped_key, kek })
  const words = JSON.parse(unseal(key, { table: 'message', column: 'sealed', row: message }, sealed)) as Words
  const text = 'words' in words ? words.words : words.answers.map(({ value }) => value).join('\n')
  return wordTokens(keys, text)
}
