import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { inBrief, isRefusal, loadCity, placeAt } from '../../../city/index.ts'
import { isMistaken, parseYaml, type Language } from '../../../plumbing/index.ts'
import type { FieldError } from '../answering/errors.ts'
import type { ReadForm } from '../answering/read-form.ts'
import { checkedForm, loadForms, type FormDefinition } from '../define.ts'
import type { Field } from '../define-field.ts'
import { formFile } from '../define-file.ts'
import { asYaml } from '../exchange/as-yaml.ts'
import { anyForm } from '../exchange/testing/any-form.ts'
import { errorWords } from '../pages/error-words.ts'
import { checkModule } from './check-module.ts'
import { fillingModule, placesModule } from './module.ts'

const cityFolder = join(import.meta.dirname, '../../../../city')
const city = loadCity(cityFolder)
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
const forms = loadForms(join(cityFolder, 'forms'), city)
if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes, null, 2))

const folder = mkdtempSync(join(tmpdir(), 'cityhall-check-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

type Browser = {
  readForm: (outline: unknown, validate: unknown, posted: unknown) => ReadForm
  lookUp: (brief: unknown, language: string) => { settledIn: (outline: unknown) => (read: ReadForm) => ReadForm }
  errorInWords: (words: unknown, error: FieldError) => string
}
type Check = { form: { outline: unknown; validate: unknown; words: unknown } }

const shared = join(folder, 'filling.mjs')
writeFileSync(shared, fillingModule.make())
const places = join(folder, 'places.mjs')
writeFileSync(places, placesModule.make().replace(fillingModule.href, pathToFileURL(shared).href))
const brief: unknown = JSON.parse(JSON.stringify(inBrief(city)))
let made = 0

/** What the browser is sent, loaded as it is, with one address that leads to a folder. */
async function inBrowser(form: FormDefinition, language: Language) {
  const path = join(folder, `check-${String(made++)}.mjs`)
  writeFileSync(path, checkModule(form, language).replace(fillingModule.href, pathToFileURL(shared).href))
  const check = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Check
  const browser = (await import(/* @vite-ignore */ pathToFileURL(shared).href)) as Browser
  const { lookUp } = (await import(/* @vite-ignore */ pathToFileURL(places).href)) as Browser
  const { outline, validate, words } = check.form
  const settle = lookUp(brief, language).settledIn(outline)
  return (posted: unknown) => {
    const { answers, asked, errors } = settle(browser.readForm(outline, validate, posted))
    return { answers, asked, errors, says: errors.map((error) => browser.errorInWords(words, error)) }
  }
}

function onServer(form: FormDefinition, language: Language, posted: Readonly<Record<string, unknown>>) {
  const { answers, asked, errors } = form.look(posted)
  return { answers, asked, errors, says: errorWords(language, form, errors).map(({ says }) => says) }
}

const typed = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'yes',
    'no',
    '12',
    '-1',
    '1,250.50',
    '$12.5',
    '3/14/2027',
    '2027-02-30',
    '3 pm',
    '25:00',
    'a@b.co',
  ),
  fc.constantFrom('nobody', '(530) 555-0123', '38.5,-121.7', '2027-03-01T10:00/2', 'a\u0000b', '\ud800', 'two\nlines'),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('12 willow', '14 Willow Street', '12 Wilow St.', '1 Nowhere Lane', '418 willow st apt 3, Almendra'),
  fc
    .tuple(fc.double({ min: 38.4, max: 38.6, noNaN: true }), fc.double({ min: -121.8, max: -121.6, noNaN: true }))
    .map(([lat, long]) => `${lat.toFixed(5)},${long.toFixed(5)}`),
)

