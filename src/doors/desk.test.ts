import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../city/index.ts'
import { createServer, html, sql } from '../plumbing/index.ts'
import { issueToken, newId, readReceipt, receive, reply, openLetter } from '../services/correspondence/index.ts'
import { setPassword } from '../trust/need-to-know/index.ts'
import { openDesk } from './desk.ts'

let house: TestHouse
let app: FastifyInstance
let dana: Clerk
let lee: Clerk
let pat: Clerk
const password = 'four plain words here'

beforeAll(async () => {
  house = await openTestHouse()
  dana = await house.hire('dana', 'works-dispatcher')
  lee = await house.hire('lee', 'librarian')
  pat = await house.hire('pat', 'librarian')
  const pepper = house.keys.derive('password-pepper')
  await house.database.owner.transaction(async (tx) => {
    await setPassword(tx, pat.employee, password, pepper)
  })
  const log = { info: () => undefined, error: (_fields: object, line: string) => faults.push(line) }
  app = await createServer({
    publicUrl: 'http://desk.test',
    log,
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  await openDesk(app, { ...house, config: { publicUrl: 'http://desk.test' } } as unknown as Parameters<
    typeof openDesk
  >[1])
})
afterAll(async () => {
  await app.close()
  await house.close()
  expect(faults).toEqual([])
})
const faults: string[] = []

const cookieOf = ({ actor }: Clerk) => `cityhall=${actor.secret.toString('base64url')}`
const ours = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
const get = (clerk: Clerk, url: string) => app.inject({ url, headers: { cookie: cookieOf(clerk) } })
const post = (
  clerk: Clerk | undefined,
  url: string,
  fields: Record<string, string>,
  headers: InjectOptions['headers'] = {},
) =>
  app.inject({
    method: 'POST',
    url,
    headers: { ...ours, ...(clerk && { cookie: cookieOf(clerk) }), ...headers },
    payload: new URLSearchParams(fields).toString(),
  })

async function written(topic = 'potholes'): Promise<CaseId> {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      language: 'en',
      answers: [{ field: 'message', label: 'Your letter', value: 'The <hole> on Willow Street & my wheel.' }],
      contact: { name: 'Marisol Vega', email: 'marisol@example.org' },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt.line.id
}

/** A form of a page as a browser would send it: hidden fields as they are, plus what is typed. */
function fieldsIn(body: string, action: string): Record<string, string> {
  const form = body.split('<form').find((part) => part.includes(`action="${action}`)) ?? ''
  const found = form.split('</form>')[0]?.matchAll(/<input[^>]*?type="hidden"[^>]*>/g) ?? []
  const attribute = (tag: string, name: string) => unescaped(new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
  return Object.fromEntries([...found].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]))
}
const unescaped = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** A password that is set ends every session; the same secret is given a new one. */
const startAgain = ({ employee, actor }: Clerk) =>
  house.database.owner.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    values (sha256(${actor.secret}), ${employee}, 'password', now() + interval '1 hour')`)
const opened = (clerk: Clerk, id: CaseId) => openLetter(house, clerk.actor, id, 'send-crew')
const boxIn = (body: string, id: string) =>
  unescaped(new RegExp(`<textarea[^>]*id="${id}"[^>]*>\\n?([^<]*)`).exec(body)?.[1] ?? '(no box)').trim()

describe('at the door', () => {
  test('who is not signed in is led to the sign-in page, and from there to where she wanted to go', async () => {
    const away = await app.inject('/desk/outbox')
    expect(away.statusCode).toBe(303)
    expect(away.headers.location).toBe('/desk/sign-in?then=%2Fdesk%2Foutbox')
    const page = await app.inject(String(away.headers.location))
    const fields = fieldsIn(page.body, '/desk/sign-in')
    const entered = await post(undefined, '/desk/sign-in', { ...fields, handle: 'pat', password })
    expect(entered.statusCode).toBe(303)
    expect(entered.headers.location).toBe('/desk/outbox')
    expect(entered.headers['set-cookie']).toMatch(/^cityhall=[\w-]{43}; Path=\/desk; HttpOnly; SameSite=Strict$/)
    expect(entered.headers['cache-control']).toBe('no-store')
  })

  test('a link in a mail asks once more from our own page, for a browser keeps the cookie back until then', async () => {
    const url = '/desk/outbox'
    const fromMail = await app.inject({ url, headers: { 'sec-fetch-site': 'cross-site' } })
    expect([fromMail.statusCode, fromMail.headers['refresh']]).toEqual([200, '0'])
    const again = await app.inject({ url, headers: { 'sec-fetch-site': 'same-origin', cookie: cookieOf(dana) } })
    expect([again.statusCode, again.headers['refresh']]).toEqual([200, undefined])
    expect((await app.inject({ url, headers: { 'sec-fetch-site': 'same-origin' } })).statusCode).toBe(303)
  })

  test('a wrong password and a name that is not there get the same page', async () => {
    const page = async (handle: string) => await post(undefined, '/desk/sign-in', { handle, password: 'x' })
    const [known, unknown] = [await page('pat'), await page('pam')]
    expect([known.statusCode, unknown.statusCode]).toEqual([422, 422])
    expect(unknown.body.replaceAll('pam', 'pat')).toBe(known.body)
    expect(known.headers['set-cookie']).toBeUndefined()
  })

  test('what another site’s page sends is refused before anything is read', async () => {
    const id = await written()
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': '' },
    ]) {
      const answer = await post(dana, `/desk/cases/${id}/openings`, { reason: 'send-crew' }, headers)
      expect(answer.statusCode).toBe(403)
    }
    const looks = await house.database.owner.once(
      sql`select from ledger.entry where case_id = ${id} and act = 'letter.opened' and actor_kind = 'staff'`,
    )
    expect(looks).toHaveLength(0)
  })

  test('nothing of the desk may be kept by a browser or a proxy', async () => {
    for (const url of ['/desk', '/desk/search', '/desk/outbox', '/desk/account', `/desk/cases/${await written()}`]) {
      expect((await get(dana, url)).headers['cache-control'], url).toBe('no-store')
    }
  })

  test('signing out ends the session and clears the cookie', async () => {
    const gone = await house.hire('gone', 'librarian')
    const answer = await post(gone, '/desk/sign-outs', {})
    expect(answer.headers['set-cookie']).toMatch(/^cityhall=; .*Max-Age=0$/)
    expect((await get(gone, '/desk')).statusCode).toBe(303)
  })
})

describe('reading', () => {
  test('the inbox shows topic, place and age, and nobody’s name or words', async () => {
    const id = await written()
    const { body, statusCode } = await get(dana, '/desk')
    expect(statusCode).toBe(200)
    expect(body).toContain(`/desk/cases/${id}`)
    expect(body).toContain('Pothole')
    expect(body).not.toMatch(/Marisol|marisol|Willow/)
  })

  test('a case of another department and a case that is not there are the same page', async () => {
    const id = await written('potholes')
    const absent = newId()
    const acts = ['openings', 'replies', 'notes', 'assignments', 'moves', 'closures', 'reopenings']
    const fields = { reason: 'answer', words: 'x', version: '1', because: 'done', topic: 'potholes' }
    const strip = ({ statusCode, body, headers }: Awaited<ReturnType<typeof get>>) => ({
      statusCode,
      body: body.replaceAll(id, absent),
      length: headers['content-length'],
    })
    expect((await get(lee, `/desk/cases/${id}`)).statusCode).toBe(404)
    expect(strip(await get(lee, `/desk/cases/${id}`))).toEqual(strip(await get(lee, `/desk/cases/${absent}`)))
    for (const act of acts) {
      const [hidden, gone] = [
        await post(lee, `/desk/cases/${id}/${act}`, fields),
        await post(lee, `/desk/cases/${absent}/${act}`, fields),
      ]
      expect(hidden.statusCode, act).toBe(404)
      expect(strip(hidden), act).toEqual(strip(gone))
    }
    expect((await get(lee, '/desk/cases/not-an-id')).statusCode).toBe(404)
  })

  test('a letter is sealed until it is opened for a reason of the duty', async () => {
    const id = await written()
    const sealed = await get(dana, `/desk/cases/${id}`)
    expect(sealed.body).not.toMatch(/Marisol|Willow/)
    expect(sealed.body).toMatch(/<title>Letter \d+ –/)
    expect((await post(dana, `/desk/cases/${id}/openings`, { reason: 'curiosity' })).statusCode).toBe(404)
    const answer = await post(dana, `/desk/cases/${id}/openings`, { reason: 'send-crew' })
    expect(answer.statusCode).toBe(303)
    const open = await get(dana, String(answer.headers.location))
    expect(open.body).toContain('Marisol Vega')
    expect(open.body).toContain('The &lt;hole&gt; on Willow Street &amp; my wheel.')
    expect(/<title>[^<]*/.exec(open.body)?.[0]).not.toMatch(/Marisol/)
    expect(open.body).toContain('Letter opened')
  })

  test('a search for a person is posted, and what it finds says so in the case’s record', async () => {
    const id = await written()
    const found = await post(dana, '/desk/search', { q: 'marisol@example.org' })
    expect(found.body).toContain(id)
    expect((await get(dana, `/desk/cases/${id}`)).body).toContain('Found by a search')
    expect((await post(lee, '/desk/search', { q: 'marisol@example.org' })).body).not.toContain(id)
  })
})

describe('writing', () => {
  test('an answer is sent once, however often it is posted', async () => {
    const id = await written()
    await opened(dana, id)
    const page = await get(dana, `/desk/cases/${id}`)
    const fields = { ...fieldsIn(page.body, `/desk/cases/${id}/replies`), words: 'A crew comes on Thursday.' }
    for (let again = 0; again < 2; again++) {
      const sent = await post(dana, `/desk/cases/${id}/replies`, fields)
      expect(sent.statusCode).toBe(303)
      expect(sent.headers.location).toBe(`/desk/cases/${id}?done=reply`)
    }
    const after = await get(dana, `/desk/cases/${id}?done=reply`)
    expect(after.body.match(/A crew comes on Thursday\./g)).toHaveLength(1)
    expect(after.body).toContain('Your answer is sent.')
  })

  test('an answer can close the case with it', async () => {
    const id = await written()
    await opened(dana, id)
    const page = await get(dana, `/desk/cases/${id}`)
    const fields = { ...fieldsIn(page.body, `/desk/cases/${id}/replies`), words: 'Done.', close: 'done' }
    expect((await post(dana, `/desk/cases/${id}/replies`, fields)).headers.location).toContain('done=reply-closed')
    expect((await get(dana, `/desk/cases/${id}`)).body).toContain('Closed: Done')
  })

  test('who was second sees the first answer and keeps her own, and can send it then', async () => {
    const id = await written()
    const mia = await house.hire('mia', 'works-dispatcher')
    await opened(dana, id)
    await opened(mia, id)
    const page = await get(mia, `/desk/cases/${id}`)
    const action = `/desk/cases/${id}/replies`
    await reply(house, dana.actor, { caseId: id, version: 1, words: 'Dana was first.', messageId: newId() })
    const refused = await post(mia, action, { ...fieldsIn(page.body, action), words: 'Mia’s "own" <words>' })
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('Somebody was first')
    expect(refused.body).toContain('Dana was first.')
    expect(boxIn(refused.body, 'reply')).toBe('Mia’s "own" <words>')
    const again = await post(mia, action, { ...fieldsIn(refused.body, action), words: 'Mia’s "own" <words>' })
    expect(again.statusCode).toBe(303)
  })

  test('words written in a session that ended are kept through signing in and opening the letter again', async () => {
    const id = await written('library-general')
    const ended = await house.hire('ended', 'librarian')
    await house.database.owner.transaction((tx) =>
      setPassword(tx, ended.employee, password, house.keys.derive('password-pepper')),
    )
    await startAgain(ended)
    const words = 'Line one\n\nLine "two" & <three>'
    const action = `/desk/cases/${id}/replies`
    await openLetter(house, ended.actor, id, house.city.duties.get('librarian' as never)?.reasons[0].id ?? '')
    const page = await get(ended, `/desk/cases/${id}`)
    await house.database.owner.once(sql`delete from need_to_know.session where employee = ${ended.employee}`)

    const stopped = await post(ended, action, { ...fieldsIn(page.body, action), words })
    expect(stopped.statusCode).toBe(401)
    const entered = await post(undefined, '/desk/sign-in', {
      ...fieldsIn(stopped.body, '/desk/sign-in'),
      handle: 'ended',
      password,
    })
    expect(entered.statusCode).toBe(200)
    const secret = Buffer.from(/cityhall=([\w-]+)/.exec(String(entered.headers['set-cookie']))?.[1] ?? '', 'base64url')
    const back: Clerk = { ...ended, actor: { kind: 'staff', secret } }

    const goOn = await post(back, action, fieldsIn(entered.body, action))
    expect(goOn.statusCode).toBe(409)
    const opening = `/desk/cases/${id}/openings`
    const reason = /<option\s+value="([^"]+)"/.exec(goOn.body.split('name="reason"')[1] ?? '')?.[1] ?? ''
    const open = await post(back, opening, { ...fieldsIn(goOn.body, opening), reason })
    expect(open.statusCode).toBe(200)
    expect(boxIn(open.body, 'reply')).toBe(words)
    expect((await post(back, action, { ...fieldsIn(open.body, action), words })).statusCode).toBe(303)
  })

  test('who signs in next on the same computer is not shown what a colleague had written', async () => {
    const gone = await house.hire('stepped-away', 'librarian')
    await house.database.owner.once(sql`delete from need_to_know.session where employee = ${gone.employee}`)
    const typed = { q: 'words about a resident that nobody else should read' }
    const stopped = await post(gone, '/desk/search', typed)
    expect(stopped.statusCode).toBe(401)
    expect(stopped.body).not.toContain(typed.q)
    const fields = { ...fieldsIn(stopped.body, '/desk/sign-in'), handle: 'pat', password }
    const entered = await post(undefined, '/desk/sign-in', fields)
    expect(entered.body).toContain('Somebody else was writing here')
    expect(entered.body).not.toContain(typed.q)
    const outside = await post(undefined, '/desk/search', typed)
    expect(fieldsIn(outside.body, '/desk/sign-in')).not.toHaveProperty('kept')
    expect(outside.body).not.toContain(typed.q)
  })
  test('nothing in the box, and too much in it, are told beside it with everything kept', async () => {
    const id = await written()
    await opened(dana, id)
    const empty = await post(dana, `/desk/cases/${id}/replies`, { words: '  ', version: '1' })
    expect([empty.statusCode, empty.body.includes('id="reply-error"')]).toEqual([422, true])
    const long = 'a'.repeat(20_001)
    const tooLong = await post(dana, `/desk/cases/${id}/notes`, { words: long })
    expect([tooLong.statusCode, boxIn(tooLong.body, 'note')]).toEqual([422, long])
  })

  test('a case that moves to another department leaves this desk and comes to that one', async () => {
    const id = await written()
    const moved = await post(dana, `/desk/cases/${id}/moves`, { version: '1', topic: 'library-general' })
    expect(moved.headers.location).toBe('/desk?done=moved')
    expect((await get(dana, '/desk?done=moved')).body).toContain('no longer on your desk')
    expect((await get(dana, `/desk/cases/${id}`)).statusCode).toBe(404)
    expect((await get(lee, `/desk/cases/${id}`)).statusCode).toBe(200)
    const late = await post(dana, `/desk/cases/${id}/replies`, { version: '1', words: 'Written too late.' })
    expect([late.statusCode, boxIn(late.body, 'kept')]).toEqual([404, 'Written too late.'])
  })

  test('assigning, closing and taking up again lead back to the case and say so', async () => {
    const id = await written()
    const act = (noun: string, fields: Record<string, string>) =>
      post(dana, `/desk/cases/${id}/${noun}?shelf=mine`, fields)
    const done = async (answer: ReturnType<typeof act>) => (await answer).headers.location
    expect(await done(act('assignments', { version: '1', assignee: String(dana.employee) }))).toBe(
      `/desk/cases/${id}?shelf=mine&done=assigned`,
    )
    expect((await act('assignments', { version: '2', assignee: String(lee.employee) })).statusCode).toBe(422)
    expect((await act('closures', { version: '1', because: 'done' })).statusCode).toBe(409)
    expect((await act('closures', { version: '2', because: 'because' })).statusCode).toBe(422)
    expect(await done(act('closures', { version: '2', because: 'duplicate' }))).toContain('done=closed')
    expect((await get(dana, `/desk/cases/${id}`)).body).toContain('Closed: Sent more than once')
    expect(await done(act('reopenings', { version: '3' }))).toContain('done=reopened')
  })
})
