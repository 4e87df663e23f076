import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { streamOf } from '../../../test/support/files.ts'
import { openMailbox, type Mailbox } from '../../../test/support/mailbox.ts'
import { openAtReceipt, takeFile } from '../attachments/index.ts'
import type { CaseId, FormId, TopicId } from '../../city/index.ts'
import { createMailer, openDkimKey, sql, type Language, type Mailer } from '../../plumbing/index.ts'
import {
  bounceAddress,
  deliver,
  holderOf,
  issueToken,
  mailDns,
  mailDomain,
  makeReceipt,
  newId,
  openLetter,
  readBounceAddress,
  readReceipt,
  readReplyAddress,
  receive,
  recordBounce,
  reply,
  zoneLine,
  type Channel,
} from './index.ts'
import type { LinkLetters } from './mailed-receipt/receipt-link.ts'
import { mailCopy } from './mails/mail-copy.ts'
import { resend } from './mails/resend.ts'

let house: TestHouse
let clerk: Clerk
let box: Mailbox
let mailer: Mailer
const folder = temporaryFolder()
const key = () => openDkimKey(folder.path, { domain: mailDomain(house.city), selector: 'tested' })

beforeAll(async () => {
  house = await openTestHouse()
  clerk = await house.hire('dana', 'works-dispatcher')
  box = await openMailbox()
  mailer = createMailer(box.url, await key())
})
afterAll(async () => {
  mailer.close()
  await box.close()
  await house.close()
  folder.remove()
})
beforeEach(() => {
  box.empty()
})

