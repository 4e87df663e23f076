import { Type } from '../../plumbing/index.ts'
import { id, oneOf, text } from './shapes.ts'

/** What differs between a Polygon and a MultiPolygon is asked of the numbers themselves (check-map.ts), to say clearly what is wrong. */
const geometry = Type.Object(
  { type: oneOf(['Polygon', 'MultiPolygon']), coordinates: Type.Array(Type.Unknown(), { minItems: 1 }) },
  { description: 'an outline: type and coordinates, as RFC 7946 has them' },
)

const properties = Type.Object({
  kind: oneOf(['district', 'neighborhood']),
  id,
  name: Type.Optional(text),
  district: Type.Optional(id),
})

/** `districts.geojson`: what other programs put beside these members is left alone (RFC 7946, section 6.1). */
export const mapFile = Type.Object({
  type: Type.Literal('FeatureCollection'),
  bbox: Type.Array(Type.Number(), {
    minItems: 4,
    maxItems: 4,
    description: 'the bounds of the city: west, south, east, north in degrees',
  }),
  features: Type.Array(Type.Object({ type: Type.Literal('Feature'), properties, geometry }), {
    minItems: 1,
    maxItems: 500,
    description: 'neighborhoods and districts, 500 at most',
  }),
})
