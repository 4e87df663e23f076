import type { FastifyReply } from 'fastify'
import type { Language } from '../../../plumbing/index.ts'
import type { House as Whole } from '../../correspondence/index.ts'
import type { FieldError } from '../answering/errors.ts'
import type { FormDefinition } from '../define.ts'
import { answersPage } from '../pages/check.ts'
import { formPage, type FormState } from '../pages/form.ts'
import { sessionQuestion } from '../session-question.ts'
import { slotQuestion } from '../slot-question.ts'
import { isChecked, onceMore, pagesAsked, pageWith, type Step } from './walk.ts'

type House = Pick<Whole, 'city' | 'db' | 'clock'>
/** What is answered with a page, and to whom. */
export type Showing = Readonly<{
  house: House
  form: FormDefinition
  request: Readonly<{ language: Language }>
  reply: FastifyReply
}>

/** A page of the form, by itself or after a post. */
export async function showPage(
  { house, form, request, reply }: Showing,
  state: FormState,
  status = 200,
): Promise<FastifyReply> {
  const { language } = request
  const isHere = (state.page ?? form.pages[0])?.fields.some(({ kind }) => kind === 'slot' || kind === 'session')
  const slot = isHere ? await drawnNow(house, form, language, state).catch(noteOn(reply)) : undefined
  return reply.page(formPage(house, language, form, { ...state, slot }), status)
}

/** The question whose choices change by the minute: a time to book, or a session to sign up for. */
const drawnNow = async (house: House, form: FormDefinition, language: Language, { values = {}, errors }: FormState) =>
  (await slotQuestion(house, form, language, values, errors)) ?? sessionQuestion(house, form, language, values, errors)

/** What is free could not be found out; what was typed is shown all the same. */
const noteOn = (reply: FastifyReply) => (error: unknown) => {
  reply.noteFault(error)
  return undefined
}

/** Where a person stands now. With something wrong it is 422. */
export function showStep(
  showing: Showing,
  state: FormState,
  step: Extract<Step, { at: 'page' | 'check' }>,
): FastifyReply | Promise<FastifyReply> {
  const { house, form, request, reply } = showing
  if (step.at === 'check') return reply.page(answersPage(house, request.language, form, state))
  const wrong = step.errors.length > 0 || (state.filesWrong ?? []).length > 0
  const { page, errors, more, focus, back, values = state.values ?? {} } = step
  const here = { page, errors, more, values, ...(focus && { focus }), ...(back && { back }) }
  return showPage(showing, { ...state, ...here }, wrong ? 422 : 200)
}

/** The page from which the form was sent: her answers, or the one page of the form. */
export function showLast(showing: Showing, state: FormState, status = 200): FastifyReply | Promise<FastifyReply> {
  const { house, form, request, reply } = showing
  if (!isChecked(form) || state.shown === undefined) return showPage(showing, state, status)
  return reply.page(answersPage(house, request.language, form, state), status)
}

/** What was posted at once, from elsewhere, and is wrong: the first page with something wrong, or the one with the files. */
export function showWrong(
  showing: Showing,
  state: FormState,
  errors: readonly FieldError[],
): FastifyReply | Promise<FastifyReply> {
  const { form } = showing
  const read = form.look(state.values ?? {})
  const step = onceMore(pagesAsked(form, read), { ...read, errors })
  return step?.at === 'page' ? showStep(showing, state, step) : showPage(showing, { ...state, ...filesPage(form) }, 422)
}

/** The page on which files are asked for. */
export function filesPage(form: FormDefinition): Pick<FormState, 'page'> {
  const files = form.fields.find(({ kind }) => kind === 'files')
  const page = files && pageWith(form, files.name)
  return page ? { page } : {}
}
