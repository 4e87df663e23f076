import type { FacilityId } from './ids.ts'
import type { Text } from './text.ts'

/** How old a child is, as far as the city keeps it. */
export const bands = ['under-13', 'under-18'] as const
export type Band = (typeof bands)[number]

/** How much it matters that the right person consents. */
export const sensitivities = ['plain', 'private', 'sensitive'] as const
export type Sensitivity = (typeof sensitivities)[number]

/** How a guardian shows who she is, the strongest first. */
export const consentMethods = ['counter', 'video', 'telephone', 'signed-form', 'code-by-post', 'email-plus'] as const
export type ConsentMethod = (typeof consentMethods)[number]

/** The city's rules about children's data, from `consent.yaml`. Days are calendar days. */
export type ConsentRules = Readonly<{
  answerDays: number
  remindAfter: number
  verifyDays: number
  proofDays: number
  codeByPostDays: number
  disagreementDays: number
  ofAgeDays: number
  /** How long before its end whoever gave a consent is told. */
  endingDays: number
  backUpsExpire: number
  /** Those that are offered; strength 1 to 3. */
  methods: ReadonlyMap<ConsentMethod, Readonly<{ strength: number; how: Text }>>
  /** What the video call is booked as. */
  appointment?: FacilityId
  strength: Readonly<Record<Sensitivity, Readonly<Record<Band, number>>>>
  /** Records that guardians do not see, with the reason they read. */
  closedToGuardians: ReadonlyMap<string, Text>
}>
