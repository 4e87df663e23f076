import type { City } from '../../city/index.ts'

/** The city's rules about children's data, from its file `consent.yaml`. */
export type ConsentRules = NonNullable<City['consent']>

/** How much it matters that the right person consents. */
export type Sensitivity = keyof ConsentRules['strength']

/** How old a child is, as far as the city keeps it. */
export type Band = keyof ConsentRules['strength'][Sensitivity]

/** How a guardian shows who she is. */
export type ConsentMethod = ConsentRules['methods'] extends ReadonlyMap<infer Method, unknown> ? Method : never
