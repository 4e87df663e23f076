import { isDeepStrictEqual } from 'node:util'
import type { Temporal } from 'temporal-polyfill'
import type { City, FormId } from '../../city/index.ts'
import { isMistaken, keepDoing, sql, type Clock, type Db, type Mistaken } from '../../plumbing/index.ts'
import { wholeForm } from './building/draft.ts'
import { draftOf } from './building/on-desk.ts'
import { checkedForm, type FormDefinition, type Forms } from './define.ts'

/** The forms as the database has them published, kept up to date in this process. */
export type LiveForms = Required<Forms> &
  Readonly<{
    /** Looks whether anything was published or retired, and serves it. True where something was. */
    refresh(): Promise<boolean>
    /** Looks once a second until `signal` aborts; a fault is told, and what is known stays served. */
    follow(signal: AbortSignal, onFault: (error: unknown) => void): Promise<void>
  }>

/** A published version that the city's files no longer fit, for example because its topic is gone. */
export type Misfit = Readonly<{ form: string; version: number; says: string }>

type Row = {
  form: string
  version: number
  state: 'published' | 'retired'
  retired_at: Temporal.Instant | null
  definition: unknown
}
type Before = Readonly<{ form: FormDefinition; retiredAt: Temporal.Instant | undefined }>

/** How long what was open before can still be sent. The database hands out retired versions for as long. */
const stillTakenHours = 24

/**
 * Opens the forms that the database has published. A version never changes, so each is checked and compiled once, and not
 * again where it says what the city's file of that name says (`read`); asking whether anything is new is one number a
 * second. `misfits`: told instead of served; an earlier served version stays.
 */
export async function openForms(
  house: Readonly<{ db: Db; city: City; clock: Clock; read?: Forms }>,
  onMisfit: (misfit: Misfit) => void,
): Promise<LiveForms> {
  const { db, city, clock, read } = house
  const known = new Map<string, FormDefinition>()
  const listeners: ((change: { published: readonly FormDefinition[]; closed: readonly FormId[] }) => void)[] = []
  let turn = -1
  let now = new Map<FormId, FormDefinition>()
  let before = new Map<string, Before>()
  let closed = new Map<FormId, FormDefinition>()

  function definitionOf(row: Row): FormDefinition | undefined {
    const key = keyOf(row.form, row.version)
    const made = known.get(key)
    if (made) return made
    const form = asRead(row) ?? defined(row)
    if (!isMistaken(form)) {
      known.set(key, form)
      return form
    }
    const [first] = form.mistakes
    onMisfit({ form: row.form, version: row.version, says: `${first?.file ?? ''}: ${first?.says ?? ''}` })
    return undefined
  }

  function asRead({ form, definition }: Row): FormDefinition | undefined {
    const inFile = read?.get(form as FormId)
    return inFile && isDeepStrictEqual(inFile.source, definition) ? inFile : undefined
  }

  function defined(row: Row): FormDefinition | Mistaken {
    const whole = wholeForm(draftOf(row))
    return isMistaken(whole) ? whole : checkedForm(whole, city)
  }

  async function refresh(): Promise<boolean> {
    const [head] = await db.once<{ n: number }>(sql`select forms.now_serving() as n`)
    if (!head || head.n === turn) return false
    const rows = await db.once<Row>(sql`select form, version, state, retired_at, definition from forms.serving()`)
    const served = new Map<FormId, FormDefinition>()
    const older = new Map<string, Before>()
    const gone = new Map<FormId, FormDefinition>()
    for (const row of rows) {
      const form = definitionOf(row) ?? (row.state === 'published' ? now.get(row.form as FormId) : undefined)
      if (!form) continue
      older.set(keyOf(row.form, row.version), { form, retiredAt: row.retired_at ?? undefined })
      if (row.state === 'published') served.set(form.id, form)
      else gone.set(form.id, form)
    }
    const published = [...served.values()].filter((form) => now.get(form.id) !== form)
    const ended = [...now.keys()].filter((id) => !served.has(id))
    now = served
    before = older
    closed = gone
    turn = head.n
    for (const tell of listeners) tell({ published, closed: ended })
    return true
  }

  await refresh()
  return {
    get: (id) => now.get(id),
    values: () => now.values(),
    taken(id, version) {
      const found = before.get(keyOf(id, version))
      const over = found?.retiredAt?.add({ hours: stillTakenHours })
      return found && (!over || clock.now().epochMilliseconds < over.epochMilliseconds) ? found.form : undefined
    },
    closed: (id) => (now.has(id) ? undefined : closed.get(id)),
    onChange: (tell) => void listeners.push(tell),
    refresh,
    follow: (signal, onFault) =>
      keepDoing({
        work: async () => {
          await refresh()
          return false
        },
        every: 1000,
        longest: 10_000,
        onFault,
        signal,
      }),
  }
}

const keyOf = (form: string, version: number) => `${form} ${String(version)}`
