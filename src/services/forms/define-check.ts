import { mustBeKnown } from '../../city/index.ts'
import type { City } from '../../city/index.ts'
import type { Mistake, Path, Yaml } from '../../plumbing/index.ts'
import { contactCategories } from './define-privacy.ts'
import { checkCharges } from './define-check-charges.ts'
import { checkConditions } from './define-check-when.ts'
import { checkParts, hasParts } from './define-check-parts.ts'
import { checkPages } from './define-check-pages.ts'
import { checkPatterns } from './define-check-patterns.ts'
import type { FieldEntry, FormFile, Kind, PropertyEntry } from './define-file.ts'
import { kindFacts, tellsPlace } from './define-kinds.ts'

/** What the form's own shape cannot tell: whether its questions, its schema and the city agree, and whether each personal question may be asked. */
export function checkForm(file: Yaml<FormFile>, city: City): Mistake[] {
  const { fields, schema } = file.value
  const topics = Object.fromEntries(city.topics)
  const mistakes = [
    ...mustBeKnown(file, ['topic'], file.value.topic, topics, 'a topic'),
    ...mustBeAsked(file, ['topic-from'], file.value['topic-from'], 'topic-choice'),
    ...mustTellPlace(file),
    ...mustTellWhere(file),
    ...(file.value['in-order'] ?? []).flatMap((pair, index) =>
      pair.flatMap((name, position) => mustBeAsked(file, ['in-order', index, position], name, 'date')),
    ),
    ...(schema.required ?? []).flatMap((name, index) =>
      mustBeKnown(file, ['schema', 'required', index], name, fields, 'a question of this form'),
    ),
  ]
  for (const name of Object.keys(schema.properties).filter((name) => !Object.hasOwn(fields, name))) {
    const says = `“${name}” may be answered but is never asked.`
    mistakes.push(file.mistake(['schema', 'properties', name], says, `“${name}” under fields, with its label`, 'key'))
  }
  for (const [name, field] of Object.entries(fields)) {
    const property = schema.properties[name]
    if (property === undefined) {
      const says = `“${name}” is asked, but schema does not say what may be answered.`
      mistakes.push(file.mistake(['fields', name], says, `“${name}” under schema, properties`, 'key'))
    } else {
      mistakes.push(
        ...checkField(file, city, name, field, property),
        ...checkPrivacy(file, city, name, field, property),
      )
    }
  }
  return [
    ...mistakes,
    ...onePerContact(file),
    ...checkConditions(file),
    ...checkPages(file),
    ...checkPatterns(file),
    ...checkCharges(file, city),
    ...checkMinors(file, city),
  ]
}

const keptElsewhere: ReadonlySet<string> = new Set(['files', 'slot', 'session'])

/** What a minor answers is kept under her parent’s consent and nowhere else: files, bookings and charges are not. */
function checkMinors(file: Yaml<FormFile>, { consent }: City): Mistake[] {
  const { minors, fields, fees } = file.value
  if (minors === undefined) return []
  const without = consent
    ? []
    : [file.mistake(['minors'], 'The city has no rules of consent.', 'a file consent.yaml, or no minors:')]
  const outside = Object.entries(fields).flatMap(([name, { kind }]) =>
    keptElsewhere.has(kind)
      ? [
          file.mistake(
            ['fields', name],
            `A form for minors has no question of kind ${kind}.`,
            'another kind, or no minors:',
          ),
        ]
      : [],
  )
  const costs = fees ? [file.mistake(['fees'], 'A form for minors costs nothing.', 'no fees:, or no minors:')] : []
  return [...without, ...outside, ...costs]
}

/** Whether something was reported already can be said only where topic and neighborhood are asked. */
function mustTellWhere(file: Yaml<FormFile>): Mistake[] {
  if (file.value.duplicates === undefined || (file.value['topic-from'] && file.value['place-from'])) return []
  const says = 'Without a topic and a neighborhood nobody can tell what was reported already.'
  return [file.mistake(['duplicates'], says, 'topic-from: and place-from: as well, or no duplicates:')]
}

