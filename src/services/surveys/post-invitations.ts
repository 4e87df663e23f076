import { Temporal } from 'temporal-polyfill'
import { dateWords, mailLook } from '../../city/look/index.ts'
import type { DepartmentId, FormId } from '../../city/index.ts'
import { inLanguage, sql, type OutgoingMail } from '../../plumbing/index.ts'
import { unseal, unwrap, type SubjectId } from '../../trust/vault/index.ts'
import { bounceAddress, mailDomain } from '../correspondence/index.ts'
import type { SurveysOffice } from './house.ts'
import { invitationCode } from './invitation-code.ts'
import { invitationAt } from './invite.ts'
import { say } from './mail-messages.ts'
import type { Invitee } from './read-addresses.ts'

type Handed = {
  id: string
  survey: string
  form: FormId
  department: DepartmentId
  closes_on: Temporal.PlainDate
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
}

const atOnce = 8

/** Mails the invitations that wait; true where there were any. Each is opened as the system first, with an entry. */
export async function postInvitations(office: SurveysOffice, onFault: (error: unknown) => void): Promise<boolean> {
  const leased = await office.keeper.once<{ id: string }>(sql`select surveys.lease(${atOnce}) as id`)
  const done = await Promise.allSettled(leased.map(({ id }) => postInvitation(office, id)))
  for (const one of done) if (one.status === 'rejected') onFault(one.reason)
  return leased.length > 0
}

/** One invitation. A crash between sending and settling sends it once more, under the same Message-ID. */
export async function postInvitation(office: SurveysOffice, id: string): Promise<void> {
  const { keeper, keys, mailer } = office
  const [opened] = await keeper.once<{ opening: string | null }>(sql`select surveys.open_invitation(${id}) as opening`)
  if (!opened?.opening) return
  const [handed] = await keeper.once<Handed>(sql`select * from surveys.key_for_invitation(${opened.opening})`)
  if (!handed) return
  const settle = (state: string, failure?: string) =>
    keeper.once(sql`select surveys.settle(${id}, ${state}, ${failure ?? null})`)
  if (!mailer) {
    await settle('kept')
    return
  }
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  const invitee = JSON.parse(unseal(key, invitationAt(id), handed.sealed)) as Invitee
  const mail = invitationMail(office, handed, invitee)
  if (!mail) {
    await settle('failed', 'no-questions')
    return
  }
  const sending = await mailer.send(mail)
  if ('sent' in sending) await settle('sent')
  else
    await settle(
      sending.refused === 'for-good' ? 'failed' : 'waiting',
      sending.code.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 40),
    )
}

/** The code stands behind the number sign: a browser keeps that part to itself, so no page's address ever names it. */
export function invitationMail(
  office: Pick<SurveysOffice, 'city' | 'keys' | 'surveys' | 'publicUrl'>,
  handed: Pick<Handed, 'id' | 'survey' | 'form' | 'department' | 'closes_on'>,
  { email, language }: Invitee,
): OutgoingMail | undefined {
  const { city, keys, surveys, publicUrl } = office
  const questions = surveys.get(handed.form)
  const department = city.departments.get(handed.department)
  if (!questions || !department) return undefined
  const title = questions.form.title[language]
  const code = invitationCode(keys, handed.id)
  const link = `${publicUrl.replace(/\/$/, '')}${inLanguage(language, `/surveys/${handed.survey}`)}#${code}`
  const from = `${department.name[language]}, ${city.name[language]}`
  const subject = say(language, 'subject', { title })
  const parts = [
    { words: say(language, 'ask', { title, until: dateWords(language, handed.closes_on) }) },
    { words: say(language, 'link', { link }), link },
    { words: say(language, 'anonymous') },
    { words: say(language, 'paper', { code: code.replace(/(.{4})(?=.)/g, '$1-') }) },
    { words: say(language, 'why', { department: department.name[language] }) },
  ]
  return {
    to: email,
    from: { name: from, address: city.contact.email },
    replyTo: department.email,
    returnTo: bounceAddress(office, handed.id),
    subject,
    ...mailLook(city, language, { from, title: subject, subject, parts }),
    language,
    date: Temporal.Now.instant().toString({ smallestUnit: 'second' }),
    messageId: `${handed.id}@${mailDomain(city)}`,
    references: [],
    automatic: 'auto-generated',
  }
}
