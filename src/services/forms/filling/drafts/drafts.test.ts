import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../../../test/support/house.ts'
import { createServer, html, sql } from '../../../../plumbing/index.ts'
import { enterStaff } from '../../../../trust/need-to-know/index.ts'
import { sweepFiles } from '../../../attachments/index.ts'
import { at } from '../../sample-clock.ts'
import { formsRoutes } from '../../routes.ts'
import { paper, type Paper, type Typed } from '../../../../../test/support/paper.ts'
import { resumeDraft } from './keep-draft.ts'

let house: TestHouse
let app: FastifyInstance
beforeAll(async () => {
  house = await openTestHouse()
  const quiet = () => undefined
  app = await createServer({ publicUrl: 'http://x', log: { info: quiet, error: quiet }, problemPage: () => html`` })
  formsRoutes(app, house)
}, 60_000)
afterAll(async () => {
  await app.close()
  await house.close()
})

const card = '/forms/library-card'
const press = (page: Paper, typed: Typed = {}, button?: string): Promise<Paper> =>
  paper(app).post(`${card}?sent`, page, typed, button)
const resume = (code: string): Promise<Paper> => paper(app).post('/forms/resume', { fields: [] }, { code })
const owner = <T extends object>(query: ReturnType<typeof sql>) =>
  house.database.owner.transaction((tx) => tx.rows<T>(query))
const entries = () =>
  owner<{ act: string; detail: string }>(sql`select act, detail from ledger.entry where act like 'draft.%' order by at`)
