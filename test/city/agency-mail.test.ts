import PostalMime from 'postal-mime'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AgencyId, BasisId, CaseId, FormId, TopicId } from '../../src/city/index.ts'
import { createMailer, sql, type Mailer } from '../../src/plumbing/index.ts'
import {
  caseOnDesk,
  issueToken,
  newId,
  openLetter,
  readReceipt,
  receive,
  type ReceiptCode,
} from '../../src/services/correspondence/index.ts'
import { decide, openMail, undecided } from '../../src/services/mailroom/desk/undecided.ts'
import { bounceOf } from '../../src/services/mailroom/testing/bounce.ts'
import { openMailTest, type MailTest } from '../../src/services/mailroom/testing/mail-house.ts'
import { plainMail } from '../../src/services/mailroom/testing/talk.ts'
import {
  agencyPost,
  preview,
  refer,
  referralAddress,
  referralPanel,
  sendAgain,
  sendReferral,
} from '../../src/services/referral/index.ts'
import { takeFile, type TakenFile } from '../../src/services/attachments/index.ts'
import { enterStaff } from '../../src/trust/need-to-know/index.ts'
import { photograph, streamOf } from '../support/files.ts'
import type { Clerk } from '../support/house.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'

// A letter goes to another government by mail, over real sockets, and what comes of it comes back by mail.
let all: MailTest
let dan: Clerk
let mei: Clerk
let agency: Mailbox
let mailer: Mailer
const theirs = 'Officer Reyes <reyes@animals.calmacounty.example.org>'

beforeAll(async () => {
  all = await openMailTest({
    relays: [],
    agencies: (house) => agencyPost({ ...house, keeper: house.database.keeper }),
  })
  all.dns.set('TXT animals.calmacounty.example.org', [['v=spf1 ip4:127.0.0.1 -all']])
  all.dns.set('TXT _dmarc.animals.calmacounty.example.org', [['v=DMARC1; p=quarantine']])
  all.dns.set('TXT calmacounty.example.org', [['v=spf1 ip4:127.0.0.1 -all']])
  dan = await all.house.hire('dan', 'works-dispatcher')
  mei = await all.house.hire('mei', 'deputy-clerk')
  agency = await openMailbox()
  mailer = createMailer(agency.url)
})
afterAll(async () => {
  mailer.close()
  await agency.close()
  await all.close()
})
beforeEach(() => {
  agency.empty()
})

const owner = <T>(query: ReturnType<typeof sql>) => all.house.database.owner.once<T>(query)

