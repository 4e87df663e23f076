import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff, leave } from '../../../trust/need-to-know/index.ts'
import {
  addToCase,
  caseOnDesk,
  close,
  endDraft,
  issueToken,
  keepDraft,
  move,
  newId,
  openLetter,
  readReceipt,
  receive,
  reply,
  writersOn,
  type ReceiptCode,
} from '../index.ts'

let house: TestHouse
let dan: Clerk
let lupe: Clerk
let tom: Clerk
let caseId: CaseId
let code: ReceiptCode

beforeAll(async () => {
  house = await openTestHouse()
  dan = await house.hire('dan', 'works-dispatcher')
  lupe = await house.hire('lupe', 'works-dispatcher')
  tom = await house.hire('tom', 'librarian')
}, 60_000)
afterAll(() => house.close())
beforeEach(async () => {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: 'potholes' as TopicId,
      language: 'en',
      answers: [{ field: 'message', label: 'Your letter', value: 'A hole on Willow Street.' }],
      contact: { name: 'Marisol Vega' },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  code = received.code
  caseId = (await lineNow()).id
})

async function lineNow() {
  const receipt = await readReceipt(house, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt.line
}
const opened = ({ actor }: Clerk) => openLetter(house, actor, caseId, 'send-crew')
const keep = ({ actor }: Clerk, words: string, more: { messageId?: string; kind?: 'reply' | 'note' } = {}) =>
  keepDraft(house, actor, { caseId, kind: 'reply', version: 1, messageId: newId(), words, ...more })
const draftsOf = async ({ actor }: Clerk) => {
  const seen = await caseOnDesk(house, actor, caseId)
  return 'refused' in seen ? 'not-there' : seen.drafts.map(({ kind, words, version }) => ({ kind, words, version }))
}
const actsOf = async () =>
  (
    await house.database.owner.once<{ act: string; detail: string | null; duty: string | null }>(
      sql`select act, detail, duty from ledger.entry where case_id = ${caseId} and act like 'draft.%' order by subject_count`,
    )
  ).map(({ act, detail, duty }) => [act, detail, duty].filter(Boolean).join(' '))
const rowsLeft = () => house.database.owner.once(sql`select from correspondence.draft where case_id = ${caseId}`)
const sweep = () => house.database.keeper.once(sql`select correspondence.sweep_drafts()`)

describe('a draft', () => {
  it('is kept in the clerk’s own words, and waits in another session of hers once the letter is open there', async () => {
    await opened(dan)
    expect(await keep(dan, 'We will <send> a crew & …')).toEqual({ done: true })
    expect(await draftsOf(dan)).toEqual([{ kind: 'reply', words: 'We will <send> a crew & …', version: 1 }])
    await house.database.owner.once(sql`update vault.opening set ends_at = now() where case_id = ${caseId}`)
    expect(await draftsOf(dan)).toEqual([{ kind: 'reply', words: undefined, version: 1 }])
    await opened(dan)
    expect(await draftsOf(dan)).toEqual([{ kind: 'reply', words: 'We will <send> a crew & …', version: 1 }])
  })

  it('is in the ledger when it begins, and no keystroke after', async () => {
    await opened(dan)
    for (const words of ['W', 'We', 'We come']) await keep(dan, words)
    await keep(dan, 'To check', { kind: 'note' })
    expect(await actsOf()).toEqual([
      'draft.begun kind=reply works-dispatcher',
      'draft.begun kind=note works-dispatcher',
    ])
  })

  it('is refused where the letter is not open on the desk, and where it is too long', async () => {
    expect(await keep(dan, 'We come')).toEqual({ refused: 'closed-envelope' })
    await opened(dan)
    expect(await keep(dan, 'x'.repeat(20_001))).toEqual({ refused: 'too-long' })
    expect(await rowsLeft()).toEqual([])
    expect(await actsOf()).toEqual([])
  })

  it('cannot be seen, kept or ended by whom the case does not concern', async () => {
    await opened(dan)
    await keep(dan, 'We come')
    expect(await keep(tom, 'x')).toEqual({ refused: 'not-there' })
    expect(await endDraft(house, tom.actor, { caseId, kind: 'reply' })).toEqual({ refused: 'not-there' })
    expect(await draftsOf(tom)).toBe('not-there')
    expect(await writersOn(house, tom.actor, caseId, true)).toBeUndefined()
    expect(await draftsOf(dan)).toHaveLength(1)
  })

  it('is its writer’s alone: a colleague on the same case sees neither words nor that there is one', async () => {
    await opened(dan)
    await opened(lupe)
    await keep(dan, 'We come')
    expect(await draftsOf(lupe)).toEqual([])
    await endDraft(house, lupe.actor, { caseId, kind: 'reply' })
    expect(await draftsOf(dan)).toHaveLength(1)
    const seen = await house.database.app.transaction(async (tx) => {
      await enterStaff(tx, lupe.actor, caseId)
      return tx.rows(sql`select sealed from correspondence.drafts_in_hand()`)
    })
    expect(seen).toEqual([])
  })

  it('holds no word that can be read in the database', async () => {
    await opened(dan)
    await keep(dan, 'Marisol, the hole is filled')
    const [row] = await house.database.owner.once<{ all: string }>(
      sql`select encode(sealed, 'escape') || d::text as all from correspondence.draft d where case_id = ${caseId}`,
    )
    expect(row?.all).not.toMatch(/Marisol|filled/)
    await expect(house.database.app.once(sql`select from correspondence.draft`)).rejects.toThrow(/permission denied/)
    await expect(house.database.app.once(sql`select from correspondence.writing`)).rejects.toThrow(/permission denied/)
  })

  it('ends when its message is sent, and a save that comes late does not bring it back', async () => {
    await opened(dan)
    const messageId = newId()
    await keep(dan, 'We come', { messageId })
    await reply(house, dan.actor, { caseId, version: 1, words: 'We come.', messageId })
    expect(await rowsLeft()).toEqual([])
    expect(await keep(dan, 'We come.', { messageId })).toEqual({ done: true })
    expect(await rowsLeft()).toEqual([])
    expect(await actsOf()).toEqual(['draft.begun kind=reply works-dispatcher'])
  })

  it('stays when the sending was refused', async () => {
    await opened(dan)
    const messageId = newId()
    await keep(dan, 'We come', { messageId })
    expect(await reply(house, dan.actor, { caseId, version: 9, words: 'We come.', messageId })).toEqual({
      refused: 'changed',
    })
    expect(await draftsOf(dan)).toHaveLength(1)
  })

  it('is dropped by its writer, or by emptying the box, and that is in the ledger', async () => {
    await opened(dan)
    await keep(dan, 'We come')
    await endDraft(house, dan.actor, { caseId, kind: 'reply' })
    await keep(dan, 'We come')
    await keep(dan, '  ')
    expect(await rowsLeft()).toEqual([])
    const [begun, dropped] = ['draft.begun', 'draft.dropped'].map((act) => `${act} kind=reply works-dispatcher`)
    expect(await actsOf()).toEqual([begun, dropped, begun, dropped])
  })

  it('tells which version of the case it was written to, so that the page can say what changed since', async () => {
    await opened(dan)
    await keep(dan, 'We come')
    await addToCase(house, code, { words: 'It is two holes.' })
    expect((await lineNow()).version).toBe(2)
    expect(await draftsOf(dan)).toEqual([{ kind: 'reply', words: 'We come', version: 1 }])
  })

  it('leaves with the case: whoever may no longer write there has no draft there', async () => {
    await opened(dan)
    await keep(dan, 'We come')
    await move(house, dan.actor, { caseId, version: 1, topic: 'library-general' as TopicId })
    expect(await draftsOf(dan)).toBe('not-there')
    await sweep()
    expect(await rowsLeft()).toEqual([])
    expect((await actsOf()).at(-1)).toBe('draft.swept kind=reply')
  })

  it('is swept two weeks after it was last touched, a day after the case was closed, and when its writer leaves', async () => {
    const mary = await house.hire(`mary${String(Date.now())}`, 'works-dispatcher')
    await opened(mary)
    await opened(dan)
    await opened(lupe)
    await keep(dan, 'We come')
    await keep(lupe, 'We come too')
    await keep(mary, 'And I')
    await house.database.owner.transaction((tx) => leave(tx, mary.employee))
    await sweep()
    expect(await rowsLeft()).toHaveLength(2)
    await house.database.owner.once(
      sql`update correspondence.draft set ends_at = now() - interval '1 minute' where employee = ${lupe.employee}`,
    )
    await sweep()
    expect(await rowsLeft()).toHaveLength(1)
    await close(house, dan.actor, { caseId, version: 1, because: 'done' })
    await sweep()
    expect(await rowsLeft()).toHaveLength(1)
    await house.database.owner.transaction(async (tx) => {
      await tx.rows(
        sql`update correspondence.casefile set state_since = now() - interval '2 days' where id = ${caseId}`,
      )
      await tx.rows(sql`update correspondence.draft set saved_at = now() - interval '2 days'`)
    })
    await sweep()
    expect(await rowsLeft()).toEqual([])
  })
})

describe('who is writing', () => {
  const writers = async ({ actor }: Clerk, self = false) =>
    (await writersOn(house, actor, caseId, self))?.writers.join(', ')

  it('is told to colleagues, never to herself, from the first sign until two minutes after the last', async () => {
    expect(await writers(dan, true)).toBe('')
    expect(await writers(lupe)).toBe('Dan Test')
    await house.database.owner.once(sql`update correspondence.writing set at = now() - interval '121 seconds'`)
    expect(await writers(lupe)).toBe('')
  })

  it('is told when she keeps a draft of an answer, and no more once it is sent', async () => {
    await opened(dan)
    const messageId = newId()
    await keep(dan, 'We come', { messageId })
    expect(await writers(lupe)).toBe('Dan Test')
    const seen = await caseOnDesk(house, lupe.actor, caseId)
    expect('refused' in seen ? [] : seen.writers).toEqual(['Dan Test'])
    await reply(house, dan.actor, { caseId, version: 1, words: 'We come.', messageId })
    expect(await writers(lupe)).toBe('')
  })

  it('is not told by a note, nor by somebody who may not answer', async () => {
    await opened(dan)
    await keep(dan, 'To check', { kind: 'note' })
    expect(await writers(lupe)).toBe('')
    await writersOn(house, tom.actor, caseId, true)
    expect(await house.database.owner.once(sql`select from correspondence.writing where case_id = ${caseId}`)).toEqual(
      [],
    )
  })
})
