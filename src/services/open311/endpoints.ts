import type { Language } from '../../plumbing/index.ts'
import type { TakenFile } from '../attachments/index.ts'
import { addition } from './addition.ts'
import type { Admitted, Doing } from './admit.ts'
import type { Answer } from './answer.ts'
import { discoveryAnswer } from './discovery.ts'
import { formOf, type Open311House } from './house.ts'
import { letterOf } from './letter-of.ts'
import { say } from './messages.ts'
import { only, type Parameters } from './parameters.ts'
import { published, publishedByNumber, requestsAnswer } from './published.ts'
import { questionIn, spanIn } from './question.ts'
import { isRefused, refuse, type Refused } from './refused.ts'
import { report, reportAnswer } from './report.ts'
import { definitionAnswer, servicesAnswer } from './services.ts'
import { updatesAnswer } from './updates.ts'

export type Asking = Readonly<{
  parameters: Parameters
  /** What was attached. */
  files: readonly TakenFile[]
  language: Language
  id?: string
}>
type Admit = (key: string | undefined, doing: Doing, language: Language) => Promise<Admitted | Refused>
type Work = (house: Open311House, asking: Asking, admit: Admit) => Promise<Answer | Refused>
export type OpenEndpoint = Readonly<{ get?: Work; post?: Work }>

const collections: Readonly<Record<string, OpenEndpoint>> = {
  discovery: { get: inCity((house) => Promise.resolve(discoveryAnswer(house))) },
  services: { get: inCity(services) },
  requests: { get: inCity(requests), post: keyed('post', takeReport) },
  servicerequestupdates: { get: inCity(updates), post: keyed('update', takeAddition) },
}
const things: Readonly<Record<string, OpenEndpoint>> = {
  services: { get: inCity(definition) },
  requests: { get: inCity(oneRequest) },
  tokens: { get: inCity(oneToken) },
}

/** What answers at a path below `/open311/v2`, without its ending. */
export function endpointAt([resource = '', id]: readonly string[]): OpenEndpoint | undefined {
  const of = id === undefined ? collections : things
  const name = resource.toLowerCase()
  return Object.hasOwn(of, name) ? of[name] : undefined
}

/** A jurisdiction may be left out; one that is named must be this city. */
function inCity(work: Work): Work {
  return async (house, asking, admit) => {
    const { id } = house.city
    const named = only(asking.parameters, 'jurisdiction_id', asking.language)
    if (isRefused(named)) return named
    if (named !== undefined && named !== id && named !== new URL(house.publicUrl).hostname)
      return refuse(404, say(asking.language, 'errJurisdiction', { id }))
    return work(house, asking, admit)
  }
}

type KeyedWork = (house: Open311House, asking: Asking, by: Admitted) => Promise<Answer | Refused>

/** The key comes first: who has none learns nothing of what else was wrong. */
function keyed(doing: Doing, work: KeyedWork): Work {
  return async (house, asking, admit) => {
    const key = only(asking.parameters, 'api_key', asking.language)
    if (isRefused(key)) return key
    const by = await admit(key, doing, asking.language)
    if (isRefused(by)) return by
    return inCity((_house, again) => work(house, again, by))(house, asking, admit)
  }
}

function services(house: Open311House, { language }: Asking): Promise<Answer | Refused> {
  const form = formOf(house)
  return Promise.resolve(form ? servicesAnswer(house.city, form, language) : noServices)
}

function definition(house: Open311House, { language, id = '' }: Asking): Promise<Answer | Refused> {
  const form = formOf(house)
  if (!form) return Promise.resolve(refuse(404, say(language, 'errService')))
  return Promise.resolve(definitionAnswer(house.city, form, id, language))
}

async function requests(house: Open311House, { parameters, language }: Asking): Promise<Answer | Refused> {
  const question = questionIn(parameters, house.clock, language)
  if (isRefused(question)) return question
  const zone = house.city.timeZone
  const rows =
    'numbers' in question
      ? await publishedByNumber(house.db, question.numbers, zone)
      : await published(house.db, question, zone)
  return requestsAnswer(house, rows, language)
}

async function oneRequest(house: Open311House, { language, id = '' }: Asking): Promise<Answer | Refused> {
  const numbers = /^\d{1,15}$/.test(id) ? [Number(id)] : []
  const rows = numbers.length > 0 ? await publishedByNumber(house.db, numbers, house.city.timeZone) : []
  return rows.length > 0 ? requestsAnswer(house, rows, language) : refuse(404, say(language, 'errRequest'))
}

/**
 * A report's service_request_id is answered at once, so it is its own token: a program that always asks for the number by
 * the token gets it. Of what is not listed there is none, as there is no request.
 */
async function oneToken(house: Open311House, asking: Asking): Promise<Answer | Refused> {
  const { id = '', language } = asking
  const found = await oneRequest(house, asking)
  if (isRefused(found)) return refuse(404, say(language, 'errToken'))
  const number = String(Number(id))
  return {
    root: 'service_requests',
    inside: { item: 'request', things: [{ service_request_id: number, token: number }] },
  }
}

async function updates(house: Open311House, { parameters, language }: Asking): Promise<Answer | Refused> {
  const between = spanIn(parameters, house.clock, language)
  return isRefused(between) ? between : updatesAnswer(house, between, language)
}

async function takeReport(house: Open311House, asking: Asking, by: Admitted): Promise<Answer | Refused> {
  const form = formOf(house)
  if (!form) return refuse(404, say(asking.language, 'errService'))
  const letter = letterOf(house, form, asking.parameters, asking.language)
  if (isRefused(letter)) return letter
  const withFiles = asking.files.length > 0 ? { ...letter, files: asking.files } : letter
  return reportAnswer(house, letter, await report(house, by, withFiles), asking.language)
}

function takeAddition(house: Open311House, asking: Asking, by: Admitted): Promise<Answer | Refused> {
  if (asking.files.length > 0) return Promise.resolve(refuse(400, say(asking.language, 'errNoFiles')))
  return addition(house, by, asking.parameters, asking.language)
}

const noServices: Answer = { root: 'services', inside: { item: 'service', things: [] } }
