import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect, sql, type Db } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, openLetter, post, reported } from './acts.ts'
import { glance, type Finding } from './survey.ts'

// Pages that no other story reaches, above all those that say why nothing was done. test/last asks that every one is seen.

let running: Running
let browser: TestBrowser
let owner: Db
const found: Finding[] = []

beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
  owner = connect({ url: joinEmbedded(running.data).ownerUrl, max: 1 })
})
afterAll(async () => {
  await browser.close()
  await owner.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
  expect(found.splice(0).map(({ where, says }) => `${where}: ${says}`)).toEqual([])
})

/** An address is asked for; one with fields is posted to. Each has to answer with a page, and so. */
type Step = readonly [at: string, status: number, fields?: Readonly<Record<string, string>>]

async function seeEach(page: Page, steps: readonly Step[]): Promise<void> {
  for (const [at, status, fields] of steps) {
    const answered = page.waitForResponse((one) => one.request().isNavigationRequest())
    await (fields ? post(page, at, fields) : page.goto(at))
    expect([at, (await answered).status()]).toEqual([at, status])
    found.push(...(await glance(page, at)))
  }
}

async function atDesk(handle: string): Promise<Page> {
  const page = await browser.desk()
  await comeIn(page, running, handle)
  return page
}

test('a visitor whose code leads nowhere', async () => {
  const page = await browser.visitor()
  await page.goto('/')
  await seeEach(page, [
    ['/forms/resume', 422, { code: '1' }],
    ['/receipt/mail/aaaaaaaaaaaaaaaa', 404, {}],
  ])
  await page.context().close()
})

test('a clerk who is refused in her account, her list, her templates and her activities', async () => {
  const page = await atDesk('aisha')
  await seeEach(page, [
    ['/desk/account/passwords', 422, { old: 'not hers', wanted: 'not hers either' }],
    ['/desk/closings', 422, {}],
    ['/desk/filters', 422, { name: '' }],
    ['/desk/activities/chess-winter/messages', 409, { id: randomUUID(), words: '' }],
    ['/desk/forms/facility-booking/answers', 422, {}],
  ])
  const mei = await atDesk('mei')
  const template = { id: randomUUID(), version: '0', department: 'city-clerk' }
  await seeEach(mei, [['/desk/templates/revisions', 422, template]])
  const ines = await atDesk('ines')
  await seeEach(ines, [
    ['/desk/people', 200],
    ['/desk/people', 422, { words: '' }],
  ])
  for (const one of [page, mei, ines]) await one.context().close()
})

test('a clerk who builds a form: what it costs, a version, a preview, and each refusal', async () => {
  const page = await atDesk('aisha')
  const at = '/desk/forms/facility-booking'
  await post(page, `${at}/drafts`)
  await seeEach(page, [
    [`${at}/money`, 200],
    [`${at}/versions/1`, 200],
    [`${at}/preview`, 200],
    [`${at}/trials`, 422, {}],
    ['/desk/forms', 422, { topic: 'facility-rentals' }],
    [`${at}/publications`, 409, { version: '2', revision: '99' }],
    [`${at}/questions/name`, 409, { seen: 'something else' }],
  ])
  await page.goto(at)
  await page.getByRole('button', { name: 'Throw the draft away' }).click()
  await page.getByText('The draft is thrown away.').waitFor()
  await page.context().close()
})

test('a clerk with a letter open: a mail of it that was kept, and a sending on that names nobody', async () => {
  const { number } = await reported(running)
  const page = await atDesk('dan')
  await openLetter(page, number)
  const id = /cases\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  await expect.poll(() => keptMail(id), { timeout: 15_000 }).toBeDefined()
  await seeEach(page, [
    [`/desk/cases/${id}/mails/${(await keptMail(id)) ?? ''}`, 200],
    [`/desk/cases/${id}/referrals`, 422, { step: 'preview' }],
  ])
  await page.context().close()
})

async function keptMail(caseId: string): Promise<string | undefined> {
  const [row] = await owner.once<{ id: string }>(
    sql`select id from correspondence.mail where case_id = ${caseId} and state = 'kept'`,
  )
  return row?.id
}
