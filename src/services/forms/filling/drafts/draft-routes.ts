import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Posted } from '../../../../plumbing/index.ts'
import { DatabaseFault } from '../../../../plumbing/index.ts'
import { keptFiles, type PostedWithFiles } from '../../../attachments/index.ts'
import { today, type HouseWithFiles, type SubmissionToken } from '../../../correspondence/index.ts'
import type { Forms } from '../../define.ts'
import { agePass } from '../../minors/age-pass.ts'
import type { FormState } from '../../pages/form.ts'
import { resumePage, savedPage, type ResumeState } from '../../pages/saved.ts'
import type { Walked } from '../posted-walk.ts'
import { showLast, showStep, type Showing } from '../show.ts'
import { checkPage } from '../walk.ts'
import { keepDraft, resumeDraft } from './keep-draft.ts'

type House = HouseWithFiles & Readonly<{ forms: Forms }>

/**
 * `/forms/resume`: where a resume code is typed. There is no limit of tries: a code has 76 bits of chance, and somebody who
 * tries a thousand a second needs longer than the city will stand.
 */
export function draftRoutes(app: FastifyInstance, house: House): void {
  app.publish('/forms/resume', (language) => resumePage(house, language))

  app.post<{ Body: Posted | undefined }>('/forms/resume', async (request, reply) => {
    const { code } = request.body ?? {}
    const typed = typeof code === 'string' ? code : ''
    const again = (error: ResumeState['error']) =>
      reply.page(resumePage(house, request.language, { typed, ...(error && { error }) }), 422)
    const draft = await resumeDraft(house, typed)
    if ('refused' in draft) return again(draft.refused)
    const form = house.forms.get(draft.form)
    if (!form) return again('unknown')
    const { token, files, shown, page, values } = draft
    const state: FormState = {
      token,
      values,
      kept: keptFiles(house.keys, token, files),
      shown: new Set(shown),
      saved: true,
      // Only a grown-up's draft is kept.
      ...(form.minors && { pass: agePass(house.keys, form.id, 'adult') }),
    }
    return showAt({ house, form, request, reply }, state, page)
  })
}

/** The page she was on; the first, where the form has it no longer. */
export function showAt(showing: Showing, state: FormState, at: string): FastifyReply | Promise<FastifyReply> {
  const page = showing.form.pages.find(({ id }) => id === at) ?? showing.form.pages[0]
  if (at === checkPage) return showStep(showing, state, { at: 'check' })
  if (!page) throw new Error('a form without a page')
  return showStep(showing, state, { at: 'page', page, errors: [], more: [] })
}

/** Keeps what she has so far, and shows the code. Where the database is away her page comes back with everything in it. */
export async function saveForLater(
  showing: Showing & { house: House },
  walked: Walked,
  { files }: PostedWithFiles,
  state: FormState,
): Promise<FastifyReply> {
  const { house, form, request, reply } = showing
  const token = state.token as SubmissionToken
  const { page, shown, values } = walked
  const draft = { form: form.id, token, page, shown: [...shown], values, files }
  const kept = await keepDraft(house, draft).catch((error: unknown) => {
    if (!(error instanceof DatabaseFault)) throw error
    reply.noteFault(error)
    return undefined
  })
  if (!kept) return showLast(showing, { ...state, later: true }, 503)
  const until = today(house).add({ days: house.city.draftDays })
  const saved = { ...kept, until, from: page }
  return reply.page(savedPage(house, request.language, form, { ...state, saved: true }, saved))
}
