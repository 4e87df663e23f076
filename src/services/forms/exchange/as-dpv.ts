import type { City } from '../../../city/index.ts'
import type { FormDefinition } from '../define.ts'
import { bases, categories, purposes } from '../define-privacy.ts'
import { personalQuestions, type PersonalQuestion } from './personal-questions.ts'

type Node = Readonly<Record<string, unknown>>
export type DpvDocument = Readonly<{ '@context': Node; '@graph': readonly Node[] }>

const context = {
  dpv: 'https://w3id.org/dpv#',
  pd: 'https://w3id.org/dpv/pd#',
  dct: 'http://purl.org/dc/terms/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  title: { '@id': 'dct:title', '@container': '@language' },
  description: { '@id': 'dct:description', '@container': '@language' },
}

const ref = (id: string) => ({ '@id': id })

/**
 * A form in the W3C Data Privacy Vocabulary 2, as JSON-LD: the city is the controller, the form a service, and each
 * question about a person a process of its own with purpose, legal basis, necessity and how long it is kept.
 */
export function asDpv(form: FormDefinition, city: City, publicUrl: string): DpvDocument {
  const at = `${publicUrl}/forms/${form.id}`
  const controller = `${publicUrl}/#controller`
  const questions = personalQuestions(form)
  const asked = questions.map((question) => process(question, { at, controller, city }))
  return {
    '@context': context,
    '@graph': [
      { '@id': controller, '@type': 'dpv:DataController', title: city.name, 'dct:identifier': publicUrl },
      {
        '@id': at,
        '@type': 'dpv:Service',
        title: form.title,
        description: form.intro,
        'dct:hasVersion': String(form.version),
        'dpv:hasDataController': ref(controller),
        'dpv:hasPersonalDataProcess': questions.map(({ path }) => ref(`${at}#${path}`)),
      },
      ...asked,
    ],
  }
}

type Place = Readonly<{ at: string; controller: string; city: City }>

function process({ path, label, privacy }: PersonalQuestion, { at, controller, city }: Place): Node {
  const kept = city.retention.get(privacy.retention)
  const sensitive = privacy.sensitivity === 'sensitive' ? ['dpv:SensitivePersonalData'] : []
  return {
    '@id': `${at}#${path}`,
    '@type': 'dpv:PersonalDataProcess',
    title: label,
    'dpv:hasPersonalData': {
      '@id': `${at}#${path}-data`,
      '@type': ['dpv:PersonalData', categories[privacy.category].dpv, ...sensitive],
    },
    'dpv:hasPurpose': ref(purposes[privacy.purpose].dpv),
    'dpv:hasLegalBasis': ref(bases[privacy.basis].dpv),
    'dpv:hasProcessing': [ref('dpv:Collect'), ref('dpv:Store'), ref('dpv:Use')],
    'dpv:hasDataController': ref(controller),
    'dpv:hasDataSubject': ref(privacy.category === 'child' ? 'dpv:Child' : 'dpv:User'),
    'dpv:hasNecessity': ref(privacy.needed ? 'dpv:Required' : 'dpv:Optional'),
    'dpv:hasJustification': { '@type': 'dpv:Justification', description: privacy.necessity },
    ...(kept && {
      'dpv:hasStorageCondition': {
        '@type': 'dpv:StorageDuration',
        description: kept.text,
        'dpv:hasDuration': {
          '@type': 'dpv:TemporalDuration',
          'rdf:value': { '@type': 'xsd:duration', '@value': `P${String(kept.years)}Y` },
        },
      },
    }),
  }
}
