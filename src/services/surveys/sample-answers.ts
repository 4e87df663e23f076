import type { FormDefinition } from '../forms/index.ts'
import { choicesOf } from './results.ts'

/** What some invented people wrote; a few tell more than they should, to show what is masked. */
const voices: Readonly<Record<string, readonly string[]>> = {
  wish: [
    'More shade on the way to school.',
    'A crossing with a light at the library. My kids run.',
    'Please keep the pool open until October.',
    'The market should be on Sundays too, many of us work on Saturday.',
    'Que haya más bancas en el parque para las personas mayores.',
    'Fix the path along the river, it floods every winter.',
    'My neighbor Harold Simms at 418 Willow Street burns trash. Call me at 530 555 0187.',
    'A place for teenagers in the evening.',
    'Water fountains that work.',
    'Autobuses los domingos.',
    'I am Teresa Wills and I would like a dog park, write to teresa.wills@example.org',
    'Fewer leaf blowers before eight.',
  ],
  remark: [
    'Thursday evening would let me come after work.',
    'The children’s hour is wonderful, please keep it.',
    'Más libros en español, por favor.',
    'A quiet room for homework.',
    'Ask Mrs. Delaney at the desk, she knows what we need.',
    'Longer loans in summer.',
  ],
}

/** How the first choices weigh against the later ones: real answers are not even. */
const weights = [9, 14, 8, 5, 3, 4, 2, 6, 3, 7, 2]

/** Invented answers to a survey; the same ones each time. */
export function sampleAnswers(form: FormDefinition, count: number): readonly Record<string, string | string[]>[] {
  const draw = drawing(20260704)
  return Array.from({ length: count }, (_, n) => {
    const answer: Record<string, string | string[]> = {}
    for (const field of form.fields) {
      const choices = choicesOf(field)
      const words = voices[field.name]
      if (words) {
        const said = n % 37 === 0 ? words[(n / 37) % words.length] : undefined
        if (said !== undefined) answer[field.name] = said
      } else if (field.kind === 'several') {
        const chosen = choices.filter((_, at) => draw() < 0.12 + (weights[at] ?? 1) / 40)
        answer[field.name] = chosen.length > 0 ? chosen.slice(0, 3) : [choices[0] ?? '']
      } else if (field.required || draw() < 0.93) {
        answer[field.name] = pick(choices, draw())
      }
    }
    return answer
  })
}

function pick(choices: readonly string[], drawn: number): string {
  const total = choices.reduce((sum, _, at) => sum + (weights[at] ?? 1), 0)
  let left = drawn * total
  for (const [at, choice] of choices.entries()) {
    left -= weights[at] ?? 1
    if (left < 0) return choice
  }
  return choices.at(-1) ?? ''
}

/** A small generator (Lehmer): its numbers need to look uneven, nothing more. */
function drawing(seed: number): () => number {
  let at = seed % 2_147_483_647
  return () => {
    at = (at * 48_271) % 2_147_483_647
    return at / 2_147_483_647
  }
}
