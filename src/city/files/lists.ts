import { Type } from '../../plumbing/index.ts'
import { agencyKinds, needs, powers } from '../city.ts'
import { closed, day, email, id, oneOf, phone, table, text, url, words } from './shapes.ts'

const department = Type.Object(
  { name: text, does: text, phone, email, address: words, signature: Type.Optional(text) },
  closed,
)
export const departmentsFile = Type.Object({ departments: table(department) }, closed)

const answerWithin = Type.Object(
  { days: Type.Integer({ minimum: 1, maximum: 365, description: '1 to 365' }), count: oneOf(['working', 'calendar']) },
  closed,
)
const topic = Type.Object(
  {
    name: text,
    department: id,
    'answer-within': answerWithin,
    sensitive: Type.Optional(Type.Boolean()),
    problem: Type.Optional(Type.Boolean()),
    published: Type.Optional(Type.Boolean()),
    keywords: Type.Optional(text),
  },
  closed,
)
export const topicsFile = Type.Object({ topics: table(topic) }, closed)

const member = Type.Object({ name: words, seat: text, email, topic: id }, closed)
export const councilFile = Type.Object({ council: table(member) }, closed)

export const placesFile = Type.Object({ places: table(Type.Object({ name: text }, closed)) }, closed)

const duty = Type.Object(
  {
    title: text,
    department: id,
    topics: Type.Array(id, { uniqueItems: true, description: 'a list of topics of the department' }),
    may: Type.Array(oneOf(powers), { minItems: 1, uniqueItems: true, description: `a list of ${powers.join(', ')}` }),
    reasons: table(text),
  },
  closed,
)
const group = Type.Array(id, { minItems: 1, uniqueItems: true, description: 'a list of duties' })
const groups = Type.Record(Type.String(), group, {
  propertyNames: Type.String({ minLength: 1, maxLength: 200, description: 'a group at the identity provider' }),
  description: 'groups, each with its list of duties',
})
export const dutiesFile = Type.Object({ duties: table(duty), groups: Type.Optional(groups) }, closed)

const open311 = Type.Object(
  {
    url,
    jurisdiction: Type.Optional(words),
    services: Type.Optional(Type.Record(Type.String(), words)),
    otherwise: words,
  },
  closed,
)
const agency = Type.Object(
  {
    name: text,
    kind: oneOf(agencyKinds),
    'responsible-for': text,
    topics: Type.Optional(Type.Array(id, { uniqueItems: true, description: 'a list of topics' })),
    takes: Type.Optional(
      Type.Object(
        { email: Type.Optional(email), open311: Type.Optional(open311) },
        { ...closed, minProperties: 1, maxProperties: 1, description: 'one way: email or open311' },
      ),
    ),
    needs: Type.Optional(Type.Array(oneOf(needs), { uniqueItems: true, description: `a list of ${needs.join(', ')}` })),
    phone,
    url,
  },
  closed,
)
const legalBasis = Type.Object({ text, source: words }, closed)
export const legalBasesFile = Type.Object({ 'legal-bases': table(legalBasis) }, closed)
export const agenciesFile = Type.Object({ agencies: table(agency) }, closed)

const template = Type.Object(
  { department: id, title: Type.String({ pattern: '\\S', maxLength: 80, description: 'a short title' }), words: text },
  closed,
)
export const templatesFile = Type.Object({ templates: table(template) }, closed)

const retentionClass = Type.Object(
  {
    text,
    years: Type.Number({ minimum: 0, maximum: 100, description: 'a number of years, 0 to 100' }),
    from: oneOf(['closed', 'received']),
    source: words,
  },
  closed,
)
export const retentionFile = Type.Object({ retention: table(retentionClass) }, closed)

const sentence = Type.Object(
  { id: Type.String({ pattern: '^p[1-9]\\d?\\.[1-9]\\d?$', description: 'p1.1, p1.2, …' }), en: words, es: words },
  closed,
)
const clause = Type.Object(
  {
    id: Type.String({ pattern: '^p[1-9]\\d?$', description: 'p1, p2, …' }),
    title: text,
    sentences: Type.Array(sentence, { minItems: 1 }),
  },
  closed,
)
export const policyFile = Type.Object(
  { title: text, effective: day, clauses: Type.Array(clause, { minItems: 1 }) },
  closed,
)