/** A neighborhood is chosen, or follows from an address of the city’s list or a place on its map. */
function mustTellPlace(file: Yaml<FormFile>): Mistake[] {
  const { fields, 'place-from': name } = file.value
  const field = name === undefined ? undefined : fields[name]
  if (name === undefined || (field && tellsPlace(field))) return []
  const fitting = Object.entries(fields).flatMap(([name, field]) => (tellsPlace(field) ? [name] : []))
  const says = `“${name}” is no question that tells a neighborhood.`
  return [file.mistake(['place-from'], says, fitting.join(', ') || 'a question of kind place-choice or map-place')]
}

function mustBeAsked(file: Yaml<FormFile>, path: Path, name: string | undefined, kind: Kind): Mistake[] {
  if (name === undefined || file.value.fields[name]?.kind === kind) return []
  const fitting = Object.entries(file.value.fields).filter(([, field]) => field.kind === kind)
  return [file.mistake(path, `“${name}” is not a question of kind ${kind}.`, fitting.map(([name]) => name).join(', '))]
}

function checkField(
  file: Yaml<FormFile>,
  city: City,
  name: string,
  field: FieldEntry,
  property: PropertyEntry,
): Mistake[] {
  const mistakes: Mistake[] = []
  const path = ['schema', 'properties', name]
  if (!kindFacts[field.kind].types.includes(property.type)) {
    const says = `“${name}” is asked as ${field.kind}, which is not answered with the type ${property.type}.`
    mistakes.push(file.mistake([...path, 'type'], says, kindFacts[field.kind].types.join(', ')))
  }
  if (kindFacts[field.kind].answered === 'typed' && property.maxLength === undefined) {
    const says = `“${name}” has no limit to its length.`
    mistakes.push(file.mistake(path, says, 'maxLength: with a number of characters', 'key'))
  }
  const listed = field.kind === 'choice' || field.kind === 'several'
  if (listed !== (field.choices !== undefined)) {
    const says = listed ? `“${name}” has nothing to choose from.` : `“${name}” is of a kind that has no choices.`
    mistakes.push(file.mistake(['fields', name, 'choices'], says, 'choices: for the kinds choice and several only'))
  }
  if ((field.kind === 'topic-choice') !== (field.topics !== undefined)) {
    const says = `“${name}” ${field.topics === undefined ? 'must say which topics it offers' : 'does not choose a topic'}.`
    mistakes.push(
      file.mistake(['fields', name, 'topics'], says, 'topics: problems or all, for the kind topic-choice only'),
    )
  }
  if (field.kind === 'files') mistakes.push(...checkFiles(file, name, property))
  return [...mistakes, ...checkOwnWords(file, city, name, field), ...checkParts(file, name, field, property)]
}

/** Keys that belong to one kind of question and to no other. */
const ownKeys = [
  ['statement', ['declaration', 'signature']],
  ['reckon', ['reckoned']],
] as const satisfies readonly (readonly [keyof FieldEntry, readonly Kind[]])[]

function checkOwnWords(file: Yaml<FormFile>, city: City, name: string, field: FieldEntry): Mistake[] {
  const path = ['fields', name]
  const mistakes = ownKeys.flatMap(([key, kinds]) => {
    const belongs = kinds.some((kind) => kind === field.kind)
    if (belongs === (field[key] !== undefined)) return []
    const says = belongs ? `“${name}” does not say its ${key}.` : `“${name}” is of a kind that has no ${key}.`
    return [file.mistake([...path, key], says, `${key}: for the kind ${kinds.join(' or ')} only`)]
  })
  if (field.kind !== 'slot' && field.facility !== undefined)
    mistakes.push(file.mistake(path, `“${name}” books nothing.`, 'facility: for the kind slot only'))
  if (field.kind !== 'slot' && field.kind !== 'session' && field['price-group'] !== undefined)
    mistakes.push(file.mistake(path, `“${name}” has no price.`, 'price-group: for the kinds slot and session only'))
  if (field['in-city'] !== undefined && field.kind !== 'address')
    mistakes.push(
      file.mistake([...path, 'in-city'], `“${name}” is not an address.`, 'in-city: for the kind address only'),
    )
  if (field['in-city'] === true && !city.addresses)
    mistakes.push(
      file.mistake(
        [...path, 'in-city'],
        'The city has no list of its addresses.',
        'a file addresses.csv, or no in-city:',
      ),
    )
  if (field.kind === 'reckoned' && file.value.schema.required?.includes(name))
    mistakes.push(
      file.mistake(path, `“${name}” is not asked, so it cannot be required.`, `${name} taken out of required`),
    )
  const booking = Object.entries(file.value.fields).filter(([, { kind }]) => kind === 'slot' || kind === 'session')
  if ((field.kind === 'slot' || field.kind === 'session') && booking[0]?.[0] !== name)
    mistakes.push(file.mistake(path, 'A form books one thing.', 'one question of the kind slot or session'))
  // Who waits for a place owes nothing yet, so what such a form costs is the session's price alone.
  if (field.kind === 'session' && (file.value.fees || file.value.waivers))
    mistakes.push(file.mistake(path, 'What somebody signs up for has its own price.', 'no fees: and no waivers: here'))
  return mistakes
}

