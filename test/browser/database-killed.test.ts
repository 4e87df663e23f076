import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'
import { fillProblem, problem, received, send } from './acts.ts'

let running: Running
let browser: TestBrowser

beforeAll(async () => {
  running = await aCityOfItsOwn()
  browser = await openBrowser(running.origin)
})

afterAll(async () => {
  expect(await browser.problems()).toEqual([])
  await browser.close()
  await running.stop()
})

test('who sends while the database is killed keeps every word, is told what to do, and sends it again', async () => {
  const resident = await browser.phone()
  await sendWhileKilled(resident)
  const text = await resident.getByRole('main').innerText()
  expect(text).toContain('Nothing you typed is lost')
  expect(text).toContain('it will not arrive twice')
  expect(await resident.getByLabel('What kind of problem').inputValue()).toBe(problem.kind)
  expect(await resident.getByLabel('Neighborhood').inputValue()).toBe(problem.neighborhood)
  expect(await resident.getByLabel('Where exactly?').inputValue()).toBe(problem.where)
  expect((await resident.getByLabel('What is wrong?').inputValue()).trim()).toBe(problem.what)
  expect(await resident.getByLabel('Your name').inputValue()).toBe(problem.name)
  expect(await resident.getByLabel('Your e-mail').inputValue()).toBe(problem.email)
  await running.ready()
  await send(resident)
  const first = await received(resident)
  expect(first.number).toMatch(/^\d+$/)
})

/** PostgreSQL is started again at once, and what waits for it is served: so it is killed until the answer is there. */
async function sendWhileKilled(resident: Page): Promise<void> {
  await resident.goto('/forms/report-a-problem')
  await fillProblem(resident)
  const killing = setInterval(killDatabase, 25)
  try {
    const [answer] = await Promise.all([
      resident.waitForResponse(/forms\/report-a-problem/, { timeout: 40_000 }),
      send(resident),
    ])
    expect(answer.status()).toBe(503)
    expect(answer.headers()['retry-after']).toMatch(/^\d+$/)
  } finally {
    clearInterval(killing)
  }
}

function killDatabase(): void {
  try {
    process.kill(running.databasePid(), 'SIGKILL')
  } catch {
    // It is dead already, or not started yet.
  }
}
