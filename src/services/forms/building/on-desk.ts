import type { Temporal } from 'temporal-polyfill'
import type { FormId, TopicId } from '../../../city/index.ts'
import { isMistaken, sql, type Db, type Reader } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { readDraft, type DraftFile } from './draft.ts'

/** Where a version of a form stands on its way. */
export type VersionState =
  | Readonly<{ is: 'draft' }>
  | Readonly<{ is: 'in-review'; askedAt: Temporal.Instant }>
  | Readonly<{ is: 'published'; publishedAt: Temporal.Instant }>
  | Readonly<{ is: 'retired'; publishedAt: Temporal.Instant; retiredAt: Temporal.Instant }>

/** A version as an employee has it before her, and what her duties let her do with it. */
export type VersionOnDesk = Readonly<{
  form: FormId
  version: number
  state: VersionState
  origin: 'desk' | 'files' | 'import'
  topic: TopicId
  draft: DraftFile
  revision: number
  changedAt: Temporal.Instant
  builds: boolean
  /** She approves, and wrote none of it. */
  approves: boolean
}>

type Row = {
  form: string
  version: number
  state: 'draft' | 'in-review' | 'published' | 'retired'
  origin: VersionOnDesk['origin']
  topic: string
  definition: unknown
  revision: number
  changed_at: Temporal.Instant
  asked_at: Temporal.Instant | null
  published_at: Temporal.Instant | null
  retired_at: Temporal.Instant | null
  builds: boolean
  approves: boolean
}

/** The versions of all forms, or of one, that the employee may see; of each form the newest first. */
export async function draftsOnDesk(
  house: Readonly<{ db: Db }>,
  actor: StaffActor,
  form?: string,
): Promise<readonly VersionOnDesk[]> {
  return house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? readVersions(tx, form) : []))
}

/** One version, inside a transaction that has entered as her. */
export async function findVersion(tx: Reader, form: string, version: number): Promise<VersionOnDesk | undefined> {
  return (await readVersions(tx, form)).find((one) => one.version === version)
}

async function readVersions(tx: Reader, form?: string): Promise<readonly VersionOnDesk[]> {
  const rows =
    await tx.rows<Row>(sql`select form, version, state, origin, topic, definition, revision, changed_at, asked_at,
    published_at, retired_at, builds, approves from forms.on_desk() where ${form ?? null}::text is null or form = ${form ?? null}`)
  return rows.map((row) => ({
    form: row.form as FormId,
    version: row.version,
    state: stateOf(row),
    origin: row.origin,
    topic: row.topic as TopicId,
    draft: draftOf(row),
    revision: row.revision,
    changedAt: row.changed_at,
    builds: row.builds,
    approves: row.approves,
  }))
}

/** The row says which form and version it is, whatever stands in its words. */
export function draftOf({ form, version, definition }: Pick<Row, 'form' | 'version' | 'definition'>): DraftFile {
  const draft = readDraft(definition)
  if (isMistaken(draft)) throw new Error(`version ${String(version)} of the form ${form} cannot be read`)
  return { ...draft, id: form, version }
}

function stateOf({ state, asked_at: asked, published_at: published, retired_at: retired }: Row): VersionState {
  if (state === 'in-review' && asked) return { is: state, askedAt: asked }
  if (state === 'published' && published) return { is: state, publishedAt: published }
  if (state === 'retired' && published && retired) return { is: state, publishedAt: published, retiredAt: retired }
  return { is: 'draft' }
}
