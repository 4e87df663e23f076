import type { RetentionId, Text } from '../../city/index.ts'

/**
 * The privacy vocabulary: a question about a person says what for, what kind of information it is, why it is needed and
 * how long the answer is kept. Own keys, each mapped to one term of fideslang 3 and of the W3C Data Privacy Vocabulary 2 (DPV
 * and its PD extension) for export; `exchange/terms.test.ts` holds them against the lists of both.
 */
export type Privacy = Readonly<{
  purpose: Purpose
  category: Category
  /** Why we ask, one sentence, shown beside the question. */
  necessity: Text
  retention: RetentionId
  /** On what the city may ask; without a word of its own, the purpose's usual one. */
  basis: Basis
  sensitivity: Sensitivity
  /** True where what the person wants cannot be done without the answer; only such a question may be required. */
  needed: boolean
}>

export const purposes = {
  answer: { fides: 'essential.service.operations.support', dpv: 'dpv:CommunicationManagement' },
  'do-the-work': { fides: 'essential.service', dpv: 'dpv:RequestedServiceProvision' },
  'find-records': { fides: 'essential.legal_obligation', dpv: 'dpv:LegalCompliance' },
  'take-part': { fides: 'essential.service', dpv: 'dpv:ServiceRegistration' },
  'check-eligibility': { fides: 'essential.service', dpv: 'dpv:Verification' },
  'keep-safe': { fides: 'essential.service', dpv: 'dpv:EnforceSecurity' },
  'take-payment': { fides: 'essential.service.payment_processing', dpv: 'dpv:PaymentManagement' },
  'plan-services': { fides: 'functional.service.improve', dpv: 'dpv:ImprovePublicServices' },
} as const
export type Purpose = keyof typeof purposes

/** On what the city may ask, each mapped to one term of the W3C Data Privacy Vocabulary and of fideslang. */
export const bases = {
  'public-task': { fides: 'Public interest', dpv: 'dpv:PublicInterest' },
  'own-request': { fides: 'Contract', dpv: 'dpv:EnterIntoContract' },
  contract: { fides: 'Contract', dpv: 'dpv:ContractPerformance' },
  'legal-duty': { fides: 'Legal obligations', dpv: 'dpv:LegalObligation' },
  'vital-interest': { fides: 'Vital interests', dpv: 'dpv:VitalInterest' },
  consent: { fides: 'Consent', dpv: 'dpv:Consent' },
} as const
export type Basis = keyof typeof bases

/** What a question stands on that does not say: somebody asked the city for something, and it is done for her. */
export const usualBasis: Readonly<Record<Purpose, Basis>> = {
  answer: 'own-request',
  'do-the-work': 'own-request',
  'find-records': 'legal-duty',
  'take-part': 'contract',
  'check-eligibility': 'public-task',
  'keep-safe': 'vital-interest',
  'take-payment': 'contract',
  'plan-services': 'public-task',
}

export const sensitivities = ['ordinary', 'sensitive'] as const
export type Sensitivity = (typeof sensitivities)[number]

/** A definition may call more sensitive than this, never less: a second person approves what is. */
export const sensitiveCategories: ReadonlySet<string> = new Set([
  'birth-date',
  'health',
  'payment',
  'official-number',
  'child',
  'signature',
])

export const categories = {
  name: { fides: 'user.name', dpv: 'pd:Name' },
  email: { fides: 'user.contact.email', dpv: 'pd:EmailAddress' },
  telephone: { fides: 'user.contact.phone_number', dpv: 'pd:TelephoneNumber' },
  address: { fides: 'user.contact.address', dpv: 'pd:PhysicalAddress' },
  location: { fides: 'user.location', dpv: 'pd:Location' },
  message: { fides: 'user.content.private', dpv: 'pd:Communication' },
  interest: { fides: 'user.demographic.profile', dpv: 'pd:Interest' },
  opinion: { fides: 'user.content', dpv: 'pd:Opinion' },
  'birth-date': { fides: 'user.demographic.date_of_birth', dpv: 'pd:BirthDate' },
  age: { fides: 'user.demographic.age_range', dpv: 'pd:AgeRange' },
  family: { fides: 'user.demographic', dpv: 'pd:Family' },
  health: { fides: 'user.health_and_medical', dpv: 'pd:Health' },
  language: { fides: 'user.demographic.language', dpv: 'pd:Language' },
  payment: { fides: 'user.financial', dpv: 'pd:Financial' },
  account: { fides: 'user.account', dpv: 'pd:UID' },
  signature: { fides: 'user.name', dpv: 'pd:Name' },
  child: { fides: 'user.childrens', dpv: 'pd:FamilyStructure' },
  'official-number': { fides: 'user.government_id', dpv: 'pd:OfficialID' },
} as const
export type Category = keyof typeof categories

/** Categories that reach a person: sealed apart from the letter and found again through keyed tokens. */
export const contactCategories = ['name', 'email', 'telephone'] as const
export type ContactCategory = (typeof contactCategories)[number]
