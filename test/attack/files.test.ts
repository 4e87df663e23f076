import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeFor, issueToken, readReceipt, type ReceiptCode } from '../../src/services/correspondence/index.ts'
import { pdf, photograph } from '../support/files.ts'
import { openXmlFiles, zip } from '../support/zip.ts'
import { openTheCity, type OpenCity } from './city-open.ts'
import { nothing } from './scene.ts'

let city: OpenCity
let origin: string
beforeAll(async () => {
  city = await openTheCity()
  origin = await city.site.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => city.end())

const filled = { topic: 'potholes', where: 'Willow Street 3', what: 'A hole.' }
type File = readonly [name: string, content: Buffer | string, type?: string]

function form(fields: Record<string, string | readonly string[]>, field: string, files: readonly File[]): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) data.append(name, one)
  for (const [name, content, type = 'application/octet-stream'] of files)
    data.append(field, new Blob([new Uint8Array(Buffer.from(content))], { type }), name)
  return data
}

const send = (path: string, body: FormData, headers: Record<string, string> = {}) =>
  fetch(`${origin}${path}`, { method: 'POST', body, headers, redirect: 'manual' })
const report = (fields: Record<string, string | readonly string[]>, ...files: File[]) =>
  send('/forms/report-a-problem', form({ ...filled, ...fields }, 'photos', files))
const codeIn = (response: Response) => (response.headers.get('location') ?? '').split('/').at(-1) as ReceiptCode
const hidden = (page: string, name: string) =>
  [...page.matchAll(new RegExp(`name="${name}"[^>]*?value="([^"]+)"`, 'g'))].map(([, value = '']) => value)
