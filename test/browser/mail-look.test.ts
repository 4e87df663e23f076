import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { AgencyId, TopicId } from '../../src/city/index.ts'
import { compose, type MailKind } from '../../src/services/correspondence/compose.ts'
import type { LinkLetters } from '../../src/services/correspondence/index.ts'
import { openKeyFile } from '../../src/trust/vault/index.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { temporaryFolder } from '../support/cluster.ts'
import { sampleCity } from '../support/house.ts'

// The page of each mail, as a mail program shows it: read by axe in both languages, in light and dark, small and wide.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const run = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target.join(' '))))`
const city = sampleCity()
const folder = temporaryFolder()
const keys = openKeyFile(join(folder.path, 'keys.json'))
let browser: TestBrowser
let page: Page

beforeAll(async () => {
  browser = await openBrowser('http://localhost')
  page = await browser.visitor()
})
afterAll(async () => {
  await browser.close()
  folder.remove()
})

const kinds: readonly MailKind[] = ['acknowledgement', 'reply', 'referral', 'agency', 'not-ours']
const mailOf = (kind: MailKind, language: 'en' | 'es', channel: 'form' | 'email') =>
  compose(
    { city, keys, publicUrl: 'https://almendra.example.org' },
    '0197a3c0-0000-7000-8000-000000000001',
    Temporal.Instant.from('2026-06-01T10:00:00Z'),
    {
      kind,
      number: 7,
      topic: 'potholes' as TopicId,
      language,
      channel,
      due_on: Temporal.PlainDate.from('2026-06-12'),
      earlier: [],
      email: 'marisol@example.org',
      ...(channel === 'email' && { receiptLink: 'abcdefghijklmnop' as LinkLetters }),
      files: 2,
      ...(kind !== 'acknowledgement' &&
        kind !== 'not-ours' && {
          words:
            'A crew comes on Thursday.\n\nhttps://example.org/a-very-long-address-that-does-not-break-by-itself-in-any-place-at-all',
        }),
      closed_agency: kind === 'not-ours' ? ('state-highways' as AgencyId) : null,
    },
  )

test.each(['en', 'es'] as const)(
  'the page of each mail (%s) reads well for everybody, in light and dark, small and wide',
  async (language) => {
    const found: string[] = []
    for (const kind of kinds)
      for (const channel of ['form', 'email'] as const) {
        await page.setContent(mailOf(kind, language, channel)?.html ?? '')
        await page.evaluate(axe)
        for (const [width, colorScheme] of [
          [360, 'light'],
          [1280, 'dark'],
        ] as const) {
          await page.setViewportSize({ width, height: 800 })
          await page.emulateMedia({ colorScheme })
          const said = await page.evaluate<string[]>(run)
          found.push(...said.map((one) => `${kind} ${channel} ${String(width)} ${colorScheme}: ${one}`))
          if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
            found.push(`${kind} goes sideways`)
        }
      }
    expect(found).toEqual([])
    expect(await browser.problems()).toEqual([])
  },
)
