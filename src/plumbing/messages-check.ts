import { IntlMessageFormat } from 'intl-messageformat'
import { localeOf, type Language, type Words } from './messages.ts'

type Elements = ReturnType<IntlMessageFormat['getAst']>

/**
 * What is wrong with some catalogues, a sentence each; nothing when all is well. Wrong is: a message that does not
 * compile, a key that only one language has, and a translation whose parameters or tags differ from the English ones.
 */
export function mistakesIn(catalogues: readonly Words<string>[]): string[] {
  return catalogues.flatMap(({ en, es }) => {
    const mistakes = Object.keys(en).flatMap((key) => check('en', key, en[key] ?? '').mistakes)
    if (!es) return mistakes
    for (const key of Object.keys(es)) if (!(key in en)) mistakes.push(`${key}: in Spanish only`)
    for (const [key, text] of Object.entries(en)) {
      const translated = es[key]
      if (translated === undefined) mistakes.push(`${key}: not in Spanish`)
      else mistakes.push(...compare(key, text, translated))
    }
    return mistakes
  })
}

function compare(key: string, text: string, translated: string): string[] {
  const english = check('en', key, text)
  const spanish = check('es', key, translated)
  const same = english.parameters === spanish.parameters
  return same ? spanish.mistakes : [...spanish.mistakes, `${key}: ${english.parameters} against ${spanish.parameters}`]
}

function check(language: Language, key: string, text: string): { mistakes: string[]; parameters: string } {
  try {
    const names = new Set<string>()
    collect(new IntlMessageFormat(text, localeOf(language)).getAst(), names)
    return { mistakes: [], parameters: [...names].sort().join(' ') || '(none)' }
  } catch (fault) {
    return { mistakes: [`${key}: does not compile in ${language}: ${String(fault)}`], parameters: '?' }
  }
}

/** Types in the syntax tree of ICU messages: 0 is literal text and 7 the `#` of a plural; all others have a name. */
function collect(elements: Elements, names: Set<string>): void {
  for (const element of elements) {
    if (element.type === 0 || element.type === 7) continue
    names.add(element.type === 8 ? `<${element.value}>` : `{${element.value}}`)
    if (element.type === 8) collect(element.children, names)
    if (element.type === 5 || element.type === 6) {
      for (const option of Object.values(element.options)) collect(option.value, names)
    }
  }
}