const codeOn = ({ text }: Paper): string =>
  [...text.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join(' ')

/** Saved on the second page, with what she typed there. */
async function saved(name = 'Ximena Ortuño'): Promise<{ page: Paper; code: string }> {
  const second = await press(await paper(app).open(card), { adult: 'yes', name })
  const page = await press(second, { tie: 'work', where: 'The mill' }, '_go=save')
  return { page, code: codeOn(page) }
}

test('what is kept for later is gone on with where it was left, by its code, and ends when it is sent', async () => {
  const { page, code } = await saved()
  expect(page).toMatchObject({ status: 200, title: expect.stringContaining('Kept for you') })
  expect(code).toMatch(/^\d{4}( \d{4}){5}$/)
  const back = await resume(code)
  expect(back).toMatchObject({ status: 200, title: expect.stringContaining('You and Almendra, step 2') })
  expect(Object.fromEntries(back.fields)).toMatchObject({ name: 'Ximena Ortuño', tie: 'work', where: 'The mill' })
  let on = back
  for (const typed of [{}, { email: 'x@example.org' }, { branch: 'main' }, { promise: 'yes' }])
    on = await press(on, typed)
  expect(await press(on, {}, '_go=send')).toMatchObject({ status: 303 })
  expect(await resume(code)).toMatchObject({
    status: 422,
    text: expect.stringContaining('We keep no form under this code'),
  })
  expect(await owner(sql`select from forms.draft`)).toEqual([])
  const [kept, ended] = await entries()
  expect(kept).toMatchObject({ act: 'draft.kept', detail: expect.stringMatching(/^draft=[0-9a-f-]{36}$/) })
  expect(ended).toEqual({ act: 'draft.destroyed', detail: `${kept?.detail ?? ''} because=sent` })
})

test('the code is shown once: what is kept again is kept under the same code', async () => {
  const { page, code } = await saved()
  const again = await press(await press(page, {}, '_go=at:tie'), { where: 'The cannery' }, '_go=save')
  expect(codeOn(again)).toBe('')
  expect(again.text).toContain('under the resume code that you wrote down')
  expect(Object.fromEntries((await resume(code)).fields)).toMatchObject({ where: 'The cannery' })
  const dropped = await press(again, {}, '_go=drop')
  expect(dropped.text).toContain('is destroyed')
  expect(Object.fromEntries(dropped.fields)).toMatchObject({ where: 'The cannery' })
  expect(await resume(code)).toMatchObject({ status: 422 })
})

test('with the whole database and all of the city’s keys nobody reads a draft: its key is under the code', async () => {
  const { code } = await saved('Wilhelmina Achterberg')
  const rows = await owner<Record<string, unknown>>(
    sql`select d.*, encode(d.sealed, 'escape') as text from forms.draft d`,
  )
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toContain('Achterberg')
  expect(Object.keys(rows[0] ?? {}).sort()).toEqual([
    'form',
    'id',
    'kept_until',
    'sealed',
    'secret_hash',
    'text',
    'wrapped',
  ])
  // A wrong code that is well formed, and one with a slip.
  expect(await resumeDraft(house, '000000000000000000000000')).toEqual({ refused: 'unknown' })
  expect(
    await resumeDraft(
      house,
      code.replace(/\d$/, (last) => String((Number(last) + 1) % 10)),
    ),
  ).toEqual({ refused: 'slip' })
  expect(await press(await resume(code), {}, '_go=drop')).toMatchObject({ status: 200 })
})

test('no employee sees a draft, nor does the app’s password: the table is closed, and only the secret leads in', async () => {
  const { code } = await saved()
  const clerk = await house.hire('ivy', 'librarian', 'circulation-clerk')
  await expect(
    house.db.transaction(async (tx) => {
      await enterStaff(tx, clerk.actor)
      return tx.rows(sql`select * from forms.draft`)
    }),
  ).rejects.toThrow()
  await expect(house.db.once(sql`select * from attachments.waiting`)).rejects.toThrow()
  const guessed = await owner<{ secret_hash: Buffer }>(sql`select secret_hash from forms.draft`)
  expect(
    await house.db.once(sql`select * from forms.draft_of(${guessed[0]?.secret_hash ?? Buffer.alloc(32)})`),
  ).toEqual([])
  await press(await resume(code), {}, '_go=drop')
})

const problem = '/forms/report-a-problem'
/** A post with a file in it, as a browser sends it, from a page of the form. */
function withFile(page: Paper, typed: Typed, button: string) {
  const form = new FormData()
  const fields = [...page.fields.filter(([name]) => !(name in typed)), ...Object.entries(typed), button.split('=')]
  for (const [name, value] of fields) form.append(name, String(value))
  form.append('photos', new Blob(['The crack is a hand wide.'], { type: 'text/plain' }), 'crack.txt')
  return paper(app).send(`${problem}?sent`, form)
}
const swept = () => {
  // Two days later, as far as the sweep can tell.
  return sweepFiles(house.cabinet, house.database.keeper, Date.now() + 48 * 3_600_000)
}
const onProblem = (page: Paper, typed: Typed = {}, button?: string) =>
  paper(app).post(`${problem}?sent`, page, typed, button)
const report = { topic: 'potholes', where: 'Mill Street 12', what: 'A crack' }

test('a file that came with a draft waits as long as the draft does, is there again with its code, and goes with the letter', async () => {
  const page = await withFile(await paper(app).open(problem), report, '_go=save')
  await swept()
  const back = await paper(app).post('/forms/resume', { fields: [] }, { code: codeOn(page) })
  expect(back.text).toContain('crack.txt')
  expect(await onProblem(back)).toMatchObject({ status: 303 })
  expect(await owner(sql`select from attachments.attachment`)).toHaveLength(1)
  await swept()
  const [file] = await owner<{ id: string }>(sql`select id from attachments.attachment`)
  expect(await house.cabinet.store.has(file?.id ?? '')).toBe(true)
})

test('a mark that outlived its file is told at sending, beside the question; all that was typed stays and nothing is written', async () => {
  const page = await withFile(await paper(app).open(problem), report, '_go=save')
  const back = await paper(app).post('/forms/resume', { fields: [] }, { code: codeOn(page) })
  const dropped = await onProblem(back, {}, '_go=drop')
  expect(dropped.text).toContain('crack.txt')
  await swept()
  const before = await owner(sql`select from correspondence.casefile`)
  const refused = await onProblem(dropped)
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('Please choose your files again: we no longer have them.')
  expect(refused.text).not.toContain('crack.txt')
  expect(Object.fromEntries(refused.fields)).toMatchObject(report)
  expect(await owner(sql`select from correspondence.casefile`)).toHaveLength(before.length)
  expect(await onProblem(refused)).toMatchObject({ status: 303 })
})

test('a draft whose days are over opens no more, and the sweep destroys it with an entry that names nobody', async () => {
  const { code } = await saved()
  const later = at({ ...house, db: house.database.owner }, Temporal.Now.instant().add({ hours: 24 * 15 }))
  expect(await resumeDraft(later, code)).toEqual({ refused: 'unknown' })
  expect(await later.db.once(sql`select forms.sweep_drafts() as gone`)).toEqual([{ gone: 1 }])
  expect((await entries()).at(-1)).toMatchObject({
    act: 'draft.destroyed',
    detail: expect.stringMatching(/because=expired$/),
  })
  expect(await resume(code)).toMatchObject({ status: 422 })
})
