import { Type } from 'typebox'
import { closed, email, id, phone, text, words } from './shapes.ts'

export const cityFile = Type.Object(
  {
    id,
    name: text,
    tagline: text,
    accent: Type.String({
      pattern: '^#[0-9a-f]{6}$',
      description: 'one colour as # and six digits 0-9 a-f, in quotation marks',
    }),
    wordmark: Type.String({
      pattern: '\\S',
      description: 'the name of an SVG file beside this one, or the words themselves',
    }),
    'time-zone': words,
    contact: Type.Object({ address: words, phone, email, hours: text }, closed),
  },
  closed,
)
