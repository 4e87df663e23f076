import type { Page } from 'playwright-core'

/** What a clerk does who makes a form, by keyboard alone: each control is reached, never clicked. */

/** Presses a button or link as somebody does who uses no mouse. */
export async function press(page: Page, name: string | RegExp, role: 'button' | 'link' = 'button'): Promise<void> {
  const control = page.getByRole(role, { name, exact: typeof name === 'string' }).first()
  await control.focus()
  const left = page.waitForEvent('framenavigated')
  await page.keyboard.press('Enter')
  await left
  await page.waitForLoadState()
}

export async function type(page: Page, label: string, words: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).first().focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(words)
}

export async function begin(page: Page, title: string, spanish: string): Promise<void> {
  await page.goto('/desk/forms')
  await type(page, 'Title (English)', title)
  await type(page, 'Title (Spanish)', spanish)
  await page.getByLabel('Topic', { exact: true }).selectOption('city-clerk-general')
  await press(page, 'Make the form')
  await page.getByText('The draft is made.').waitFor()
}

export async function introduce(page: Page, words: string, spanish: string): Promise<void> {
  await type(page, 'Introduction (English)', words)
  await type(page, 'Introduction (Spanish)', spanish)
  await press(page, 'Keep')
  await page.getByText('Kept.', { exact: true }).waitFor()
}

/** Adds a question, says why it is asked, and goes back to the form. */
export async function ask(
  page: Page,
  asked: Readonly<{
    words: string
    spanish: string
    kind: string
    purpose: string
    category: string
    needed: 'yes' | 'no'
  }>,
): Promise<void> {
  const add = page.locator('#add')
  await add.getByLabel('Question in words (English)').fill(asked.words)
  await add.getByLabel('Question in words (Spanish)').fill(asked.spanish)
  await add.getByLabel('Kind of answer').selectOption(asked.kind)
  await press(page, 'Add')
  await press(page, asked.words, 'link')
  await type(page, 'Why we ask, as people read it (English)', 'We need it for this.')
  await type(page, 'Why we ask, as people read it (Spanish)', 'Lo necesitamos para esto.')
  await page.getByLabel('Purpose').selectOption(asked.purpose)
  await page.getByLabel('Kind of information').selectOption(asked.category)
  await page.getByLabel('How long the answer is kept').selectOption('letter')
  await page.getByLabel('Is it needed?').selectOption(asked.needed)
  await page.keyboard.press('ControlOrMeta+S')
  await page.getByText('Kept.', { exact: true }).waitFor()
  await press(page, 'Back to the form', 'link')
}