/** Anything that might come from a page of this form, fitting or not. */
function anyPost(form: FormDefinition): fc.Arbitrary<Record<string, unknown>> {
  const one = (field: Field): fc.Arbitrary<unknown> => {
    const offered = (field.choices ?? []).map(({ value }) => value)
    const single = offered.length > 0 ? fc.oneof(fc.constantFrom(...offered), typed) : typed
    return fc.oneof({ weight: 4, arbitrary: single }, fc.array(single, { maxLength: 4 }), fc.constant(undefined))
  }
  const names = form.fields.flatMap((field): [string, Field][] => {
    if (!field.parts) return [[field.name, field]]
    const rows = field.kind === 'table' ? ['.0', '.2', '.7'] : ['']
    return rows.flatMap((row) =>
      (field.parts ?? []).map((part): [string, Field] => [`${field.name}${row}.${part.name}`, part]),
    )
  })
  return fc.record(Object.fromEntries(names.map(([name, field]) => [name, one(field)])))
}

test('for any definition and any post, the browser reads the same answers and says the same errors in the same words', async () => {
  await fc.assert(
    fc.asyncProperty(anyForm(city), fc.constantFrom<Language>('en', 'es'), fc.gen(), async (source, language, gen) => {
      const file = parseYaml('any-form.yaml', asYaml(source), formFile)
      if (isMistaken(file)) throw new Error(JSON.stringify(file.mistakes))
      const form = checkedForm(file, city)
      if (isMistaken(form)) throw new Error(JSON.stringify(form.mistakes))
      const browser = await inBrowser(form, language)
      for (let round = 0; round < 8; round++) {
        const posted = gen(() => anyPost(form))
        expect(browser(posted)).toEqual(onServer(form, language, posted))
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('so it is for every form of the city', async () => {
  for (const form of forms.values())
    for (const language of ['en', 'es'] as const) {
      const browser = await inBrowser(form, language)
      fc.assert(
        fc.property(anyPost(form), (posted) => {
          expect(browser(posted)).toEqual(onServer(form, language, posted))
        }),
        { numRuns: 30 },
      )
    }
})

test('places are found by the same code: an address as the city writes it, a wrong number, a point outside the city', async () => {
  const [card, event] = await Promise.all(['library-card', 'special-event-permit'].map((id) => both(id)))
  const home = (address: string) => card?.({ tie: 'live', address })
  expect(home('12 willow st')).toMatchObject({ answers: { address: '12 Willow Street' } })
  expect(home('14 Willow Street')?.says).toContainEqual(expect.stringContaining('number on Willow Street'))
  expect(home('1 Nowhere Lane')?.errors).toContainEqual(expect.objectContaining({ code: 'not-in-the-city' }))
  expect(event?.({ place: innerPoint() }).errors).not.toContainEqual(expect.objectContaining({ field: 'place' }))
  expect(event?.({ place: '38.10000,-121.10000' }).errors).toContainEqual(expect.objectContaining({ code: 'not-on-the-map' })) // prettier-ignore
})

/** What the browser says of a post to a form of the city, once it is what the server says. */
async function both(id: string) {
  const form = isRefusal(forms) ? undefined : [...forms.values()].find((one) => one.id === id)
  if (!form) throw new Error(`there is no form ${id}`)
  const browser = await inBrowser(form, 'en')
  return (posted: Readonly<Record<string, unknown>>) => {
    const said = browser(posted)
    expect(said).toEqual(onServer(form, 'en', posted))
    return said
  }
}

/** A point in the middle of a neighborhood's bounds that lies in the city. */
function innerPoint(): string {
  if (isRefusal(city)) throw new Error('no city')
  for (const { box } of city.map.places) {
    const [west, south, east, north] = box
    const point = { lat: (south + north) / 2, long: (west + east) / 2 }
    if (placeAt(city, point) !== undefined) return `${point.lat.toFixed(5)},${point.long.toFixed(5)}`
  }
  throw new Error('no neighborhood holds its middle')
}

test('all script of a form is at most 25 kB over the wire, and holds nothing that its policy forbids', () => {
  const [shared, ...checks] = [fillingModule.make(), ...[...forms.values()].map((form) => checkModule(form, 'es'))]
  const size = (text: string) => brotliCompressSync(text).length
  expect(size(placesModule.make())).toBeLessThan(8_000)
  for (const check of checks) {
    expect(size(shared) + size(check)).toBeLessThan(25_000)
    expect(check).not.toMatch(/\beval\b|new Function|require\(/)
  }
})
