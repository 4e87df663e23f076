import { Type, inOrder, isMistaken, readYaml, type Mistake, type Yaml, type Static } from '../../../plumbing/index.ts'
import { shapes, type Text } from '../../../city/index.ts'
import { kinds, type Kind } from '../define-file.ts'
import { categories, purposes, type Category, type Purpose } from '../define-privacy.ts'
import type { FormFilesRefused } from '../define.ts'

const { closed, oneOf, text } = shapes
const categoryNames = Object.keys(categories) as Category[]

const rule = Type.Object(
  {
    category: Type.Optional(oneOf(categoryNames)),
    kind: Type.Optional(oneOf(kinds)),
    words: Type.Optional(Type.Array(Type.String({ minLength: 2, maxLength: 60 }), { minItems: 1, maxItems: 50 })),
    'only-for': Type.Optional(
      Type.Array(oneOf(Object.keys(purposes) as Purpose[]), { minItems: 1, uniqueItems: true }),
    ),
    because: text,
    instead: text,
  },
  closed,
)
const minimisationFile = Type.Object(
  {
    'too-much': Type.Optional(shapes.table(rule)),
    'on-file': Type.Optional(
      Type.Record(Type.String(), text, {
        propertyNames: oneOf(categoryNames),
        description: 'categories, each with words',
      }),
    ),
  },
  closed,
)
type MinimisationFile = Readonly<Static<typeof minimisationFile>>

/** A rule of what is too much to ask: it tells of a question by its category, its kind, or words that stand in it. */
export type TooMuch = Readonly<{
  id: string
  category?: Category
  kind?: Kind
  words: readonly string[]
  /** Purposes for which it may be asked after all; absent: never. */
  onlyFor?: readonly Purpose[]
  because: Text
  instead: Text
}>

/** What a form of this city may not ask. */
export type Minimisation = Readonly<{ tooMuch: readonly TooMuch[]; onFile: ReadonlyMap<Category, Text> }>

/** Reads `minimisation.yaml`; every mistake with its file and line. */
export function loadMinimisation(path: string): Minimisation | FormFilesRefused {
  const file = readYaml(path, minimisationFile)
  const mistakes = isMistaken(file) ? file.mistakes : tellsOfNothing(file)
  if (isMistaken(file) || mistakes.length > 0) return { refused: 'form-files', mistakes: inOrder(mistakes) }
  const { 'too-much': tooMuch = {}, 'on-file': onFile = {} } = file.value
  return {
    tooMuch: Object.entries(tooMuch).map(([id, { words = [], 'only-for': onlyFor, ...rest }]) => ({
      id,
      ...rest,
      words: words.map(plainWords),
      ...(onlyFor && { onlyFor }),
    })),
    onFile: new Map(Object.entries(onFile) as [Category, Text][]),
  }
}

function tellsOfNothing(file: Yaml<MinimisationFile>): Mistake[] {
  return Object.entries(file.value['too-much'] ?? {}).flatMap(([id, { category, kind, words }]) => {
    const at = ['too-much', id]
    if (category === undefined && kind === undefined && words === undefined)
      return [file.mistake(at, `“${id}” does not say of which questions.`, 'category, kind or words', 'key')]
    return (words ?? []).flatMap((word, index) =>
      plainWords(word) === '' ? [file.mistake([...at, 'words', index], `“${word}” has no letter.`, 'words')] : [],
    )
  })
}

/** Small letters and digits without accents, single spaces; `S.S.N.` is `ssn`. */
export function plainWords(words: string): string {
  const plain = words
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\b([a-z])\.(?=[a-z]\b)/g, '$1')
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}