/** Files are counted, and nobody is turned away for having none: who has no camera describes it in words. */
function checkFiles(file: Yaml<FormFile>, name: string, { maxItems }: PropertyEntry): Mistake[] {
  const mistakes: Mistake[] = []
  if (maxItems === undefined || maxItems < 1 || maxItems > mostFiles) {
    const says = `“${name}” does not say how many files it takes.`
    mistakes.push(file.mistake(['schema', 'properties', name], says, `maxItems: 1 to ${String(mostFiles)}`, 'key'))
  }
  if (file.value.schema.required?.includes(name)) {
    const says = `“${name}” is required, but files cannot be.`
    mistakes.push(file.mistake(['schema', 'required'], says, `${name} taken out of required`))
  }
  const others = Object.entries(file.value.fields).filter(([, { kind }]) => kind === 'files')
  if (others[0]?.[0] !== name) {
    mistakes.push(file.mistake(['fields', name], 'A form asks for files once.', 'one question of the kind files'))
  }
  return mistakes
}

const mostFiles = 10

/** Law 3: nothing is asked without a purpose, and nothing is required that the purpose does not need. */
function checkPrivacy(
  file: Yaml<FormFile>,
  city: City,
  name: string,
  field: FieldEntry,
  { privacy }: PropertyEntry,
): Mistake[] {
  const path = ['schema', 'properties', name, 'privacy']
  if (typeof privacy === 'string') {
    if (privacy === 'not-personal' && kindFacts[field.kind].answered === 'chosen') return []
    const says =
      privacy === 'not-personal'
        ? `“${name}” is written freely, so people will write about themselves in it.`
        : `“privacy” cannot be “${privacy}”.`
    return [file.mistake(path, says, 'purpose, category, necessity, retention and needed')]
  }
  const mistakes = mustBeKnown(
    file,
    [...path, 'retention'],
    privacy.retention,
    Object.fromEntries(city.retention),
    'in retention.yaml',
  )
  if (!privacy.needed && file.value.schema.required?.includes(name)) {
    const says = `“${name}” is required, yet says that it is not needed.`
    mistakes.push(file.mistake([...path, 'needed'], says, `needed: true, or take ${name} out of required`))
  }
  return mistakes
}

/** A letter has one sender: two questions for an e-mail address would leave open which of them is answered. */
function onePerContact(file: Yaml<FormFile>): Mistake[] {
  return contactCategories.flatMap((category) => {
    const is = (entry: PropertyEntry['privacy'] | undefined) => typeof entry === 'object' && entry.category === category
    const paths = Object.entries(file.value.schema.properties).flatMap(([name, property]) => [
      ...(is(property.privacy) && !hasParts(file.value.fields[name]?.kind) ? [[name]] : []),
      ...Object.entries((file.value.fields[name]?.kind === 'person' && property.properties) || {}).flatMap(
        ([part, inside]) => (is(inside.privacy) ? [[name, 'properties', part]] : []),
      ),
    ])
    return paths.slice(1).map((path) => {
      const says = `“${path.at(-1) ?? ''}” asks for a second ${category}.`
      const at = ['schema', 'properties', ...path, 'privacy', 'category']
      return file.mistake(at, says, `one question of the category ${category}`)
    })
  })
}
