import { _, Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { errorSummary, fieldError } from '../../../city/look/index.ts'
import { inLanguage, languages, localeOf, type Language } from '../../../plumbing/index.ts'
import type { FastifyInstance } from 'fastify'
import { inBrief, type City } from '../../../city/index.ts'
import { keptWords } from '../../attachments/index.ts'
import { errorCodes, type ErrorCode } from '../answering/errors.ts'
import { formats } from '../answering/formats.ts'
import type { Field } from '../define-field.ts'
import { lookedUp } from '../define-places.ts'
import type { FormDefinition } from '../define.ts'
import { mapPicture } from '../map/draw-map.ts'
import { say } from '../messages.ts'
import { say as sayFilling } from './messages.ts'
import { fillingModule, placesModule } from './module.ts'

// The library is CommonJS: what a bundler calls its default export, Node calls so once more.
const standaloneCode = (
  typeof standalone === 'function' ? standalone : (standalone as { default: unknown }).default
) as (ajv: Ajv2020, validate: unknown) => string

/** What checks one form in the browser, in the reader's language: its questions, its schema as code, and the words of every error. */
export function checkModule(form: FormDefinition, language: Language): string {
  const { validate, name } = validatorCode(form)
  const outline = {
    fields: form.fields.map(outlineOf),
    inOrder: form.inOrder,
    fees: form.fees.map((fee) => ({ ...fee, label: fee.label[language] })),
    waivers: form.waivers.map((waiver) => ({ ...waiver, label: waiver.label[language] })),
  }
  return `import { equal, formats, start, ucs2length } from '${fillingModule.href}'
${validate}
export const form = { outline: ${JSON.stringify(outline)}, validate: ${name}, words: ${JSON.stringify(wordsOf(form, language))} }
if (typeof document !== 'undefined') start(form)
`
}

/** Where the check of a form lies; a new version of the form has another address. */
export const checkAddress = ({ id, version }: FormDefinition, language: Language): string =>
  inLanguage(language, `/forms/${id}/v${String(version)}/check.js`)

/** Where the city's addresses and outlines lie: whole and the same for everyone, so that nobody is asked about what is typed. */
export const placesAddress = '/forms/places.json'

const mapWords = ['mapKeys', 'pinNone', 'pinIn', 'pinOutside'] as const

/** Puts on the shelf the modules of all forms, and the city's addresses, outlines and map. */
export function publishFilling(app: FastifyInstance, city: City): void {
  for (const language of languages)
    for (const size of ['large', 'small'] as const) {
      const picture = mapPicture(city, language, size)
      if (picture) app.publishFile(picture.href, () => ({ body: picture.svg, type: 'image/svg+xml', keep: 'forever' }))
    }
  app.publishFile(placesAddress, () => ({
    body: JSON.stringify(inBrief(city)),
    type: 'application/json; charset=utf-8',
    keep: keepCheckSeconds,
  }))
  for (const { href, make } of [fillingModule, placesModule])
    app.publishFile(href, () => ({ body: make(), type: 'text/javascript; charset=utf-8', keep: 'forever' }))
}

const keepCheckSeconds = 300

/** Puts the check of a form on the shelf, in each language; it is made when it is first asked for. */
export function publishCheck(app: FastifyInstance, form: FormDefinition): void {
  for (const language of languages)
    app.publishFile(checkAddress(form, language), () => ({
      body: checkModule(form, language),
      type: 'text/javascript; charset=utf-8',
      keep: keepCheckSeconds,
    }))
}

/** The form's schema as a function. What the library would fetch from its own folder, our module has. */
function validatorCode(form: FormDefinition): { validate: string; name: string } {
  const options = { strict: true, strictRequired: false, strictTypes: false, allErrors: true, messages: false }
  const ajv = new Ajv2020({ ...options, code: { source: true, esm: true, formats: _`formats` } })
  for (const [name, fits] of Object.entries(formats)) ajv.addFormat(name, fits)
  const code = standaloneCode(ajv, ajv.compile(withoutReasons(form.schema)))
  const [, name = ''] = /export const validate = (\w+);/.exec(code) ?? []
  const validate = code
    .replace(/export const validate = \w+;\s*export default \w+;/, '')
    .replace(/require\("ajv\/dist\/runtime\/(ucs2length|equal)"\)\.default/g, '$1')
  if (name === '' || /\brequire\(/.test(validate)) throw new Error(`the check of ${form.id} cannot stand alone`)
  return { validate, name }
}

/** Why something is asked stands in the page; the check does not need it. */
function withoutReasons(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'privacy' &&
      (typeof value === 'string' || (typeof value === 'object' && value !== null && 'necessity' in value))
        ? undefined
        : value,
    ),
  ) as object
}

