import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../city/index.ts'
import { createServer, html, sql } from '../plumbing/index.ts'
import { issueToken, openLetter, readReceipt, receive, type ReceiptCode } from '../services/correspondence/index.ts'
import { listedPanel, open311Routes, publishDescription } from '../services/open311/index.ts'
import { openDesk } from './desk.ts'

let house: TestHouse & { publicUrl: string }
let app: FastifyInstance
let dana: Clerk
let lee: Clerk
const faults: string[] = []

beforeAll(async () => {
  const opened = await openTestHouse()
  house = { ...opened, publicUrl: 'http://city.test', panels: [listedPanel(opened.city)] }
  dana = await house.hire('dana', 'works-dispatcher')
  lee = await house.hire('lee', 'librarian')
  const log = { info: () => undefined, error: (fields: object) => void faults.push(JSON.stringify(fields)) }
  app = await createServer({ publicUrl: house.publicUrl, log, problemPage: ({ status }) => html`<h1>${status}</h1>` })
  await open311Routes(app, house)
  await openDesk(app, { ...house, config: { publicUrl: house.publicUrl } } as unknown as Parameters<typeof openDesk>[1])
})
afterAll(async () => {
  expect(faults).toEqual([])
  await app.close()
  await house.close()
})

async function written(topic = 'potholes'): Promise<{ id: CaseId; number: number; code: ReceiptCode }> {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'report-a-problem' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      language: 'en',
      answers: [{ field: 'what', label: 'What is wrong?', value: 'My son fell off his bicycle in front of our house' }],
      contact: { name: 'Marisol Vega', email: 'marisol@example.org' },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { id: receipt.line.id, number: receipt.line.number, code: received.code }
}

const cookie = ({ actor }: Clerk) => ({ cookie: `cityhall=${actor.secret.toString('base64url')}` })
const post = (clerk: Clerk, id: string, fields: Record<string, string>, more = '') =>
  app.inject({
    method: 'POST',
    url: `/desk/cases/${id}/descriptions${more}`,
    headers: {
      ...cookie(clerk),
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: new URLSearchParams(fields).toString(),
  })
const publicWords = async (number: number) =>
  (
    JSON.parse((await app.inject({ url: `/open311/v2/requests/${String(number)}.json` })).body) as {
      description: string | null
    }[]
  )[0]?.description
const seenIn = (body: string) => /name="seen" value="([^"]+)"/.exec(body)?.[1] ?? ''
const acts = async (id: CaseId) =>
  (
    await house.database.owner.once<{ act: string }>(
      sql`select act from ledger.entry where case_id = ${id} order by subject_count`,
    )
  ).map(({ act }) => act)

describe('a public description', () => {
  it('is published after its preview, can be read by everybody and by the person, and can be taken back', async () => {
    const { id, number, code } = await written()
    await openLetter(house, dana.actor, id, 'send-crew')
    const words = 'A crew fills the hole on Thursday.'
    const preview = await post(dana, id, { version: '1', words })
    expect(preview.statusCode).toBe(200)
    expect(preview.body).toContain('Nothing in it looks personal')
    expect(await publicWords(number)).toBeNull()
    const done = await post(dana, id, { version: '1', words, seen: seenIn(preview.body) })
    expect([done.statusCode, done.headers.location]).toEqual([303, `/desk/cases/${id}#public`])
    expect(await publicWords(number)).toBe(words)
    const receipt = await readReceipt(house, code)
    expect('panels' in receipt && String(receipt.panels)).toContain(words)
    const desk = await app.inject({ url: `/desk/cases/${id}`, headers: cookie(dana) })
    expect(desk.body).toContain('Take it back')
    expect((await post(dana, id, {}, '/withdrawals')).statusCode).toBe(303)
    expect(await publicWords(number)).toBeNull()
    expect(await acts(id)).toEqual(expect.arrayContaining(['description.published', 'description.withdrawn']))
  })

  it('that looks personal goes out only when each mark was confirmed, and never unseen', async () => {
    const { id, number } = await written()
    await openLetter(house, dana.actor, id, 'send-crew')
    const words = 'Ms. Vega: her son fell off his bicycle in front of 12 Willow Street'
    const preview = await post(dana, id, { version: '1', words })
    expect(preview.body).toMatch(/<mark>[^<]*Vega/)
    expect(preview.body).toContain('copied from the letter')
    const seen = seenIn(preview.body)
    const unchecked = await post(dana, id, { version: '1', words, seen })
    expect([unchecked.statusCode, unchecked.body.includes('Look at each marked place')]).toEqual([422, true])
    const others = await post(dana, id, { version: '1', words: `${words} and more`, seen, checked: 'yes' })
    expect([others.statusCode, others.body.includes('name="seen"')]).toEqual([200, true])
    expect(await publicWords(number)).toBeNull()
    expect((await post(dana, id, { version: '1', words, seen, checked: 'yes' })).statusCode).toBe(303)
    expect(await publicWords(number)).toBe(words)
  })

  it('is refused while the letter is closed, when it is empty or too long, and when the case changed; the words stay', async () => {
    const { id, number } = await written()
    const closed = await post(dana, id, { version: '1', words: 'Typed words' })
    expect([closed.statusCode, closed.body.includes('Typed words')]).toEqual([409, true])
    await openLetter(house, dana.actor, id, 'send-crew')
    expect((await post(dana, id, { version: '1', words: '  ' })).statusCode).toBe(422)
    expect((await post(dana, id, { version: '1', words: 'x'.repeat(501) })).statusCode).toBe(422)
    const words = 'Fixed soon.'
    const seen = seenIn((await post(dana, id, { version: '7', words })).body)
    const changed = await post(dana, id, { version: '7', words, seen })
    expect([changed.statusCode, changed.body.includes(words)]).toEqual([409, true])
    expect(await publicWords(number)).toBeNull()
  })

  it('of another department’s case is not there, and neither is one of a topic that is not listed', async () => {
    const { id } = await written()
    const gone = await post(lee, '00000000-0000-4000-8000-000000000000', { words: 'x' })
    const foreign = await post(lee, id, { words: 'x' })
    expect([foreign.statusCode, foreign.body]).toEqual([404, gone.body])
    expect((await post(lee, id, {}, '/withdrawals')).statusCode).toBe(404)
    const input = { caseId: id, version: 1, words: 'x' }
    expect(await publishDescription(house, lee.actor, input)).toEqual({ refused: 'not-there' })
    const library = await written('library-general')
    await openLetter(house, lee.actor, library.id, 'answer')
    expect((await post(lee, library.id, { words: 'x' })).statusCode).toBe(404)
    const unlisted = await publishDescription(house, lee.actor, { ...input, caseId: library.id })
    expect(unlisted).toEqual({ refused: 'not-there' })
    const page = await app.inject({ url: `/desk/cases/${library.id}`, headers: cookie(lee) })
    expect(page.body).not.toContain('Published through Open311')
  })

  it('is gone at once when the case moves to a topic that is not listed, and does not come back with it', async () => {
    const { id, number } = await written()
    await publishDescription(house, dana.actor, { caseId: id, version: 1, words: 'A crew comes.' })
    expect(await publicWords(number)).toBe('A crew comes.')
    for (const topic of ['code-complaints', 'potholes'])
      await house.database.owner.once(sql`update correspondence.casefile set topic = ${topic} where id = ${id}`)
    expect(await publicWords(number)).toBeNull()
  })
})
