import type { FastifyInstance, FastifyReply } from 'fastify'
import type { City, FormId } from '../../../city/index.ts'
import type { FormDefinition, Forms } from '../define.ts'
import { exportForm, json, type FormFormat } from './export-form.ts'
import { metaSchema, vocabularyTerms } from './vocabulary.ts'

type ExportHouse = Readonly<{ city: City; forms: Forms; config: Readonly<{ publicUrl: string }> }>

type Served = Readonly<{ file: string; as: FormFormat; type: string }>

const schemaType = 'application/schema+json; charset=utf-8'
const files: readonly Served[] = [
  { file: 'schema.json', as: 'json-schema', type: schemaType },
  { file: 'dpv.jsonld', as: 'dpv', type: 'application/ld+json; charset=utf-8' },
  { file: 'fideslang.yaml', as: 'fideslang', type: 'application/yaml; charset=utf-8' },
]

/**
 * What every published form asks, and why, for machines: `/forms/{id}/schema.json`, `dpv.jsonld` and `fideslang.yaml`; and the
 * vocabulary in which it is said. The same for everyone; another site's page may read it.
 */
export function exportRoutes(app: FastifyInstance, { city, forms, config: { publicUrl } }: ExportHouse): void {
  const made = new WeakMap<FormDefinition, Map<FormFormat, string>>()
  const textOf = (form: FormDefinition, as: FormFormat): string => {
    const known = made.get(form) ?? new Map<FormFormat, string>()
    const text = known.get(as) ?? exportForm(form, as, city, publicUrl)
    made.set(form, known.set(as, text))
    return text
  }
  for (const { file, as, type } of files)
    app.get<{ Params: { id: string } }>(`/forms/:id/${file}`, (request, reply) => {
      const form = forms.get(request.params.id as FormId)
      return form ? open(reply, type, textOf(form, as)) : reply.problem(404)
    })
  app.get('/api/privacy-vocabulary', (_request, reply) => open(reply, schemaType, json(metaSchema(publicUrl))))
  app.get('/api/privacy-vocabulary/terms', (_request, reply) =>
    open(reply, 'application/json; charset=utf-8', json(vocabularyTerms())),
  )
}

const open = (reply: FastifyReply, type: string, text: string) =>
  reply.type(type).header('cache-control', 'public, max-age=300').header('access-control-allow-origin', '*').send(text)
