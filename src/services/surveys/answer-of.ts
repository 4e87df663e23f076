import type { City } from '../../city/index.ts'
import { seal, type DataKey } from '../../trust/vault/index.ts'
import type { ReadAnswers } from '../forms/index.ts'
import type { Questionnaire } from './load.ts'
import { screen, type Harmless } from './screen.ts'

/** One answer as it goes into the box: choices, and apart from them the words, masked and sealed. */
export type Slip = Readonly<{
  choices: readonly string[]
  words: readonly Readonly<{ question: string; sealed: string; masked: number }>[]
}>

/** Where sealed words stand. Rows are written anew under new identifiers, so the seal is bound to survey and question. */
export const wordsAt = (survey: string, question: string) => ({
  table: 'words',
  column: 'sealed',
  row: `${survey}/${question}`,
})

/** Screens and seals what was answered. Of who answered, when, from where and in which language nothing goes along. */
export function slipOf(
  city: City,
  key: DataKey,
  survey: string,
  { form }: Pick<Questionnaire, 'form'>,
  { answers }: ReadAnswers,
): Slip {
  const choices: string[] = []
  const words: Slip['words'][number][] = []
  for (const { name, kind } of form.fields) {
    const answer = answers[name]
    if (answer === undefined) continue
    if ((kind === 'text' || kind === 'long-text') && typeof answer === 'string') {
      const { text, masked } = screen(answer, harmlessIn(city))
      words.push({ question: name, sealed: seal(key, wordsAt(survey, name), text).toString('base64'), masked })
    } else if (Array.isArray(answer)) {
      choices.push(`${name}=`, ...answer.map((one: string) => `${name}=${one}`))
    } else if (typeof answer === 'boolean') {
      choices.push(`${name}=${answer ? 'yes' : 'no'}`)
    } else if (typeof answer === 'string') {
      choices.push(`${name}=${answer}`)
    }
  }
  return { choices: choices.sort(), words }
}

const known = new WeakMap<City, Harmless>()

/** The city's own names: neighborhoods, departments, itself. */
export function harmlessIn(city: City): Harmless {
  const made = known.get(city)
  if (made) return made
  const all = [city.name, ...[...city.places.values(), ...city.departments.values()].map(({ name }) => name)]
  const words = [...new Set(all.flatMap(({ en, es }) => [en, es]))]
  known.set(city, words)
  return words
}
