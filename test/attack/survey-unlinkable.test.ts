import { createHash, createHmac, randomInt } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormId } from '../../src/city/index.ts'
import { fixedText, sql } from '../../src/plumbing/index.ts'
import { wordsAt } from '../../src/services/surveys/answer-of.ts'
import { invitationCode } from '../../src/services/surveys/invitation-code.ts'
import { invitationAt, invite } from '../../src/services/surveys/invite.ts'
import { putAnswer } from '../../src/services/surveys/put-answer.ts'
import { closeSurvey } from '../../src/services/surveys/run-survey.ts'
import { startSurvey } from '../../src/services/surveys/start.ts'
import { surveyKey } from '../../src/services/surveys/survey-key.ts'
import { findSurvey } from '../../src/services/surveys/survey.ts'
import { tidy } from '../../src/services/surveys/tend.ts'
import { takeTicket } from '../../src/services/surveys/testing/device.ts'
import { unseal, unwrap, type KeyLabel, type SubjectId } from '../../src/trust/vault/index.ts'
import { openTestHouse, type TestHouse } from '../support/house.ts'

/**
 * The attacker has everything at one moment: each row of each table with its place, its transaction and its order, the job
 * queue, the statistics, the key file. She knows what everybody's answer would look like if it were hers. She does not
 * watch while it happens: docs/decisions/0023 says so.
 */
const people = 24
/** More right guesses than this come by chance once in ten million tries. */
const luck = 9
const id = 'watched'
const days = ['morning', 'afternoon', 'evening', 'saturday', 'sunday']

/** Everybody answers something nobody else does, so a right guess shows. */
const answerOf = (person: number) => ({
  'how-often': 'weekly',
  when: days.filter((_, at) => (person + 1) & (1 << at)),
  remark: `wish number ${'abcdefghij'[Math.floor(person / 10)] ?? ''}${'klmnopqrst'[person % 10] ?? ''}`,
})
const choicesOf = (person: number) => {
  const { when, ...rest } = answerOf(person)
  return ['when=', ...when.map((day) => `when=${day}`), `how-often=${rest['how-often']}`].sort().join()
}

type Row = { table: string; xmin: number; place: string; row: Record<string, unknown> }
type Dump = { at: string; rows: Row[] }

let now = Temporal.Instant.from('2026-06-01T17:00:00Z')
let house: TestHouse
const dumps: Dump[] = []
/** Which invitation is whose: what the attacker wants to know is which answer. */
const invitations = new Map<string, number>()
const inOrderOfAnswering: number[] = []
let entriesBefore = 0
let entriesAfter = 0

beforeAll(async () => {
  house = await openTestHouse({ clock: { now: () => now } })
  const { actor } = await house.hire('tom', 'librarian')
  const questions = house.surveys.get('library-hours' as FormId)
  if (!questions) throw new Error('no questions')
  const closesOn = Temporal.PlainDate.from('2026-06-30')
  const started = await startSurvey(house, actor, { id, questions, closesOn })
  if ('refused' in started) throw new Error(started.refused)
  const invitees = Array.from({ length: people }, (_, n) => ({ email: `p${String(n)}@x.org`, language: 'en' as const }))
  await invite(house, actor, started.started, invitees)
  const survey = await findSurvey(house, id)
  if (!survey) throw new Error('no survey')
  for (const invitation of await openAddresses())
    invitations.set(invitation.id, Number(/\d+/.exec(invitation.email)?.[0]))
  await control('create table public.control_signed (person int); create table public.control_answer (person int)')
  entriesBefore = await entries()
  for (const [invitation, person] of shuffled([...invitations])) {
    // The worst case for her: she signs, and answers at once.
    const pass = await takeTicket(house, survey, invitation)
    expect(await putAnswer(house, survey, pass, answerOf(person))).toEqual({ put: 'done' })
    inOrderOfAnswering.push(person)
    await control(`insert into public.control_signed values (${String(person)})`)
    await control(`insert into public.control_answer values (${String(person)})`)
    if (inOrderOfAnswering.length === people - 4) await dump('at noon, everything in the box')
  }
  entriesAfter = await entries()
  await house.database.owner.once(sql`analyze`)
  await house.database.owner.once(sql`select surveys.empty_box(${id})`)
  await dump('when the box was emptied')
  now = Temporal.Instant.from('2026-06-02T09:00:00Z')
  await tidy({ ...house, keeper: house.database.keeper, publicUrl: '' })
  await dump('the next morning')
  await closeSurvey(house, actor, survey.id)
  await dump('when it had closed')
}, 60_000)
afterAll(() => house.close())

async function control(text: string): Promise<void> {
  for (const one of text.split(';')) await house.database.owner.once(sql`${fixedText(one)}`)
}

