// Names only, as published: fideslang 3 (IABTechLab/fideslang, data_files) and DPV 2.0 with its PD extension (w3c/dpv, 2.0).

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

export const fidesUses = names(`
  analytics analytics.reporting analytics.reporting.system collect employment essential essential.fraud_detection
  essential.legal_obligation essential.service essential.service.authentication essential.service.notifications
  essential.service.notifications.email essential.service.notifications.sms essential.service.operations
  essential.service.operations.improve essential.service.operations.support essential.service.payment_processing
  essential.service.security essential.service.upgrades finance functional functional.service functional.service.improve
  functional.storage marketing operations personalize sales third_party_sharing third_party_sharing.legal_obligation`)

export const fidesCategories = names(`
  user user.account user.account.settings user.account.username user.authorization user.authorization.credentials
  user.behavior user.biometric user.childrens user.contact user.contact.address user.contact.address.city
  user.contact.address.postal_code user.contact.address.street user.contact.email user.contact.organization
  user.contact.phone_number user.content user.content.private user.content.public user.content.self_image
  user.criminal_history user.demographic user.demographic.age_range user.demographic.date_of_birth user.demographic.gender
  user.demographic.language user.demographic.marital_status user.demographic.profile user.device user.financial
  user.financial.bank_account user.government_id user.government_id.drivers_license_number user.health_and_medical
  user.job_title user.location user.location.imprecise user.location.precise user.name user.name.first user.name.last
  user.payment user.privacy_preferences user.social user.unique_id user.workplace`)

export const fidesBases = [
  'Consent',
  'Contract',
  'Legal obligations',
  'Vital interests',
  'Public interest',
  'Legitimate interests',
]
export const fidesDataTypes = ['string', 'integer', 'float', 'boolean', 'object_id', 'object']

export const dpvTerms = names(`
  dpv:DataController dpv:Service dpv:PersonalDataProcess dpv:PersonalData dpv:SensitivePersonalData dpv:Child dpv:User
  dpv:Required dpv:Optional dpv:NotRequired dpv:Justification dpv:StorageDuration dpv:TemporalDuration dpv:Collect dpv:Store
  dpv:Use dpv:hasDataController dpv:hasPersonalDataProcess dpv:hasPersonalData dpv:hasPurpose dpv:hasLegalBasis
  dpv:hasProcessing dpv:hasDataSubject dpv:hasNecessity dpv:hasJustification dpv:hasStorageCondition dpv:hasDuration
  dpv:AccountManagement dpv:CommunicationManagement dpv:EnforceSecurity dpv:EstablishContractualAgreement
  dpv:IdentityVerification dpv:ImprovePublicServices dpv:LegalCompliance dpv:PaymentManagement
  dpv:ProtectionOfPublicSecurity dpv:PublicBenefit dpv:RecordManagement dpv:RequestedServiceProvision
  dpv:ServiceOptimisation dpv:ServiceProvision dpv:ServiceRegistration dpv:Verification
  dpv:Consent dpv:Contract dpv:ContractPerformance dpv:EnterIntoContract dpv:LegalObligation dpv:LegitimateInterest
  dpv:OfficialAuthorityOfController dpv:PublicInterest dpv:VitalInterest
  pd:Age pd:AgeExact pd:AgeRange pd:BirthDate pd:BirthPlace pd:City pd:Communication pd:Contact pd:Disability
  pd:EmailAddress pd:Family pd:FamilyStructure pd:Financial pd:Gender pd:Health pd:HouseNumber pd:Identifying pd:Income
  pd:Interest pd:Language pd:Location pd:MedicalHealth pd:Name pd:OfficialID pd:Offspring pd:Opinion pd:PhysicalAddress
  pd:Picture pd:PostalCode pd:Preference pd:Street pd:TelephoneNumber pd:UID pd:Username pd:Vehicle`)