const filesAt = async (code: ReceiptCode) => {
  const receipt = await readReceipt(city, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt.letters.flatMap(({ files = [] }) => files)
}
const inStore = () =>
  readdirSync(city.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()

describe('a form with files', () => {
  test('brings a letter with its files; the person gets them back, safe to open', async () => {
    const minutes = zip(openXmlFiles('docx'))
    const sent = await report(
      {},
      ['IMG_1.jpg', await photograph(), 'text/html'],
      ['plan.pdf', pdf()],
      ['minutes.docx', minutes, 'text/html'],
    )
    expect(sent.status).toBe(303)
    const code = codeIn(sent)
    const files = await filesAt(code)
    expect(files).toMatchObject([
      { name: 'IMG_1.jpg', kind: 'jpeg' },
      { name: 'plan.pdf', kind: 'pdf' },
      { name: 'minutes.docx', kind: 'docx' },
    ])
    const types = [
      'image/jpeg',
      'application/pdf',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ]
    for (const [at, file] of files.entries()) {
      const got = await fetch(`${origin}/receipt/${code}/attachments/${file.id}`)
      expect(got.status).toBe(200)
      expect(got.headers.get('content-type')).toBe(types[at])
      expect(got.headers.get('content-disposition')).toContain(at === 0 ? 'inline' : 'attachment')
      expect(got.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*sandbox$/)
      expect(got.headers.get('cache-control')).toBe('no-store')
      expect(got.headers.get('x-content-type-options')).toBe('nosniff')
      expect((await got.arrayBuffer()).byteLength).toBe(file.bytes)
    }
    const page = await (await fetch(`${origin}/receipt/${code}`)).text()
    expect(page).toContain(`/receipt/${code}/attachments/${files[0]?.id ?? ''}`)
  })

  test('without files, and as an ordinary form, is a letter as ever', async () => {
    expect((await report({})).status).toBe(303)
    expect((await report({}, ['', ''])).status).toBe(303)
    const body = new URLSearchParams(filled)
    const plain = await fetch(`${origin}/forms/report-a-problem`, { method: 'POST', body, redirect: 'manual' })
    expect(plain.status).toBe(303)
  })

  test('with a file refused keeps all that was typed and the other files, and says which and why beside it', async () => {
    const token = issueToken(city.keys)
    const bad = await report(
      { token },
      ['good.txt', 'good'],
      ['../../<b>page\u202Egpj.html', '<html><script>x</script>'],
    )
    expect(bad.status).toBe(422)
    const page = await bad.text()
    expect(page).toContain('Willow Street 3')
    expect(page).toMatch(/id="photos-error"[\s\S]*-b-pagegpj\.html” is of a kind we cannot take/)
    expect(page).not.toMatch(/\u202E|<b>page/)
    expect(page).toContain('good.txt')
    const kept = hidden(page, 'photos-kept')
    expect(kept).toHaveLength(1)
    const again = await report({ token, 'photos-kept': kept }, ['more.txt', 'more'])
    expect(again.status).toBe(303)
    expect(await filesAt(codeIn(again))).toMatchObject([{ name: 'good.txt' }, { name: 'more.txt' }])
    // The same page sent again is the same letter, with the same files.
    const once = await report({ token, 'photos-kept': kept }, ['more.txt', 'more'])
    expect(codeIn(once)).toBe(codeIn(again))
    expect(await filesAt(codeIn(again))).toHaveLength(2)
  })

  test('an answer that is missing leaves the files chosen', async () => {
    const bad = await report({ where: '' }, ['good.txt', 'good'])
    expect(bad.status).toBe(422)
    expect(hidden(await bad.text(), 'photos-kept')).toHaveLength(1)
  })

  test('takes a kept file with its own page’s token only, unchanged, and no invented one', async () => {
    const token = issueToken(city.keys)
    const bad = await report({ token, where: '' }, ['mine.txt', 'mine'])
    const [kept = ''] = hidden(await bad.text(), 'photos-kept')
    const changed = `${kept.slice(0, 20)}${kept[20] === 'A' ? 'B' : 'A'}${kept.slice(21)}`
    for (const [as, text] of [
      [issueToken(city.keys), kept],
      [token, changed],
      [token, 'x'],
      [token, 'A'.repeat(9000)],
    ] as const) {
      const refused = await report({ token: as, 'photos-kept': text })
      expect(refused.status).toBe(422)
      expect(await refused.text()).toContain('choose your files again')
    }
  })

  test('while the store takes nothing, the words and the other answers stay, and the person is asked to try again', async () => {
    const files = join(city.folder, 'files')
    renameSync(files, `${files}-away`)
    writeFileSync(files, 'in the way')
    const refused = await report({}, ['note.txt', 'hello']).finally(() => {
      rmSync(files)
      renameSync(`${files}-away`, files)
    })
    expect(refused.status).toBe(422)
    const page = await refused.text()
    expect(page).toContain('Willow Street 3')
    expect(page).toMatch(/We could not take “note\.txt” just now/)
  })

  test('takes no more files than it says, and keeps those it took', async () => {
    const many = Array.from({ length: 7 }, (_, n): File => [`n${String(n)}.txt`, String(n)])
    const refused = await report({}, ...many)
    expect(refused.status).toBe(422)
    const page = await refused.text()
    expect(page).toContain('You may send 5 files at once')
    expect(hidden(page, 'photos-kept')).toHaveLength(5)
  })
})

describe('a form made to do harm', () => {
  const boundary = 'xxxxxxxx'
  const raw = (body: string) =>
    fetch(`${origin}/forms/report-a-problem`, {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
      redirect: 'manual',
    })
  const part = (head: string, body: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`

  test.each([
    ['ten thousand parts', () => part('name="what"', 'x').repeat(10_000)],
    ['a huge name', () => part(`name="${'n'.repeat(500_000)}"`, 'x')],
    ['much text', () => part('name="what"', 'x'.repeat(90_000)).repeat(20)],
    ['many files', () => part('name="photos"; filename="a.txt"', 'x').repeat(100)],
    ['no boundary', () => 'x'.repeat(10_000)],
    ['an end too early', () => part('name="photos"; filename="a.txt"', 'x').slice(0, -4)],
    [
      'a name of all objects',
      () => `${part('name="__proto__"', 'x')}${part('name="constructor"', 'x')}--${boundary}--`,
    ],
    ['a head without end', () => `--${boundary}\r\nContent-Disposition: ${'a'.repeat(300_000)}`],
    [
      'JSON for text',
      () =>
        `--${boundary}\r\nContent-Disposition: form-data; name="what"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--${boundary}--`,
    ],
  ])('%s is refused, and nothing of it is kept', async (_what, body) => {
    const before = inStore()
    const answer = await raw(body())
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    await expect.poll(async () => (await fetch(`${origin}/healthz`)).status).toBe(200)
    expect(inStore().filter((name) => name.endsWith('.part') && !before.includes(name))).toEqual([])
  })

  test('an upload that breaks off, or promises more than it sends, leaves nothing', async () => {
    const before = inStore()
    const { hostname, port } = new URL(origin)
    for (const length of [5_000_000, 90_000]) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      const head = part('name="photos"; filename="a.txt"', 'y'.repeat(80_000)).slice(0, -2)
      socket.write(
        `POST /forms/report-a-problem HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${String(length)}\r\n\r\n${head}`,
      )
      await sleep(150)
      socket.destroy()
    }
    await expect.poll(inStore).toEqual(before)
  })
})

describe('a file that is not hers', () => {
  const cookie = (secret: Buffer) => ({
    cookie: `cityhall=${secret.toString('base64url')}`,
    'sec-fetch-site': 'same-origin',
  })

  test('is not there: by another receipt, by another desk, before the letter is opened, by a made-up name', async () => {
    const code = codeIn(await report({}, ['mine.txt', 'mine']))
    const other = codeIn(await report({}, ['other.txt', 'other']))
    const [mine] = await filesAt(code)
    const id = String(mine?.id)
    const receipt = await readReceipt(city, code)
    if ('refused' in receipt) throw new Error()
    const nobody = codeFor(city.keys, issueToken(city.keys))
    const paths = [
      `/receipt/${other}/attachments/${id}`,
      `/receipt/${nobody}/attachments/${id}`,
      `/receipt/${code}/attachments/${nothing()}`,
      `/receipt/${code}/attachments/..%2F..%2Fsecrets%2Fkey`,
    ]
    for (const path of paths) expect((await fetch(`${origin}${path}`)).status, path).toBe(404)
    const desk = `/desk/cases/${receipt.line.id}/attachments/${id}`
    for (const secret of [city.dana.actor.secret, city.actors.librarian ?? Buffer.alloc(32)])
      expect((await fetch(`${origin}${desk}`, { headers: cookie(secret) })).status).toBe(404)
    expect((await fetch(`${origin}${desk}`, { redirect: 'manual' })).status).toBe(303)
    const opening = new URLSearchParams({ reason: 'send-crew' })
    const headers = cookie(city.dana.actor.secret)
    await fetch(`${origin}/desk/cases/${receipt.line.id}/openings`, {
      method: 'POST',
      body: opening,
      headers,
      redirect: 'manual',
    })
    const got = await fetch(`${origin}${desk}`, { headers })
    expect([got.status, await got.text()]).toEqual([200, 'mine'])
    expect(
      (await fetch(`${origin}${desk}`, { headers: cookie(city.actors.librarian ?? Buffer.alloc(32)) })).status,
    ).toBe(404)
  })

  test('a clerk answers with a file; the person has it; a refused one keeps her words; who is signed out keeps hers too', async () => {
    const code = codeIn(await report({}))
    const receipt = await readReceipt(city, code)
    if ('refused' in receipt) throw new Error()
    const { id, version } = receipt.line
    const headers = cookie(city.dana.actor.secret)
    const opening = new URLSearchParams({ reason: 'send-crew' })
    await fetch(`${origin}/desk/cases/${id}/openings`, { method: 'POST', body: opening, headers, redirect: 'manual' })
    const fields = { version: String(version), message: randomUUID(), words: 'See the plan.' }
    const answer = (files: readonly File[], more: Record<string, string[]> = {}, as = headers) =>
      send(`/desk/cases/${id}/replies`, form({ ...fields, ...more }, 'reply-files', files), as)
    const refused = await answer([
      ['plan.pdf', pdf()],
      ['x.svg', '<svg/>'],
    ])
    expect(refused.status).toBe(422)
    const page = await refused.text()
    expect(page).toContain('See the plan.')
    expect(page).toMatch(/x\.svg” is of a kind/)
    const kept = hidden(page, 'reply-files-kept')
    expect(hidden(page, 'message')).toContain(fields.message)
    const signedOut = await answer([['plan.pdf', pdf()]], {}, cookie(randomBytes(32)))
    expect([signedOut.status, (await signedOut.text()).includes('name="kept"')]).toEqual([401, true])
    expect((await answer([], { 'reply-files-kept': kept })).status).toBe(303)
    expect(await filesAt(code)).toMatchObject([{ name: 'plan.pdf' }])
    const more = await send(
      `/receipt/${code}/messages`,
      form({ words: 'Thanks' }, 'files', [['p.jpg', await photograph()]]),
    )
    expect(more.status).toBe(303)
    expect(await filesAt(code)).toMatchObject([{ name: 'plan.pdf' }, { name: 'p.jpg' }])
    const wrong = await send(`/receipt/${code}/messages`, form({ words: 'Thanks' }, 'files', [['p.exe', 'MZ\0']]))
    expect([wrong.status, (await wrong.text()).includes('Thanks')]).toEqual([422, true])
  })
})

test('no file’s name stands in the log', () => {
  expect(city.logged.length).toBeGreaterThan(0)
  expect(city.logged.join('')).not.toMatch(/IMG_1|plan\.pdf|mine\.txt|good\.txt/)
})