async function entries(): Promise<number> {
  const [row] = await house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from ledger.entry`)
  return row?.n ?? 0
}

/** Every row of every table, as the superuser sees it, the catalogues' statistics included. */
async function dump(at: string): Promise<void> {
  const { owner } = house.database
  const tables = await owner.once<{ name: string }>(sql`select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`)
  const rows: Row[] = []
  for (const { name } of tables) {
    const of = await owner.once<{ xmin: string; place: string; row: Record<string, unknown> }>(
      sql`select t.xmin::text as xmin, t.ctid::text as place, to_jsonb(t) as row from ${fixedText(name)} t`,
    )
    rows.push(...of.map((one) => ({ ...one, table: name, xmin: Number(one.xmin) })))
  }
  const stats = await owner.once<{ row: Record<string, unknown> }>(sql`select to_jsonb(s) as row from pg_stats s
    where s.schemaname = 'surveys'`)
  dumps.push({ at, rows: [...rows, ...stats.map(({ row }) => ({ table: 'pg_stats', xmin: 0, place: '', row }))] })
}

/** With the keys at hand every address opens while the survey is open: who is invited is no secret from the city. */
async function openAddresses(): Promise<{ id: string; email: string }[]> {
  const rows = await house.database.owner.once<{
    id: string
    sealed: Buffer
    subject: SubjectId
    wrapped_key: Buffer
    kek: string
  }>(sql`select i.id, i.sealed, v.id as subject, v.wrapped_key, v.kek
    from surveys.invitation i join vault.subject v on v.id = i.subject where i.survey = ${id}`)
  return rows.map((row) => {
    const key = unwrap(house.keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek })
    const { email } = JSON.parse(unseal(key, invitationAt(row.id), row.sealed)) as { email: string }
    return { id: row.id, email }
  })
}

function shuffled<T>(all: readonly T[]): T[] {
  const rest = [...all]
  return Array.from({ length: all.length }, () => rest.splice(randomInt(rest.length), 1)[0] as T)
}

const of = ({ rows }: Dump, table: string) => rows.filter((row) => row.table === table)
const place = ({ place: text }: Row) => {
  const [, page = '0', line = '0'] = /(\d+),(\d+)/.exec(text) ?? []
  return Number(page) * 1000 + Number(line)
}
const byOrder: readonly ((a: Row, b: Row) => number)[] = [
  (a, b) => a.xmin - b.xmin || place(a) - place(b),
  (a, b) => place(a) - place(b),
  (a, b) => String(a.row['id'] ?? a.row['ticket']).localeCompare(String(b.row['id'] ?? b.row['ticket'])),
]

/** What the attacker takes for the order in which people signed. */
function peopleIn(found: Dump): number[][] {
  const rows = of(found, 'surveys.invitation').filter(({ row }) => row['blinded'] !== null)
  return byOrder.map((order) => [...rows].sort(order).map(({ row }) => invitations.get(String(row['id'])) ?? -1))
}

/** What she takes for the order in which answers came: choices, and words, wherever they are. */
function answersIn(found: Dump): number[][] {
  const everyone = Array.from({ length: people }, (_, person) => person)
  const whose = (choices: readonly string[]) =>
    everyone.find((person) => choicesOf(person) === [...choices].sort().join()) ?? -1
  const rows = of(found, 'surveys.answer')
  const boxed = of(found, 'surveys.box').flatMap(
    ({ row }) => row['answers'] as { choices: string[]; words: { question: string; sealed: string }[] }[],
  )
  const words = of(found, 'surveys.words')
  return [
    boxed.map(({ choices }) => whose(choices)),
    ...byOrder.map((order) => [...rows].sort(order).map(({ row }) => whose(row['choices'] as string[]))),
    ...byOrder.map((order) => [...words].sort(order).map(({ row }) => wordOf(found, row))),
  ].filter((guess) => guess.length > 0)
}

function wordOf(found: Dump, row: Record<string, unknown>): number {
  const stored = of(found, 'surveys.survey').find((one) => one.row['id'] === id)?.row
  const bytes = (value: unknown) => Buffer.from(String(value).replace(/^\\x/, ''), 'hex')
  if (!stored || row['sealed'] === null) return -1
  const key = surveyKey(house.keys, id, { wrapped_key: bytes(stored['wrapped_key']), kek: String(stored['kek']) })
  const text = unseal(key, wordsAt(id, String(row['question'])), bytes(row['sealed']))
  return Array.from({ length: people }, (_, n) => n).find((person) => answerOf(person).remark === text) ?? -1
}

const right = (one: readonly number[], other: readonly number[]) => {
  const back = [...other].reverse()
  const hits = (list: readonly number[]) => one.filter((person, at) => person >= 0 && person === list[at]).length
  return Math.max(hits(other), hits(back))
}

describe('whoever holds the whole database and all keys', () => {
  it('would link everybody in a store that keeps order: the attack works', async () => {
    const rows = await Promise.all(
      ['signed', 'answer'].map((name) =>
        house.database.owner.once<{ person: number }>(
          sql`select person from ${fixedText(`public.control_${name}`)} t order by t.xmin::text::bigint`,
        ),
      ),
    )
    const [signed = [], answered = []] = rows.map((list) => list.map(({ person }) => person))
    expect(right(signed, answered)).toBe(people)
  })

  it('reads every answer and every address, and so knows what there is to link', () => {
    const closed = dumps.at(-1)
    const emptied = dumps[1]
    if (!closed || !emptied) throw new Error('no dump')
    for (const found of [emptied, closed])
      for (const guess of answersIn(found))
        expect([...guess].sort((a, b) => a - b)).toEqual(Array.from({ length: people }, (_, n) => n))
    expect(peopleIn(emptied)[0]).toHaveLength(people)
  })

  it('finds no order that people and answers share: at noon, from the full box, the next morning, after closing', () => {
    expect(dumps).toHaveLength(4)
    for (const found of dumps)
      for (const answers of answersIn(found))
        for (const order of [...peopleIn(found), inOrderOfAnswering])
          expect(right(order, answers), found.at).toBeLessThanOrEqual(luck)
  })

  it('finds one transaction for all who are invited and one for all answers, whoever came last', () => {
    const transactions = (found: Dump | undefined, table: string) =>
      new Set((found ? of(found, table) : []).map(({ xmin }) => xmin)).size
    for (const found of dumps.slice(0, 3)) expect(transactions(found, 'surveys.invitation'), found.at).toBe(1)
    for (const found of dumps.slice(1))
      for (const table of ['surveys.answer', 'surveys.words', 'surveys.spent'])
        expect(transactions(found, table), found.at).toBe(1)
  })

  it('finds words that lie in another order than the choices of whoever wrote them', () => {
    for (const found of dumps.slice(1)) {
      const all = answersIn(found)
      const [choices, words] = [all.slice(0, byOrder.length), all.slice(-byOrder.length)]
      for (const one of choices)
        for (const other of words) expect(right(one, other), found.at).toBeLessThanOrEqual(luck)
    }
  })

  it('finds nothing of a person, plain, hashed or under any key of the city, beside an answer', () => {
    const labels: KeyLabel[] = ['blind-token', 'receipt', 'idempotency', 'survey', 'word-token', 'mail', 'desk-seal']
    const [noon, emptied] = dumps
    if (!noon || !emptied) throw new Error('no dump')
    const person = of(emptied, 'surveys.invitation').map(({ row }) => row)
    const known = person.flatMap((row) => [
      String(row['id']),
      String(row['subject']),
      invitationCode(house.keys, String(row['id'])),
      `p${String(invitations.get(String(row['id'])))}@x.org`,
      ...['blinded', 'code_hash', 'address_token'].map((name) => String(row[name]).replace(/^\\x/, '')),
    ])
    const forms = known.flatMap((text) => [
      text,
      createHash('sha256').update(text).digest('hex'),
      ...labels.map((label) => createHmac('sha256', house.keys.derive(label)).update(text).digest('hex')),
    ])
    const texts = [
      ...forms,
      ...forms.map((text) => Buffer.from(text, 'hex').toString('base64')).filter((one) => one.length > 20),
    ]
    for (const found of dumps) {
      const beside = found.rows.filter(({ table }) =>
        /^surveys\.(answer|words|spent|box|tally|publication)$/.test(table),
      )
      const hay = beside.map(({ row }) => JSON.stringify(row)).join('\n')
      expect(hay.length).toBeGreaterThan(1000)
      expect(texts.filter((text) => hay.includes(text))).toEqual([])
    }
  })

  it('finds no table that holds both, no time, no number that counts up beside an answer, and no statistics of answers', async () => {
    const columns = await house.database.owner.once<{ at: string; type: string; fallback: string | null }>(
      sql`select table_name || '.' || column_name as at, data_type as type, column_default as fallback
        from information_schema.columns where table_schema = 'surveys'
          and table_name in ('answer', 'words', 'spent', 'box', 'tally') order by 1`,
    )
    expect(columns.filter(({ type }) => /time|date/.test(type))).toEqual([])
    expect(columns.filter(({ fallback }) => /nextval/.test(fallback ?? ''))).toEqual([])
    const answersElsewhere = dumps.flatMap(({ rows }) =>
      rows.filter(
        ({ table, row }) => !table.startsWith('surveys.') && /how-often=|wish number/.test(JSON.stringify(row)),
      ),
    )
    expect(answersElsewhere).toEqual([])
    const shown = dumps.flatMap((found) => of(found, 'pg_stats')).filter(({ row }) => row['tablename'] !== 'survey')
    expect(shown.map(({ row }) => `${String(row['tablename'])}.${String(row['attname'])}`)).toEqual([])
  })

  it('finds no ledger entry that signing or answering left', () => {
    expect(entriesAfter).toBe(entriesBefore)
  })

  it('finds no address once it has closed: no row, no key that opens one', () => {
    const closed = dumps.at(-1)
    if (!closed) throw new Error('no dump')
    expect(of(closed, 'surveys.invitation')).toEqual([])
    const text = closed.rows.map(({ row }) => JSON.stringify(row)).join('\n')
    expect([...invitations.keys(), '@x.org'].filter((one) => text.includes(one))).toEqual([])
  })
})