async function opened(code: ReceiptCode) {
  const receipt = await readReceipt(all.house, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt
}

const office = () => ({ ...all.house, keeper: all.house.database.keeper, mailer })

/** A letter that was sent to the county's animal care, and the address at which that agency answers. */
async function referred(email = 'marisol@example.org') {
  const { caseId, code, input } = await written({ email })
  expect(await refer(all.house, dan.actor, input)).toEqual({ done: true })
  await sendReferral(office(), input.id)
  return { caseId, id: input.id, code, to: referralAddress(all.house, input.id) }
}

async function written({
  email = 'marisol@example.org',
  files = [],
}: { email?: string; files?: readonly TakenFile[] } = {}) {
  const { house } = all
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: 'public-works-general' as TopicId,
      language: 'en',
      answers: [{ field: 'message', label: 'Your letter', value: 'A hurt dog lies on Willow Street.' }],
      contact: { email },
      ...(files.length > 0 && { files }),
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const { id: caseId, version } = (await opened(received.code)).line
  await openLetter(house, dan.actor, caseId, 'answer')
  const input = {
    caseId,
    version,
    id: newId(),
    agency: 'calma-county-animal-care' as AgencyId,
    basis: 'agency-responsible' as BasisId,
    because: 'They look after hurt animals.',
    fields: ['words:1.message'],
  }
  return { caseId, code: received.code, input }
}

/** Sends a mail from a sender and sorts it; what became of it. */
async function comes(raw: string, envelope: { from: string; to: string | string[] }) {
  const reply = await all.send(raw, envelope)
  await all.sorted()
  const [mail] = await owner<{
    id: string
    state: string
    why: string | null
    kind: string
    topic: string
    case_id: string | null
  }>(sql`select id, state, why, kind, topic, case_id from mailroom.received order by received_at desc, id desc limit 1`)
  return { reply, mail }
}
const answer = (fields: Record<string, string> = {}, words = 'We picked the dog up.') =>
  plainMail({ From: theirs, Subject: 'Re: a letter that is yours to answer', ...fields }, words)
const from = 'reyes@animals.calmacounty.example.org'

describe('what an agency answers to the address that only it knows', () => {
  test('is on the case as its answer, for the clerk and the person, and the person is told by mail', async () => {
    const { caseId, code, to } = await referred()
    expect(agency.taken[0]).toMatchObject({ from: to, to: 'help@animals.calmacounty.example.org' })
    await owner(sql`update correspondence.casefile set state = 'answered' where id = ${caseId}`)
    const raw = answer({ 'Message-ID': '<a1@animals.example>' })
    const { reply, mail } = await comes(raw, { from, to: to.toUpperCase() })
    expect(reply).toMatch(/^250/)
    expect(mail).toMatchObject({ state: 'filed', kind: 'agency', case_id: caseId, topic: 'public-works-general' })
    await comes(raw.replace('Date:', 'X-Again: yes\r\nDate:'), { from, to })
    const receipt = await opened(code)
    expect(receipt.letters.filter(({ kind }) => kind === 'agency')).toMatchObject([
      { words: 'We picked the dog up.', agency: 'calma-county-animal-care' },
    ])
    expect(receipt.line.state).toBe('open')
    expect(receipt.history.map(({ act }) => act)).toEqual(expect.arrayContaining(['referral.answered', 'mail.filed']))
    expect(receipt.mails.filter(({ kind }) => kind === 'agency')).toHaveLength(1)
    const desk = await caseOnDesk(all.house, dan.actor, caseId)
    if ('refused' in desk || desk.envelope.state !== 'open') throw new Error('not open')
    expect(desk.envelope.letters.at(-1)).toMatchObject({ kind: 'agency', words: 'We picked the dog up.' })
    expect(all.faults).toEqual([])
  })

  test('brings its files with it, in one transaction with its words and the mail filed there', async () => {
    const { caseId, code, to } = await referred()
    const raw = [
      answer(
        { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' },
        '--b\r\n\r\nSee the report.',
      ).trimEnd(),
      '--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=report.txt\r\n\r\nThe dog is well.',
      '--b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=all.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAI',
      '--b--\r\n',
    ].join('\r\n')
    expect((await comes(raw, { from, to })).mail).toMatchObject({ kind: 'agency' })
    const [written] = (await opened(code)).letters.filter(({ kind }) => kind === 'agency')
    expect(written?.files?.map(({ name }) => name)).toEqual(['report.txt'])
    const [one] = await owner<{
      transactions: number
    }>(sql`select count(distinct x.xmin::text)::int as transactions from (
      select xmin from correspondence.message where case_id = ${caseId} and kind = 'agency' union all
      select xmin from attachments.attachment where case_id = ${caseId} union all
      select xmin from mailroom.received where case_id = ${caseId}) x`)
    expect(one).toEqual({ transactions: 1 })
    expect(written?.words).toMatch(/^See the report\.\n\nFiles that could not be shown .*: all\.zip$/)
  })

  test('waits for the clerk of that case where the sender is another, or nobody vouches for it', async () => {
    const { caseId, code, to } = await referred()
    const strangers: [string, string, string][] = [
      ['Eve <eve@else.example>', 'eve@else.example', 'not-the-agency'],
      // The county is not its animal care; a forger has the name and not the domain's word.
      ['County <desk@calmacounty.example.org>', 'desk@calmacounty.example.org', 'not-the-agency'],
      [theirs, 'eve@else.example', 'sender-failed'],
    ]
    for (const [name, envelope, why] of strangers) {
      const { mail } = await comes(answer({ From: name }), { from: envelope, to })
      expect(mail, name).toMatchObject({ state: 'quarantined', why, topic: 'public-works-general' })
    }
    expect((await opened(code)).letters.some(({ kind }) => kind === 'agency')).toBe(false)
    const own = await undecided(all.house, dan.actor, 'quarantined')
    const { number } = (await opened(code)).line
    expect(own.filter((line) => line.number === number)).toHaveLength(3)
    expect(await undecided(all.house, mei.actor, 'quarantined')).toEqual([])
    const [first] = own
    await openMail(all.house, dan.actor, first?.id ?? '', 'answer')
    expect(await decide(all.house, dan.actor, first?.id ?? '', { join: number })).toEqual({ done: true })
    await all.sorted()
    const receipt = await opened(code)
    expect(receipt.line.id).toBe(caseId)
    expect(receipt.letters.filter(({ kind }) => kind === 'agency')).toHaveLength(1)
    expect(receipt.letters.filter(({ kind }) => kind === 'addition')).toHaveLength(0)
    expect(receipt.history.some(({ act }) => act === 'mail.joined')).toBe(true)
  })

  test('is refused during the conversation at an address that was made up', async () => {
    const { to } = await referred()
    expect(await all.send(answer(), { from, to: to.replace(/\.(.)/, '.7') })).toMatch(/^550 .*reply address/)
  })

  test('lies with the case and changes nothing where a program of theirs wrote it', async () => {
    const { caseId, code, to } = await referred()
    const { mail } = await comes(answer({ 'Auto-Submitted': 'auto-replied' }, 'We have your mail.'), { from, to })
    expect(mail).toMatchObject({ state: 'filed', kind: 'automatic', case_id: caseId })
    expect((await opened(code)).letters.some(({ kind }) => kind === 'agency')).toBe(false)
  })

  test('comes to each of two cases whose addresses it names', async () => {
    const [one, two] = [await referred(), await referred('otto@example.org')]
    await comes(answer({}, 'Both are done.'), { from, to: [one.to, 'hello@almendra.example.org', two.to] })
    for (const { code } of [one, two])
      expect((await opened(code)).letters.at(-1)).toMatchObject({ kind: 'agency', words: 'Both are done.' })
  })
})

describe('a mail to an agency that comes back', () => {
  const panels = async (caseId: CaseId) => {
    const house = { ...all.house, panels: [referralPanel(all.house.city)] }
    const desk = await caseOnDesk(house, dan.actor, caseId)
    if ('refused' in desk) throw new Error(desk.refused)
    return { top: desk.above.join(''), below: desk.panels.join(''), state: desk.line.state }
  }

  test('is not delivered: the case waits again, the clerk reads why, and sends it once more', async () => {
    const { caseId, id, code, to } = await referred()
    await owner(sql`update correspondence.casefile set state = 'closed', closed_because = 'done' where id = ${caseId}`)
    const late = await comes(bounceOf('x@else.example', 'delayed', '4.4.1'), { from: '', to })
    expect(late.mail).toMatchObject({ state: 'filed', kind: 'bounce', case_id: caseId })
    expect(await panels(caseId)).toMatchObject({ top: '', state: 'closed' })
    await comes(bounceOf('x@else.example'), { from: '', to })
    const { top, below, state } = await panels(caseId)
    expect(state).toBe('open')
    expect(top).toContain('Calma County Animal Care did not get this letter: the mailbox is not there')
    expect(top).toContain('Send once more')
    expect(below).toContain('What left: what it is about, words.')
    const receipt = await opened(code)
    expect(receipt.history.filter(({ act }) => act === 'referral.bounced')).toHaveLength(1)
    expect(await sendAgain(all.house, mei.actor, { caseId, referral: id })).toEqual({ refused: 'not-there' })
    expect(await sendAgain(all.house, dan.actor, { caseId, referral: newId() })).toEqual({ refused: 'not-there' })
    for (const _ of [1, 2])
      expect(await sendAgain(all.house, dan.actor, { caseId, referral: id })).toEqual({ done: true })
    agency.empty()
    await sendReferral(office(), id)
    expect(agency.taken).toHaveLength(1)
    expect(await sendAgain(all.house, dan.actor, { caseId, referral: id })).toEqual({ refused: 'not-failed' })
    expect((await panels(caseId)).top).toBe('')
    const again = (await opened(code)).history.filter(({ act }) => act === 'referral.resent')
    expect(again).toMatchObject([{ duty: 'works-dispatcher', detail: 'agency=calma-county-animal-care by=email' }])
  })

  test('is known by its Message-ID, whatever address of the city’s is told of it', async () => {
    const { caseId, id } = await referred()
    const { mail } = await comes(bounceOf(`${id}@almendra.example.org`), { from: '', to: 'hello@almendra.example.org' })
    expect(mail).toMatchObject({ state: 'filed', kind: 'bounce', case_id: caseId })
    expect((await panels(caseId)).top).toContain('did not get this letter')
  })

  test('is told at once where the agency’s server refuses it', async () => {
    agency.refuses = 550
    const { caseId, code } = await referred()
    expect((await panels(caseId)).top).toContain('did not get this letter')
    expect((await opened(code)).history.some(({ act }) => act === 'referral.failed')).toBe(true)
  })
})

describe('files that leave with a letter', () => {
  const photo = 'files:1.1'
  const take = async (name: string, content: Buffer | string) => {
    const taken = await takeFile(all.house.cabinet, { name, stream: streamOf(content) })
    if ('refused' in taken) throw new Error(taken.refused)
    return taken
  }
  const withFiles = async () =>
    written({
      files: [
        await take('Marisol Vega 2026.jpg', await photograph()),
        await take('notes.txt', 'The dog is brown.'),
        await take('old.eml', 'From: a@b.example\r\nSubject: x\r\n\r\nx\r\n'),
      ],
    })

  test('are those that the clerk ticks: made anew, under a name that tells nothing, and in the disclosure', async () => {
    const { code, input } = await withFiles()
    const chosen = { ...input, fields: [...input.fields, photo] }
    const { number } = (await opened(code)).line
    const name = `case-${String(number)}-file-1-1.jpg`
    const leaving = await preview(all.house, dan.actor, chosen)
    expect(leaving).toMatchObject({ files: [{ code: photo, name, kind: 'jpeg' }] })
    expect(await refer(all.house, dan.actor, chosen)).toEqual({ done: true })
    await sendReferral(office(), input.id)
    const read = await PostalMime.parse(Buffer.from(agency.taken[0]?.source ?? '', 'latin1'))
    expect(read.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([[name, 'image/jpeg']])
    const bytes = Buffer.from(read.attachments[0]?.content as ArrayBuffer)
    const { format, exif } = await sharp(bytes).metadata()
    expect({ format, exif }).toEqual({ format: 'jpeg', exif: undefined })
    expect(agency.taken[0]?.source).not.toMatch(/Vega|notes\.txt|brown/)
    expect(read.text).toContain(`Files with this mail:\n${name}`)
    const receipt = await opened(code)
    const entry = receipt.history.find(({ act }) => act === 'case.referred')
    expect(entry?.detail).toBe(`agency=calma-county-animal-care by=email fields=case:topic words:1.message ${photo}`)
    const told = receipt.letters.find(({ kind }) => kind === 'referral')?.words
    expect(told).toContain('What it is about; Your letter; one file.')
    expect(told).not.toContain('Vega')
  })

  test('are none of another letter, none as it came by mail, none that was not looked at, and none by Open311', async () => {
    const { caseId, input } = await withFiles()
    const other = await withFiles()
    const asks = (fields: string[], to = input.agency) => refer(all.house, dan.actor, { ...input, agency: to, fields })
    expect(await asks(['files:1.3'])).toEqual({ refused: 'not-needed' })
    expect(await asks(['files:1.4'])).toEqual({ refused: 'not-needed' })
    expect(await asks(['files:1.2'], 'city-of-piedra-alta' as AgencyId)).toEqual({ refused: 'not-needed' })
    await owner(
      sql`update attachments.attachment set state = 'held', due_at = now() where case_id = ${caseId} and position = 1`,
    )
    expect(await asks([photo])).toEqual({ refused: 'not-needed' })
    // The database refuses them too, whoever asks it.
    const direct = (fields: string[], to: string) =>
      all.house.database.app.transaction(async (tx) => {
        await enterStaff(tx, dan.actor, caseId)
        return tx.row(sql`select referral.refer(${input.version}, ${newId()}, ${to}, ${input.basis}, ${fields}::text[],
          ${Buffer.alloc(1)}, ${newId()}, ${Buffer.alloc(1)}) as outcome`)
      })
    for (const [field, to] of [
      [photo, input.agency],
      ['files:1.3', input.agency],
      ['files:1.2', 'city-of-piedra-alta'],
      ['name:name', input.agency],
    ] as const)
      expect(await direct([field], to), field).toEqual({ outcome: 'not-needed' })
    expect(other.caseId).not.toBe(caseId)
    expect(await owner(sql`select from referral.disclosure where case_id = ${caseId}`)).toEqual([])
  })

  test('keep the mail back where one of them is gone before it leaves', async () => {
    const { caseId, input } = await withFiles()
    await refer(all.house, dan.actor, { ...input, fields: [photo] })
    const [row] = await owner<{ id: string }>(
      sql`select id from attachments.attachment where case_id = ${caseId} and position = 1`,
    )
    await all.house.cabinet.store.remove(row?.id ?? '')
    await sendReferral(office(), input.id)
    expect(agency.taken).toEqual([])
    const stands = await owner(sql`select state, failure from referral.disclosure where id = ${input.id}`)
    expect(stands).toEqual([{ state: 'failed', failure: 'file-gone' }])
  })
})
