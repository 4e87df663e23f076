import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { mayDo, type FormId } from '../../../../city/index.ts'
import type { Desk, Visit } from '../../../../trust/need-to-know/index.ts'
import { notHere, today, type House } from '../../../correspondence/index.ts'
import type { FormDefinition, Forms } from '../../define.ts'
import { exportAnswers, type ToExport } from './export-answers.ts'
import { say } from './messages.ts'
import { answersPage, exportable, isPurpose, type AnswersView } from './page.ts'
import { asCsv, asJson } from './written.ts'

type FormsHouse = House & Readonly<{ forms: Forms }>

/** Answers of a form as CSV or JSON, for who has a duty that exports them. To everybody else the page is not there. */
export function answersRoutes(desk: Desk, house: FormsHouse): void {
  desk.get('/desk/forms/:id/answers', (visit) => {
    const form = formAsked(house, visit)
    if (!form || !mayExport(house, visit)) return notHere(house, visit)
    const { purpose } = visit.request.query as { purpose?: unknown }
    return show(house, visit, form, { ...(isPurpose(purpose) && { purpose }) })
  })
  desk.post('/desk/forms/:id/answers', async (visit) => {
    const form = formAsked(house, visit)
    if (!form || !mayExport(house, visit)) return notHere(house, visit)
    const { posted } = visit
    const purpose = isPurpose(posted.purpose) ? posted.purpose : undefined
    const again = (wrong: string) => show(house, visit, form, { purpose, posted, wrong }, 422)
    const asked = askedIn(form, posted)
    if (!purpose || typeof asked === 'string') return again(say('en', typeof asked === 'string' ? asked : 'purposeOf'))
    const begun = await exportAnswers(house, visit.actor, { ...asked, purpose })
    if ('refused' in begun) {
      if (begun.refused === 'not-there') return notHere(house, visit)
      return again(say('en', `wrong-${begun.refused}`))
    }
    const fields = exportable(form).filter(({ name }) => asked.fields.includes(name))
    const columns = { form, fields, timeZone: house.city.timeZone }
    const text =
      asked.format === 'csv' ? asCsv(columns, begun.letters, posted.mark === 'yes') : asJson(columns, begun.letters)
    return send(visit.reply, text, `${form.id}-${asked.from.toString()}-${asked.until.toString()}.${asked.format}`)
  })
}

/** The database asks again, letter by letter; this keeps from showing a page that leads nowhere. */
export function mayExport({ city }: FormsHouse, { staff }: Visit): boolean {
  return mayDo(city, staff.duties, 'export-answers')
}

export function formAsked({ forms }: FormsHouse, { request }: Visit): FormDefinition | undefined {
  return forms.get((request.params as { id?: string }).id as FormId)
}

type Posted = Readonly<Record<string, string>>

function askedIn(form: FormDefinition, posted: Posted): Omit<ToExport, 'purpose'> | 'wrongFields' | 'wrongPeriod' {
  const fields = exportable(form).flatMap(({ name }) => (posted[`field:${name}`] === 'yes' ? [name] : []))
  if (fields.length === 0) return 'wrongFields'
  const [from, until] = [dayIn(posted.from), dayIn(posted.until)]
  if (!from || !until || Temporal.PlainDate.compare(from, until) > 0) return 'wrongPeriod'
  const version = (text: string | undefined, otherwise: number) =>
    /^\d{1,6}$/.test(text ?? '') ? Number(text) : otherwise
  const versions = [version(posted['version-from'], 1), version(posted['version-to'], form.version)] as const
  return { form: form.id, fields, from, until, versions, format: posted.format === 'json' ? 'json' : 'csv' }
}

function dayIn(text = ''): Temporal.PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

function send(reply: FastifyReply, text: AsyncGenerator<string>, name: string): FastifyReply {
  return reply
    .type(name.endsWith('.json') ? 'application/json; charset=utf-8' : 'text/csv; charset=utf-8; header=present')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(text, { objectMode: false }))
}

function show(
  house: FormsHouse,
  { staff, reply }: Visit,
  form: FormDefinition,
  more: Pick<AnswersView, 'purpose' | 'posted' | 'wrong'>,
  status = 200,
): FastifyReply {
  const day = today(house)
  const period = { from: day.subtract({ months: 1 }).toString(), until: day.toString() }
  return reply.page(answersPage({ city: house.city, staff, form, period, ...more }), status)
}