/** What of a question is needed to read its answer. */
function outlineOf({ name, kind, maxItems, when, reckon, shown, 'in-city': inCity, map, parts }: Field): object {
  return { name, kind, maxItems, when, reckon, shown, 'in-city': inCity, map, parts: parts?.map(outlineOf) }
}

/** Files wait for twelve hours; she is told an hour before that is over. */
const warnAfterMinutes = 660

const scriptWords = [
  'deviceKeep', 'deviceWarn', 'deviceFound', 'deviceGoOn', 'deviceDelete', 'uploadBegun', 'uploadDone', 'uploadFailed',
  'uploadCancel', 'uploadCancelled', 'uploadAgain', 'uploadWait', 'keptSoon', 'keptLonger', 'keptRenewed',
] as const // prettier-ignore

/** A number that no answer is as long as: where it stands in a text, the length goes. */
const anyLength = 987_654_321

function wordsOf(form: FormDefinition, language: Language): object {
  const said = (code: ErrorCode, limit = 0) =>
    say(language, `error-${code}`, { label: '{label}', street: '{street}', limit, length: anyLength }).replace(
      new Intl.NumberFormat(localeOf(language)).format(anyLength),
      '{length}',
    )
  const limited = limitsIn(form.schema).map(([code, limit]): [string, string] => [
    `${code}:${String(limit)}`,
    said(code, limit),
  ])
  const many = String(
    errorSummary(
      language,
      [1, 2].map(() => ({ name: 'x', says: 'x' })),
    ),
  )
  return {
    locale: localeOf(language),
    form: form.id,
    filesAddress: inLanguage(language, `/forms/${form.id}/files`),
    language,
    lookedUp: [...lookedUp],
    placesModule: placesModule.href,
    placesData: placesAddress,
    ...Object.fromEntries(mapWords.map((key): [string, string] => [key, say(language, key, { place: '{place}' })])),
    warnMinutes: warnAfterMinutes,
    kept: keptWords(language),
    ...Object.fromEntries(
      scriptWords.map((key): [string, string] => [key, sayFilling(language, key, { name: '{name}', when: '{when}' })]),
    ),
    own: Object.fromEntries(form.fields.flatMap((field) => ownWords(field, language))),
    codes: { ...Object.fromEntries(errorCodes.map((code) => [code, said(code)])), ...Object.fromEntries(limited) },
    inRow: say(language, 'inRow', { row: '{row}', says: '{says}' }),
    moreOne: say(language, 'moreAsked', { count: 1 }),
    moreMany: say(language, 'moreAsked', { count: 2 }).replace('2', '{count}'),
    total: say(language, 'feesTotal'),
    beside: String(fieldError(language, 'x', '{says}')),
    errorWord: /<span class="unseen">([^<]*?)\s*<\/span>/.exec(String(fieldError(language, 'x', '')))?.[1] ?? '',
    summaryOne: String(errorSummary(language, [{ name: 'x', says: 'x' }])),
    summaryMany: many,
    summaryTitle: (/<h2[^>]*>([^<]*)</.exec(many)?.[1] ?? '').replace('2', '{count}'),
  }
}

function ownWords(
  { name, label, errors, parts = [] }: Field,
  language: Language,
  before = '',
): (readonly [string, object])[] {
  const own = { label: label[language], missing: errors?.missing?.[language], wrong: errors?.wrong?.[language] }
  return [[before + name, own], ...parts.flatMap((part) => ownWords(part, language, `${name}.`))]
}

const codesOf: Readonly<Record<string, readonly ErrorCode[]>> = {
  maxLength: ['too-long'],
  minLength: ['too-short'],
  minItems: ['too-few', 'too-few-rows'],
  maxItems: ['too-many', 'too-many-rows'],
  minimum: ['out-of-range'],
  maximum: ['out-of-range'],
}

/** Every limit of the schema, with the errors that tell of it. */
function limitsIn(schema: unknown): [ErrorCode, number][] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]): [ErrorCode, number][] =>
    typeof value === 'number' ? (codesOf[key] ?? []).map((code) => [code, value]) : limitsIn(value),
  )
}
