import { Type } from '../../plumbing/index.ts'
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
    'draft-days': Type.Optional(Type.Integer({ minimum: 1, maximum: 60, description: '1 to 60 days' })),
    contact: Type.Object({ address: words, phone, email, hours: text }, closed),
  },
  closed,
)
