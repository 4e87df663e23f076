import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalogues, type Say } from '../src/plumbing/index.ts'
import { mistakesIn } from '../src/plumbing/messages-check.ts'

const root = join(import.meta.dirname, '..')
const files = globSync('src/**/*messages.ts', { cwd: root }).filter((file) => !file.startsWith('src/plumbing/'))

/** Rooms in which whatever a person reads is the resident's, except the words of the desk. */
const residentsPath = ['src/city/look/', 'src/services/', 'src/people/']
const desksWords = [
  'src/city/look/desk/',
  'src/services/correspondence/messages.ts',
  'src/services/routing/messages.ts',
  'src/services/correspondence/drafts/',
  'src/services/referral/desk-messages.ts',
  'src/services/correspondence/mails/desk-mail-messages.ts',
  'src/services/counter/messages.ts',
  'src/people/consent/desk/',
  'src/services/bookings/desk/',
  'src/services/activities/desk/',
  'src/services/mailroom/desk/',
  'src/services/correspondence/filters/',
  'src/services/correspondence/news/',
  'src/services/correspondence/several/',
  'src/services/correspondence/templates/',
  'src/services/forms/building/',
  'src/services/forms/exchange/answers/',
  'src/services/open311/describe/desk-messages.ts',
  'src/services/payments/desk/',
  'src/services/surveys/desk-messages.ts',
  'src/people/residents/desk/',
]

test('every message compiles, and Spanish says what English says, with the same parameters', async () => {
  for (const file of files) await wordsOf(file)
  expect(catalogues().length).toBeGreaterThanOrEqual(files.length)
  expect(mistakesIn(catalogues())).toEqual([])
})

test('the resident’s path is complete in Spanish', async () => {
  const path = files.filter(
    (file) => residentsPath.some((room) => file.startsWith(room)) && !desksWords.some((desk) => file.startsWith(desk)),
  )
  expect(path.length).toBeGreaterThan(3)
  for (const file of path) for (const say of await wordsOf(file)) expect(say.words.es, file).toBeDefined()
})

async function wordsOf(file: string): Promise<Say<string>[]> {
  const module = (await import(/* @vite-ignore */ join(root, file))) as Record<string, unknown>
  return Object.values(module).filter((value): value is Say<string> => typeof value === 'function' && 'words' in value)
}
