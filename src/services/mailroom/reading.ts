import type { Language } from '../../plumbing/index.ts'
import { longestWords, type Answer } from '../correspondence/index.ts'
import type { Envelope } from './accept.ts'
import { guessLanguage } from './guess-language.ts'
import { sayInLetter } from './letter-messages.ts'
import type { Mail, Note } from './read-mail.ts'
import { quotedNumbers } from './recognise.ts'

/** What is kept, sealed, of having read a mail, so that nobody has to parse it again to show it. */
export type Reading = Readonly<{
  from?: Readonly<{ name: string; address: string }>
  subject: string
  text: string
  notes: readonly Note[]
  files: readonly Readonly<{ name: string; kind: string; bytes: number }>[]
  verdict: Envelope['verdict']
  /** Numbers of cases its subject speaks of, or its reply address names. */
  quoted: readonly number[]
  language: Language
}>

export function readingOf(mail: Mail, envelope: Envelope): Reading {
  return {
    ...(mail.from && { from: mail.from }),
    subject: mail.subject,
    text: mail.text,
    notes: mail.notes,
    files: mail.files.slice(0, 100).map(({ name, kind, content }) => ({ name, kind, bytes: content.length })),
    verdict: envelope.verdict,
    quoted: quotedNumbers(mail.subject),
    language: guessLanguage(`${mail.subject}\n${mail.text}`),
  }
}

/** A mail as the answers of a letter: its subject, its words, the names of files that stay in the original only. */
export function answersOf(reading: Reading, left: readonly string[]): readonly Answer[] {
  const { language, subject } = reading
  const named = left.join(', ')
  return [
    ...(subject ? [{ field: 'subject', label: sayInLetter(language, 'subject'), value: subject }] : []),
    { field: 'message', label: sayInLetter(language, 'message'), value: wordsOf(reading) },
    ...(named ? [{ field: 'files', label: sayInLetter(language, 'files'), value: named.slice(0, 2000) }] : []),
  ]
}

/** The words of a mail, and below them what whoever reads them should know. */
export function wordsOf({ language, text, notes }: Reading): string {
  const told = (['broken', 'empty', 'cut', 'charset'] as const)
    .filter((note) => notes.includes(note))
    .map((note) => sayInLetter(language, note))
    .join('\n')
  if (told === '') return text
  return `${[...text].slice(0, longestWords - told.length - 2).join('')}\n\n${told}`.trim()
}
