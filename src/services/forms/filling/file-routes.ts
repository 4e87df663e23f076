import type { FastifyInstance } from 'fastify'
import type { FormId } from '../../../city/index.ts'
import type { Posted } from '../../../plumbing/index.ts'
import { filesControl, keptFiles, takePosted, type FileQuestion } from '../../attachments/index.ts'
import { tokenOf, type HouseWithFiles } from '../../correspondence/index.ts'
import type { FormDefinition, Forms } from '../define.ts'

type House = HouseWithFiles & Readonly<{ forms: Forms }>

/**
 * `/forms/{id}/files`: takes files before the form is sent, for a page that shows how far they are, and gives a mark for
 * each to be sent with the form. A mark that is brought again begins its half day anew.
 */
export function fileRoutes(scope: FastifyInstance, house: House): void {
  scope.post<{ Params: { id: string } }>('/forms/:id/files', async (request, reply) => {
    const form = house.forms.get(request.params.id as FormId)
    const question = form && questionOf(form)
    if (!question) return reply.problem(404)
    const { language } = request
    const token = (posted: Posted) => tokenOf(house.keys, posted)
    const onFault = (error: unknown) => {
      reply.noteFault(error)
    }
    const sent = await takePosted(house, request, { question, language, bindingOf: token, onFault })
    const kept = keptFiles(house.keys, token(sent.posted), sent.files)
    const files = filesControl(language, question, kept).kept.map(({ value, label }) => ({ value, label }))
    return reply.header('cache-control', 'no-store').send({ files, wrong: sent.wrong })
  })
}

/** The question of a form for files; none where it asks for none. */
export function questionOf(form: FormDefinition): FileQuestion | undefined {
  const found = form.fields.find(({ kind }) => kind === 'files')
  return found && { field: found.name, most: found.maxItems ?? 1 }
}
