import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { inject } from 'vitest'
import { answerShown } from '../support/browser.ts'

/** What was found on a page, and where. */
export type Finding = { about: Question; where: string; says: string }
export type Question =
  'axe' | 'frame' | 'sideways' | 'spacing' | 'targets' | 'focus' | 'edges' | 'motion' | 'paper' | 'color'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const probe = readFileSync(join(import.meta.dirname, 'probe.js'), 'utf8')

const wide = { width: 1280, height: 800 }
const small = { width: 360, height: 740 }
/** 1280 pixels at 400%: the narrowest that WCAG 1.4.10 asks for. */
const narrowest = { width: 320, height: 640 }

/**
 * Asks everything of the page that is shown, at both widths, in light and dark. The page stays where it is. `twin`: its like
 * in the other language was asked; only what other words may change is asked again.
 */
export async function survey(
  page: Page,
  where: string,
  sizes = { least: 24, main: 44 },
  twin = false,
): Promise<Finding[]> {
  const found: Finding[] = []
  const ask = async (how: string, questions: Partial<Record<Question, string>>) => {
    const expressions = Object.values(questions).join(', ')
    const says = await page.evaluate<string[][]>(`Promise.all([${expressions}])`)
    for (const [at, about] of (Object.keys(questions) as Question[]).entries())
      found.push(...(says[at] ?? []).map((one) => ({ about, where: `${where} ${how}`, says: one })))
  }
  // A page may be asked twice, with another part of it unfolded.
  if (!(await page.evaluate<boolean>(`'probe' in globalThis`))) await page.evaluate(`${axe};${probe}`)
  // Without motion: a color on its way from light to dark has the contrast of neither.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.setViewportSize(wide)
  await ask('wide', { frame: 'probe.frame()', axe: twin ? axeButColors : axeRun })
  if (!twin) {
    await page.emulateMedia({ colorScheme: 'dark' })
    await ask('wide and dark', { color: axeColors })
    await page.emulateMedia({ colorScheme: 'light' })
  }
  await page.setViewportSize(small)
  const targets = `probe.targets(${JSON.stringify(sizes)})`
  await ask('small', twin ? { targets } : { targets, axe: axeLayout })
  if (!twin) {
    await page.keyboard.press('Tab')
    await ask('small', { focus: 'probe.focus()' })
  }
  await page.setViewportSize(narrowest)
  await ask('320 wide', { sideways: 'probe.sideways()', spacing: 'probe.spaceText()' })
  if (!twin) {
    // Each change is a new page to lay out and to paint: what does not hinder one another changes at once.
    await ask('reduced motion', { motion: 'probe.moves()' })
    await page.emulateMedia({ forcedColors: 'active' })
    await ask('forced colors', { edges: 'probe.edges()' })
    await page.emulateMedia({ forcedColors: 'none', media: 'print' })
    await ask('on paper', { paper: 'probe.paper()' })
  }
  await page.emulateMedia({ media: 'screen', reducedMotion: 'no-preference' })
  await page.setViewportSize(wide)
  await noteSeen(page)
  return found
}

/**
 * Axe alone, at the width that the page has: for a page that is laid out as others are. Of one that refuses, which is another
 * page with a notice, its colors are not asked again.
 */
export async function glance(page: Page, where: string): Promise<Finding[]> {
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(axe)
  const refuses = (answerShown(page)?.status ?? 200) >= 400
  const says = await page.evaluate<string[]>(refuses ? axeButColors : axeRun)
  await noteSeen(page)
  return says.map((one) => ({ about: 'axe', where, says: one }))
}

/** The run remembers which of the program's pages axe has seen; test/last/every-page-seen.test.ts asks whether that is every one. */
async function noteSeen(page: Page): Promise<void> {
  const answer = answerShown(page)
  if (answer === undefined) return
  await fetch(`${inject('cities')}/seen`, { method: 'POST', body: JSON.stringify(answer) })
}

const inWords = `({ violations }) => violations.flatMap(({ id, help, nodes }) =>
  nodes.map(({ target, any }) => id + ': ' + help + ' at ' + target.join(' ') + ' ' + (any[0]?.message ?? '')))`

const colors = ['color-contrast', 'link-in-text-block']
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Style sheets are loaded once more only where a rule reads them. */
const run = (how: object) =>
  `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], preload: false, ...how })}).then(${inWords})`

const axeRun = run({ runOnly: standards })
/** Colors do not depend on the width, and are what takes axe longest. */
const axeButColors = run({
  runOnly: standards,
  rules: Object.fromEntries(colors.map((name) => [name, { enabled: false }])),
})
/** What may change with the width alone; the elements and their names are the same. */
const axeLayout = run({
  preload: true,
  runOnly: { type: 'rule', values: ['target-size', 'scrollable-region-focusable', 'bypass', 'region', 'heading-order', 'css-orientation-lock', 'meta-viewport', 'avoid-inline-spacing', 'landmark-one-main', 'tabindex', 'aria-hidden-focus', 'page-has-heading-one'] },
}) // prettier-ignore
const axeColors = run({ runOnly: { type: 'rule', values: colors } })
