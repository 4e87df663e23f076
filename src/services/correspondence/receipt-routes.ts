import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inLanguage, readFormsWithFiles, type Posted } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { keptFiles, openAtReceipt, sendFile, takePosted } from '../attachments/index.ts'
import type { ReceiptHouse } from './house.ts'
import { receiptLookupPage, type LookupState } from './pages/receipt-lookup.ts'
import { receiptFiles, receiptPage, type ReceiptView } from './pages/receipt.ts'
import { mailedReceiptRoutes } from './mailed-receipt/routes.ts'
import { issueToken, readCode, tokenOf, type ReceiptCode, type SubmissionToken } from './receipt-code.ts'
import { addToCase, holderOf, proveAtReceipt, readReceipt } from './receipt.ts'

type AtReceipt = { Params: { code: string } }

/**
 * `/receipt`: where a code is typed, and the person's own page behind it. There is no limit of tries: a code has 76 bits
 * of chance, and somebody who tries a thousand a second needs longer than the city will stand.
 */
export function receiptRoutes(app: FastifyInstance, house: ReceiptHouse): void {
  app.publish('/receipt', (language) => receiptLookupPage(house, language))

  app.post<{ Body: Posted | undefined }>('/receipt', (request, reply) => {
    const typed = only(request.body?.code)
    const code = readCode(typed)
    if (typeof code !== 'string') return lookUp(house, request, reply, { typed, error: code.refused }, 422)
    return reply.redirect(inLanguage(request.language, `/receipt/${code}`), 303)
  })

  mailedReceiptRoutes(app, house)

  app.get<AtReceipt>('/receipt/:code', async (request, reply) => {
    const code = readCode(request.params.code)
    if (typeof code !== 'string')
      return lookUp(house, request, reply, { typed: request.params.code, error: code.refused }, 404)
    if (code !== request.params.code) return reply.redirect(inLanguage(request.language, `/receipt/${code}`), 303)
    return show(house, request, reply, code)
  })

  void app.register(async (scope) => {
    await readFormsWithFiles(scope)
    scope.post<AtReceipt>('/receipt/:code/messages', async (request, reply) => {
      const code = readCode(request.params.code)
      if (typeof code !== 'string') return lookUp(house, request, reply, { error: code.refused }, 404)
      return add(house, request, reply, code)
    })
  })

  app.get<{ Params: { code: string; entry: string } }>('/receipt/:code/proofs/:entry', async (request, reply) => {
    const code = readCode(request.params.code)
    const { entry } = request.params
    if (typeof code !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(entry))
      return reply.problem(404)
    const proof = await proveAtReceipt(house, code, entry)
    if (typeof proof !== 'string') return reply.problem(404)
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${entry}.tlog-proof"`)
      .type('text/plain; charset=utf-8')
      .send(proof)
  })

  app.get<{ Params: { code: string; id: string } }>('/receipt/:code/attachments/:id', async (request, reply) => {
    const code = readCode(request.params.code)
    if (typeof code !== 'string') return reply.problem(404)
    const file = await openAtReceipt(house, holderOf(house, code), request.params.id)
    return 'refused' in file ? reply.problem(404) : sendFile(reply, file)
  })
}

async function add(
  house: ReceiptHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  code: ReceiptCode,
): Promise<FastifyReply> {
  const { language } = request
  // Without a case behind the code nobody's files are read.
  const person = holderOf(house, code)
  if (!(await house.db.transaction((tx) => enterReceipt(tx, person))))
    return lookUp(house, request, reply, { typed: code, error: 'unknown' }, 404)
  let issued: SubmissionToken | undefined
  const bindingOf = (posted: Posted) => (issued ??= tokenOf(house.keys, posted))
  const onFault = (error: unknown) => {
    reply.noteFault(error)
  }
  const sent = await takePosted(house, request, { question: receiptFiles, language, bindingOf, onFault })
  const words = only(sent.posted.words)
  const token = bindingOf(sent.posted)
  const again = () => ({ words, filesWrong: sent.wrong, kept: keptFiles(house.keys, token, sent.files) })
  if (sent.wrong.length > 0) return show(house, request, reply, code, again(), token)
  const added = await addToCase(house, code, { words, messageId: messageOf(token), files: sent.files })
  // What a repeated post brings again is attached to nothing, and swept.
  if ('done' in added) return reply.redirect(inLanguage(language, `/receipt/${code}`) + '#letters', 303)
  if (added.refused === 'no-receipt') return lookUp(house, request, reply, { typed: code, error: 'unknown' }, 404)
  return show(house, request, reply, code, { ...again(), error: added.refused }, token)
}

async function show(
  house: ReceiptHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  code: ReceiptCode,
  writing?: NonNullable<ReceiptView['writing']>,
  token: SubmissionToken = issueToken(house.keys),
): Promise<FastifyReply> {
  const receipt = await readReceipt(house, code, request.language)
  if ('refused' in receipt) return lookUp(house, request, reply, { typed: code, error: 'unknown' }, 404)
  const view: ReceiptView = {
    receipt,
    code,
    token,
    proofPath: (entry) => `/receipt/${code}/proofs/${entry}`,
    ...(writing && { writing }),
  }
  return reply.page(receiptPage(house, request.language, view), writing ? 422 : 200)
}

function lookUp(
  house: ReceiptHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  state: LookupState,
  status: number,
): FastifyReply {
  return reply.page(receiptLookupPage(house, request.language, state), status)
}

const only = (value: Posted[string] | undefined): string => (typeof value === 'string' ? value : '')

/** One token, one message: what is posted twice gets the same identifier. */
function messageOf(token: SubmissionToken): string {
  const hex = createHash('sha256').update(`message|${token}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
