import type { Language } from '../../plumbing/index.ts'

const spanish =
  /\b(el|la|los|las|de|del|que|y|en|por|para|con|una?|es|está|no|se|mi|su|calle|señor|señora|gracias|hola|buenos|días|ciudad|quiero|tengo|hay)\b/giu
const english =
  /\b(the|of|and|to|in|is|are|for|with|a|an|my|your|on|that|this|it|street|please|thank|thanks|hello|dear|city|i|have|there|not)\b/giu

/** The language of a letter by its small words; English where nothing speaks for Spanish. */
export function guessLanguage(text: string): Language {
  const start = text.slice(0, 4000)
  const count = (words: RegExp) => start.match(words)?.length ?? 0
  return count(spanish) > count(english) ? 'es' : 'en'
}
