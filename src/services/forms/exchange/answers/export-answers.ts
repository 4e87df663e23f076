import { randomUUID } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import { sql, type Tx } from '../../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../../trust/need-to-know/index.ts'
import { unseal, unwrap, type OpeningId, type SubjectId } from '../../../../trust/vault/index.ts'
import { readContact, type Answer, type ContactDetails, type House } from '../../../correspondence/index.ts'
import type { CaseId, FormId } from '../../../../city/index.ts'
import type { Purpose } from '../../define-privacy.ts'

export type ToExport = Readonly<{
  form: FormId
  versions: readonly [number, number]
  from: Temporal.PlainDate
  until: Temporal.PlainDate
  purpose: Purpose
  fields: readonly string[]
  format: 'csv' | 'json'
}>

/** One letter, opened. */
export type ExportRow = Readonly<{
  number: number
  version: number
  receivedAt: Temporal.Instant
  answers: readonly Answer[]
  contact: ContactDetails
}>

export type ExportRefused = Readonly<{ refused: 'not-there' | 'nothing' | 'too-many' }>
export type Begun = Readonly<{ rows: number; letters: AsyncGenerator<ExportRow> }>

const atOnce = 200

/**
 * Takes answers of one form out, for one purpose, of letters that her duties let her export (`export-answers`), at most 10,000.
 * The ledger has the export, its fields and its rows before the first letter is opened, and each person an entry of her own
 * before her letter is. Letters come in steps of 200, so memory does not grow with them; who stops reading opens no more.
 * Refusals: not-there, nothing, too-many.
 */
export async function exportAnswers(house: House, actor: StaffActor, input: ToExport): Promise<Begun | ExportRefused> {
  const id = randomUUID()
  const zone = house.city.timeZone
  const [from, until] = [input.from.toZonedDateTime(zone), input.until.add({ days: 1 }).toZonedDateTime(zone)]
  const begun = await house.db.transaction(async (tx) =>
    (await enterStaff(tx, actor))
      ? tx.row<{ outcome: 'begun' | ExportRefused['refused']; letters: number }>(
          sql`select outcome, letters from exchange.begin(${id}, ${input.form}, ${input.versions[0]}, ${input.versions[1]},
            ${from.toInstant().toString()}::timestamptz, ${until.toInstant().toString()}::timestamptz, ${input.purpose},
            ${[...input.fields]}::text[], ${input.format})`,
        )
      : undefined,
  )
  if (begun?.outcome !== 'begun') return { refused: begun?.outcome ?? 'not-there' }
  return { rows: begun.letters, letters: lettersOf(house, actor, id) }
}

type Handed = {
  case_id: CaseId
  number: number
  form_version: number
  received_at: Temporal.Instant
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed_contact: Buffer | null
  message: string
  sealed: Buffer
}

async function* lettersOf(house: House, actor: StaffActor, id: string): AsyncGenerator<ExportRow> {
  const asHer = <T>(work: (tx: Tx) => Promise<T>) =>
    house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? work(tx) : undefined))
  for (;;) {
    const opened = await asHer(async (tx) => ({
      openings: await tx.rows<{ opening: OpeningId }>(sql`select opening from exchange.open_next(${id}, ${atOnce})`),
      left: (await tx.row<{ left: number }>(sql`select exchange.left_of(${id}) as left`))?.left ?? 0,
    }))
    if (!opened) return
    const openings = opened.openings.map(({ opening }) => opening)
    const handed =
      openings.length > 0
        ? await asHer((tx) => tx.rows<Handed>(sql`select * from vault.key_for_export(${openings}::uuid[])`))
        : []
    for (const one of handed ?? []) yield rowOf(house, one)
    if (opened.left === 0) return
  }
}

function rowOf({ keys }: House, one: Handed): ExportRow {
  const key = unwrap(keys, one.subject, { wrapped: one.wrapped_key, kek: one.kek })
  const said = JSON.parse(unseal(key, { table: 'message', column: 'sealed', row: one.message }, one.sealed)) as {
    answers?: readonly Answer[]
  }
  return {
    number: one.number,
    version: one.form_version,
    receivedAt: one.received_at,
    answers: said.answers ?? [],
    contact: readContact(key, one.case_id, one.sealed_contact ?? undefined),
  }
}
