import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import {
  loadCity,
  type CaseId,
  type DepartmentId,
  type DutyId,
  type FormId,
  type TopicId,
} from '../../../city/index.ts'
import type { EntryLine, Letter } from '../read-case.ts'
import type { Receipt } from '../receipt.ts'
import type { ReceiptCode } from '../receipt-code.ts'
import { receiptLookupPage } from './receipt-lookup.ts'
import { receiptPage } from './receipt.ts'

const city = loadCity(new URL('../../../../city', import.meta.url).pathname)
if ('refused' in city) throw new Error('the sample city does not load')
const house = { city, keptFor: () => city.retention.values().next().value?.text }
const code = '482910573366902177450318' as ReceiptCode
const at = Temporal.Instant.from('2026-11-20T18:12:00Z')

const letter: Letter = {
  id: 'l1',
  seq: 1,
  kind: 'letter',
  writtenAt: at,
  answers: [{ field: 'what', label: 'What is wrong?', value: 'A hole <b>here</b>\nand there' }],
}
const own: EntryLine = { id: 'e1', at, act: 'letter.received', actorKind: 'person', subjectCount: 1, sequenced: true }
const look: EntryLine = {
  id: 'e2',
  at,
  act: 'letter.opened',
  actorKind: 'staff',
  subjectCount: 2,
  duty: 'public-works-dispatcher' as DutyId,
  department: 'public-works' as DepartmentId,
  reason: 'no-such-reason',
  sequenced: true,
}

function receipt(changes: Partial<Receipt> & { state?: Receipt['line']['state'] } = {}): Receipt {
  const { state = 'new', ...rest } = changes
  return {
    line: {
      id: 'c1' as CaseId,
      number: 1042,
      topic: 'potholes' as TopicId,
      state,
      language: 'en',
      form: 'report-a-problem' as FormId,
      channel: 'form',
      receivedAt: at,
      dueOn: Temporal.PlainDate.from('2026-11-30'),
      stateSince: at,
      version: 1,
      messages: 1,
    },
    fresh: false,
    hasEmail: false,
    letters: [letter],
    history: [own],
    mails: [],
    top: [],
    panels: [],
    ...rest,
  }
}

const show = (shown: Receipt, more: object = {}) =>
  String(receiptPage(house, 'en', { receipt: shown, code, token: 't', proofPath: (id) => `/proofs/${id}`, ...more }))

const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

test('the code is shown in six groups of four while it is fresh, and never again', () => {
  expect(textOf(show(receipt({ fresh: true })))).toContain('4829 1057 3366 9021 7745 0318')
  expect(textOf(show(receipt()))).not.toMatch(/4829/)
})

test('a person reads when she gets an answer, and that nobody has opened her letter yet', () => {
  const text = textOf(show(receipt()))
  expect(text).toContain('Nobody has opened it yet')
  expect(text).toContain('Monday, November 30, 2026')
  expect(text).toContain('Nobody at the city has opened it yet')
})

test('each look stands with its duty and department, its number and its proof', () => {
  const shown = show(receipt({ state: 'open', history: [look, own] }))
  expect(textOf(shown)).toMatch(/Opened your letter .*Public Works/)
  expect(shown).toContain('href="/proofs/e2"')
  expect(textOf(shown)).toContain('Entry 2')
  expect(textOf(shown)).toContain('2 entries about your letter, numbered without a gap: 1 of your own, 1 of the city’s')
})

test('an entry that is not in the tree yet says so instead of offering a proof that would fail', () => {
  const shown = show(receipt({ history: [{ ...look, sequenced: false }, own] }))
  expect(shown).not.toContain('/proofs/e2')
  expect(textOf(shown)).toContain('Proof in a moment')
})

test('a note among colleagues is not shown, and what was written is text', () => {
  const note: Letter = { id: 'l2', seq: 2, kind: 'note', writtenAt: at, words: 'for colleagues only' }
  const shown = show(receipt({ letters: [letter, note] }))
  expect(shown).not.toContain('for colleagues only')
  expect(shown).toContain('A hole &lt;b&gt;here&lt;/b&gt;<br>and there')
})

test('words that were refused are kept, with the error beside them', () => {
  const shown = show(receipt(), { writing: { words: 'kept <words>', error: 'too-long' } })
  expect(shown).toContain('kept &lt;words&gt;</textarea>')
  expect(shown).toContain('id="words-error"')
  expect(shown).toContain('<a href="#words">')
})

test('a closed letter says why, in each of the five cases and in both languages', () => {
  for (const closedBecause of ['done', 'no-answer-needed', 'not-ours', 'duplicate', 'withdrawn'] as const) {
    const closed = receipt({ state: 'closed' })
    const line = { ...closed.line, closedBecause }
    for (const language of ['en', 'es'] as const) {
      const view = { receipt: { ...closed, line }, code, token: 't', proofPath: (id: string) => id }
      expect(String(receiptPage(house, language, view))).not.toMatch(/undefined|closed-/)
    }
  }
})

test('the page for typing a code posts it, keeps what was typed and tells a slip from an unknown code', () => {
  const page = (error?: 'slip' | 'unknown') =>
    String(receiptLookupPage(house, 'en', { typed: '4829 1057', ...(error && { error }) }))
  expect(page()).toMatch(/<form[^>]*method="post"[^>]*action="\/receipt"/)
  expect(page('slip')).toContain('value="4829 1057"')
  expect(textOf(page('slip'))).toContain('one digit is wrong')
  expect(textOf(page('unknown'))).toContain('There is no letter with this code')
})