async function written(language: Language = 'en', channel: Channel = 'form') {
  const letter = {
    channel,
    form: 'contact-the-city' as FormId,
    formVersion: 1,
    topic: 'potholes' as TopicId,
    language,
    answers: [{ field: 'message', label: 'Your letter', value: 'A hole on Willow Street.' }],
    contact: { email: 'marisol@example.org', name: 'Marisol Vega' },
  }
  // What comes by mail is the keeper's to bring.
  const db = channel === 'email' ? house.database.keeper : house.db
  const received = await receive({ ...house, db }, letter, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  const { id: caseId, number, version } = receipt.line
  return { caseId, number, version, code: received.code }
}

const mailsOf = (caseId: CaseId) =>
  house.database.owner.once<{ id: string; state: string; failure: string | null; copy: Buffer | null }>(
    sql`select id, state, failure, sealed_copy as copy from correspondence.mail where case_id = ${caseId} order by created_at`,
  )

async function deliverNext(caseId: CaseId, signed = mailer): Promise<string> {
  const id = (await mailsOf(caseId)).find(({ state }) => state === 'waiting')?.id ?? ''
  const office = { ...house, keeper: house.database.keeper, publicUrl: 'https://almendra.example.org' }
  await deliver({ ...office, mailer: signed }, id)
  return id
}

async function answered(language: Language = 'en') {
  const letter = await written(language)
  const first = await deliverNext(letter.caseId)
  await openLetter(house, clerk.actor, letter.caseId, 'answer')
  const words = 'A crew comes on Thursday.\nBefore noon.\n\n<b>Five & a half</b> people.'
  await reply(house, clerk.actor, { ...letter, words, messageId: newId() })
  return { ...letter, first, second: await deliverNext(letter.caseId) }
}

const read = (source = '') => PostalMime.parse(Buffer.from(source, 'latin1'))
const oneLine = (text = '') => text.replace(/\s+/g, ' ').trim()
const wordsOf = (page = '') =>
  oneLine(
    page
      .replace(/^[\s\S]*<main>|<\/main>[\s\S]*$/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(
        /&(lt|gt|quot|#39|amp);/g,
        (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '&',
      ),
  ).replace(/ (?=[,.)])/g, '')

describe('a mail to a person', () => {
  it('comes from the department by name, is answered at the case, and fails at an address of its own', async () => {
    const { number, second } = await answered()
    const [, taken] = box.taken
    const mail = await read(taken?.source)
    expect(mail.from).toMatchObject({
      name: 'Public Works, City of Almendra',
      address: 'publicworks@almendra.example.org',
    })
    expect(readReplyAddress(house, mail.replyTo?.[0]?.address ?? '')).toBe(number)
    expect(readBounceAddress(house, taken?.from ?? '')).toBe(second)
    expect(taken?.to).toBe('marisol@example.org')
  })

  it('is marked as automatic only where nobody wrote it, and is no mailing list’s', async () => {
    const { first } = await answered()
    const [acknowledgement, answer] = await Promise.all(box.sources.map(read))
    const header = (mail: typeof answer, name: string) => mail?.headers.find(({ key }) => key === name)?.value
    expect(header(acknowledgement, 'auto-submitted')).toBe('auto-generated')
    expect(header(answer, 'auto-submitted')).toBeUndefined()
    expect(header(answer, 'in-reply-to')).toBe(`<${first}@almendra.example.org>`)
    expect(header(answer, 'references')).toBe(`<${first}@almendra.example.org>`)
    for (const source of box.sources) expect(source).not.toMatch(/^(List-|Precedence)/im)
  })

  it('says how many files belong to the answer and where they are, and neither what they are called nor what is in them', async () => {
    const { caseId, version } = await written('es')
    await deliverNext(caseId)
    await openLetter(house, clerk.actor, caseId, 'answer')
    const files = []
    for (const name of ['Plano de Marisol.txt', 'lista.csv']) {
      const taken = await takeFile(house.cabinet, { name, stream: streamOf('Once huecos.') })
      if ('refused' in taken) throw new Error(taken.refused)
      files.push(taken)
    }
    await reply(house, clerk.actor, { caseId, version, words: 'Vea el plano.', messageId: newId(), files })
    await deliverNext(caseId)
    const { text, attachments } = await read(box.sources[1])
    expect(text).toContain('2 archivos acompañan esta respuesta. El correo viaja abierto, por eso no se adjunta nada')
    expect(text).toContain('abra https://almendra.example.org/es/receipt y escriba su código')
    expect(`${text ?? ''}${box.sources[1] ?? ''}`).not.toMatch(/Plano de|lista\.csv|Once huecos/)
    expect(attachments).toEqual([])
  })

  it.each(['en', 'es'] as const)(
    'says the same as text and as a page (%s), which fetches nothing',
    async (language) => {
      await answered(language)
      for (const source of box.sources) {
        const { text, html } = await read(source)
        expect(wordsOf(html)).toBe(oneLine(text))
        expect(html).toMatch(new RegExp(`<html lang="${language}">`))
        expect(html).not.toMatch(/<(img|link|script|iframe|object|form)|url\(|@import|\son[a-z]+=/i)
      }
      expect((await read(box.sources[1])).text).toContain('<b>Five & a half</b> people.')
    },
  )

  it('tells topic, answer and where to read on: not the words, the name or the code', async () => {
    const { code } = await answered()
    for (const source of box.sources) {
      const { text = '', html = '', subject = '' } = await read(source)
      for (const part of [text, html, subject, source]) {
        expect(part).not.toMatch(/Willow|Vega/)
        expect(part.replace(/\s/g, '')).not.toContain(code)
      }
    }
  })

  it('is signed with the key that the city publishes, and a changed one is not believed', async () => {
    await answered()
    const [record] = mailDns(await key(), 'mail.example.org')
    const resolver = (name: string) => Promise.resolve(name === record?.name ? [[record.value]] : [])
    const verdict = async (source: string) => {
      const { results } = await dkimVerify(Buffer.from(source, 'latin1'), { resolver })
      return results.map(({ status, signingDomain }) => `${status.result} ${signingDomain}`)
    }
    for (const source of box.sources) {
      expect(await verdict(source)).toEqual(['pass almendra.example.org'])
      const changed = source.replace('Thursday', 'Saturday').replace('Thank you', 'No thanks')
      for (const other of [changed, source.replace('Public Works', 'Public Wants')])
        expect(await verdict(other)).not.toContain('pass almendra.example.org')
    }
    expect(zoneLine(record ?? { name: '', type: 'TXT', value: '', why: '' })).toMatch(
      /^tested\._domainkey\.almendra\.example\.org\. TXT "v=DKIM1/,
    )
  })

  it('is sent again exactly as it was, though the letter was told to wait after it had come', async () => {
    const unsigned = createMailer(box.url)
    const { caseId } = await written()
    box.refusesData = 451
    await deliverNext(caseId, unsigned)
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'waiting', failure: '451' }])
    box.refusesData = undefined
    await deliverNext(caseId, unsigned)
    unsigned.close()
    expect(box.sources).toHaveLength(2)
    expect(box.sources[0]).toBe(box.sources[1])
  })

  it('leaves a sealed copy on its case, in which no word can be read', async () => {
    const { caseId } = await answered()
    const copies = (await mailsOf(caseId)).map(({ copy }) => copy?.toString('latin1') ?? '')
    expect(copies).toHaveLength(2)
    for (const copy of copies) {
      expect(copy.length).toBeGreaterThan(500)
      expect(copy).not.toMatch(/marisol|Thursday|Almendra/)
    }
  })
})

describe('who wrote by mail', () => {
  const linkIn = async (source = '') =>
    /https:\/\/almendra\.example\.org\/receipt\/mail\/([a-z2-7]{16})$/m.exec((await read(source)).text ?? '')?.[1] ?? ''
  const make = (letters: string) => makeReceipt(house, letters as LinkLetters)
  const made = async (letters: string) => {
    const receipt = await make(letters)
    if ('refused' in receipt) throw new Error(receipt.refused)
    return receipt.code
  }
  async function repliedWithFile({ caseId, version }: { caseId: CaseId; version: number }) {
    await openLetter(house, clerk.actor, caseId, 'answer')
    const plan = await takeFile(house.cabinet, { name: 'plan.txt', stream: streamOf('Eleven holes.') })
    if ('refused' in plan) throw new Error(plan.refused)
    await reply(house, clerk.actor, { caseId, version, words: 'See the plan.', messageId: newId(), files: [plan] })
    return deliverNext(caseId)
  }

  it('makes her receipt at the link of a mail, and gets the files of an answer there', async () => {
    const letter = await written('en', 'email')
    await deliverNext(letter.caseId)
    const { headers } = await read(box.sources[0])
    expect(headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-replied')
    await repliedWithFile(letter)
    expect((await read(box.sources[1])).text).toContain('One file belongs to this answer.')
    const [first, second] = await Promise.all(box.sources.map(linkIn))
    expect(first).not.toBe(second)
    const code = await made(second ?? '')
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt).toMatchObject({ line: { id: letter.caseId }, fresh: true })
    expect(receipt.history.filter(({ act }) => act === 'receipt.renewed')).toMatchObject([{ detail: 'by=mail' }])
    const [file] = receipt.letters.flatMap(({ files = [] }) => files)
    const opened = await openAtReceipt(house, holderOf(house, code), file?.id ?? '')
    expect('refused' in opened ? opened.refused : (await buffer(opened.content)).toString()).toBe('Eleven holes.')
    // What the city made when her mail came in opens nothing any more.
    expect(await readReceipt(house, letter.code)).toEqual({ refused: 'no-receipt' })
  })

  it('makes one receipt only: pressed again at once it is the same, and then every link leads nowhere', async () => {
    const letter = await written('en', 'email')
    await deliverNext(letter.caseId)
    const second = await repliedWithFile(letter)
    const [first, later] = await Promise.all(box.sources.map(linkIn))
    const code = await made(first ?? '')
    expect(await make(first ?? '')).toEqual({ code })
    expect(await make(later ?? '')).toEqual({ refused: 'past' })
    await house.database.owner.once(sql`update correspondence.mail set receipt_made_at = now() - interval '11 minutes'
      where case_id = ${letter.caseId} and receipt_made_at is not null`)
    expect(await make(first ?? '')).toEqual({ refused: 'past' })
    // A mail that is written now leads to where a code is typed.
    await recordBounce(house.database.keeper, second, '5.1.1')
    await resend(house, clerk.actor, { caseId: letter.caseId, mailId: second })
    await deliverNext(letter.caseId)
    expect((await read(box.sources[2])).text).toContain('you saw it when you made your receipt')
    expect(await linkIn(box.sources[2])).toBe('')
  })

  it('finds the link dead after thirty days; a made-up one and one of another case say the same', async () => {
    const { caseId } = await written('en', 'email')
    await deliverNext(caseId)
    const letters = await linkIn(box.sources[0])
    expect(await make('aaaaaaaaaaaaaaaa')).toEqual({ refused: 'past' })
    await house.database.owner.once(
      sql`update correspondence.mail set created_at = now() - interval '31 days' where case_id = ${caseId}`,
    )
    expect(await make(letters)).toEqual({ refused: 'past' })
  })

  it('has the link to herself: the copy on the desk leaves it out, and no other channel’s mail has one', async () => {
    const { caseId } = await written('en', 'email')
    const mail = await deliverNext(caseId)
    const letters = await linkIn(box.sources[0])
    await openLetter(house, clerk.actor, caseId, 'answer')
    const copy = await mailCopy(house, clerk.actor, caseId, mail)
    expect(JSON.stringify(copy)).toContain('/receipt/mail/…')
    expect(JSON.stringify(copy)).not.toContain(letters)
    await answered()
    for (const source of box.sources.slice(1)) expect((await read(source)).text).not.toContain('/receipt/mail/')
  })
})

describe('a mail that comes back', () => {
  it('is told on its case and in the person’s list, once', async () => {
    const { caseId, code, second } = await answered()
    expect(await recordBounce(house.database.keeper, second, '5.1.1')).toBe(true)
    expect(await recordBounce(house.database.keeper, second, '5.1.1')).toBe(false)
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'sent' }, { state: 'bounced', failure: '5.1.1' }])
    const receipt = await readReceipt(house, code)
    const acts = 'history' in receipt ? receipt.history.map(({ act }) => act) : []
    expect(acts.filter((act) => act === 'mail.bounced')).toHaveLength(1)
  })

  it('keeps no word that a stranger’s server said', async () => {
    const { caseId, second } = await answered()
    await recordBounce(house.database.keeper, second, 'user marisol unknown')
    expect(await mailsOf(caseId)).toMatchObject([{}, { state: 'bounced', failure: 'bounced' }])
  })

  it('is known by its own address only, which nobody else can make', () => {
    const id = newId()
    const address = bounceAddress(house, id)
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64)
    expect(readBounceAddress(house, address.toUpperCase())).toBe(id)
    expect(readBounceAddress(house, bounceAddress(house, newId()).replace(/\+.*\./, `+${id}.`))).toBeUndefined()
    expect(readBounceAddress(house, address.replace('almendra', 'elsewhere'))).toBeUndefined()
  })
})

it('the signing key is made once, for its owner alone', async () => {
  const [one, two] = await Promise.all([key(), key()])
  expect(one).toEqual(two)
  expect(statSync(join(folder.path, 'dkim.key')).mode & 0o777).toBe(0o600)
})
