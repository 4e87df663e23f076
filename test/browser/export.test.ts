import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn } from './acts.ts'
import { survey } from './survey.ts'

let running: Running
let browser: TestBrowser
beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
})
afterAll(async () => {
  await browser.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const atDesk = { least: 24, main: 24 }

test('a clerk sees which answers were used, chooses what she needs for one purpose, and takes it out as a table', async () => {
  const aisha = await browser.desk()
  await comeIn(aisha, running, 'aisha')
  await aisha.getByRole('link', { name: 'Forms and their answers' }).click()
  expect(await survey(aisha, 'forms', atDesk)).toEqual([])
  await aisha.getByRole('link', { name: 'Hold an event on city ground: What was used' }).click()
  await aisha.getByRole('rowheader', { name: 'What is the event called?' }).waitFor()
  expect(await survey(aisha, 'use', atDesk)).toEqual([])
  await aisha.getByRole('link', { name: 'Answers as a table' }).click()
  await aisha.getByLabel('What do you need them for?').selectOption('keep-safe')
  await aisha.getByRole('button', { name: 'Choose the questions' }).click()
  expect(await survey(aisha, 'answers', atDesk)).toEqual([])
  await aisha.getByLabel('From', { exact: true }).fill('2020-01-01')
  const [download] = await Promise.all([
    aisha.waitForEvent('download'),
    aisha.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  const [head = '', ...rows] = readFileSync(await download.path(), 'utf8').split('\r\n')
  expect(head).toContain('"Where will it be?"')
  expect(head).not.toContain('What is the event called?')
  expect(rows.filter((row) => row !== '').length).toBeGreaterThan(0)
})
