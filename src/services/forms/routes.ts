import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseFault, inLanguage, type Posted } from '../../plumbing/index.ts'
import type { FormId } from '../../city/index.ts'
import { issueToken, readToken, type House } from '../correspondence/index.ts'
import type { FormDefinition, Forms } from './define.ts'
import { formPage, type FormState } from './pages/form.ts'
import { nearBefore } from './near-before.ts'
import { submit } from './submit.ts'

type Asked = { Params: { id: string } }
type FormsHouse = House & Readonly<{ forms: Forms }>

/** `/forms/{id}`: the empty form, and what is posted to it. Everything a refused post held stays in the page. */
export function formsRoutes(app: FastifyInstance, house: FormsHouse): void {
  const own = { instead: 'the-token-of-this-page', make: () => issueToken(house.keys) }
  for (const form of house.forms.values())
    app.publishCopies(`/forms/${form.id}`, own, (language) => formPage(house, language, form, { token: own.instead }))

  app.get<Asked & { Querystring: Posted }>('/forms/:id', (request, reply) => {
    const form = house.forms.get(request.params.id as FormId)
    if (!form) return reply.problem(404)
    const values = onlyChoices(form, request.query)
    if (Object.keys(values).length === 0) return reply.fromShelf()
    return show(house, form, request, keptByBrowser(reply), { token: issueToken(house.keys), values })
  })

  app.post<Asked & { Body: Posted | undefined }>('/forms/:id', async (request, reply) => {
    const form = house.forms.get(request.params.id as FormId)
    if (!form) return reply.problem(404)
    const posted = request.body ?? {}
    const near = await nearBefore(house, form, posted)
    if (near) return show(house, form, request, reply, { token: tokenOf(house, posted), values: posted, near })
    const submitted = await submit(house, form, posted, request.language).catch((error: unknown) => {
      if (!(error instanceof DatabaseFault)) throw error
      reply.noteFault(error)
      return { refused: 'later' } as const
    })
    if ('code' in submitted) return reply.redirect(inLanguage(request.language, `/receipt/${submitted.code}`), 303)
    const again = { token: tokenOf(house, posted), values: posted }
    switch (submitted.refused) {
      case 'answers':
        return show(house, form, request, reply, { ...again, errors: submitted.errors }, 422)
      case 'different':
        return show(house, form, request, reply, { ...again, token: issueToken(house.keys), different: true }, 409)
      case 'later':
        // The token stays: if the letter was kept after all, sending it again leads to the same receipt.
        return show(house, form, request, reply.header('retry-after', '10'), { ...again, later: true }, 503)
      default:
        return submitted satisfies never
    }
  })
}

/**
 * The person's own browser may keep the empty page: going back then brings the token that was sent, and what is sent
 * once more is the same letter. A page that holds answers is kept nowhere.
 */
function keptByBrowser(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'private, no-cache')
}

function show(
  house: FormsHouse,
  form: FormDefinition,
  request: FastifyRequest,
  reply: FastifyReply,
  state: FormState,
  status = 200,
): FastifyReply {
  return reply.page(formPage(house, request.language, form, state), status)
}

/** An address may choose for the visitor (`?topic=potholes`); it may not put words into her mouth. */
function onlyChoices(form: FormDefinition, query: Posted): Posted {
  const offered = form.fields.filter(({ name, choices }) => choices?.some(({ value }) => value === query[name]))
  return Object.fromEntries(offered.map(({ name }) => [name, query[name] ?? '']))
}

function tokenOf(house: FormsHouse, posted: Posted): string {
  return readToken(house.keys, typeof posted.token === 'string' ? posted.token : undefined) ?? issueToken(house.keys)
}
