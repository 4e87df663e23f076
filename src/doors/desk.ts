import type { FastifyInstance } from 'fastify'
import { readFormsWithFiles } from '../plumbing/index.ts'
import type { FormId } from '../city/index.ts'
import { publishDeskLook } from '../city/look/index.ts'
import { deskModules, deskRoutes, type House as CaseHouse } from '../services/correspondence/index.ts'
import { readSecretFile } from '../plumbing/index.ts'
import { consentDeskRoutes } from '../people/consent/index.ts'
import { consentWords } from './consent-words.ts'
import { peopleDeskRoutes, peopleRoutes } from '../people/residents/index.ts'
import { bookingsDeskRoutes } from '../services/bookings/index.ts'
import { activitiesDeskRoutes } from '../services/activities/index.ts'
import { counterRoutes, intakeModule } from '../services/counter/index.ts'
import { caseChargeRoutes, cashOfficeRoutes } from '../services/payments/index.ts'
import { builderModule, builderRoutes } from '../services/forms/index.ts'
import { mailRoutes } from '../services/mailroom/index.ts'
import { answersRoutes, foldedIn, foldRoutes, minorsDeskRoutes, useRoutes } from '../services/forms/index.ts'
import { routingRoutes } from '../services/routing/index.ts'
import { surveysDeskRoutes } from '../services/surveys/index.ts'
import { describeRoutes } from '../services/open311/index.ts'
import { referralRoutes } from '../services/referral/index.ts'
import {
  accountRoutes,
  atDesk,
  breakGlassRoutes,
  cityAccountRoutes,
  createSignIn,
  openProvider,
  passkeyModule,
  relyingParty,
  sessionCookie,
  signInRoutes,
  webauthnModule,
  type Provider,
  type Sealer,
} from '../trust/need-to-know/index.ts'
import { seal, unseal, type DataKey, type Keys, type SubjectId } from '../trust/vault/index.ts'
import type { House } from './open-doors.ts'

type DeskHouse = House & Pick<CaseHouse, 'panels' | 'learner'>

/** The staff desk, under `/desk`: signing in, and behind it the rooms in which staff work. */
export async function openDesk(app: FastifyInstance, outside: DeskHouse): Promise<void> {
  const house = {
    ...outside,
    folded: (form: FormId) => foldedIn(outside.forms.get(form) ?? outside.forms.closed?.(form)),
  }
  const { city, config, db, keys } = house
  const signIn = await createSignIn({
    pepper: keys.derive('password-pepper'),
    authority: keys.derive('session-authority'),
  })
  const provider = providerOf(house)
  const door = {
    db,
    city,
    clock: house.clock,
    signIn,
    cookie: sessionCookie(config.publicUrl),
    party: relyingParty(config.publicUrl, city.name.en),
    sealer: deskSealer(keys),
    ...(provider && { provider }),
  }
  publishDeskLook(app, city, [passkeyModule, webauthnModule, ...deskModules, intakeModule, builderModule])
  await app.register(async (scope) => {
    await readFormsWithFiles(scope)
    const desk = atDesk(scope, door)
    signInRoutes(scope, door)
    cityAccountRoutes(scope, door)
    accountRoutes(desk, door)
    breakGlassRoutes(desk, door)
    deskRoutes(desk, house, config.publicUrl)
    cashOfficeRoutes(desk, house)
    caseChargeRoutes(desk, house)
    routingRoutes(desk, house)
    referralRoutes(desk, house)
    mailRoutes(desk, house)
    surveysDeskRoutes(desk, house)
    describeRoutes(desk, { ...house, publicUrl: config.publicUrl })
    bookingsDeskRoutes(desk, { ...house, publicUrl: config.publicUrl })
    activitiesDeskRoutes(desk, { ...house, printModule: intakeModule })
    useRoutes(desk, house)
    foldRoutes(desk, house)
    minorsDeskRoutes(desk, house)
    answersRoutes(desk, house)
    builderRoutes(desk, house)
    peopleDeskRoutes(desk, house)
    peopleRoutes(desk, house)
    consentDeskRoutes(desk, {
      ...house,
      publicUrl: config.publicUrl,
      printModule: intakeModule,
      ...consentWords(house),
    })
    counterRoutes(desk, { ...house, publicUrl: config.publicUrl })
  })
}

/** The city's own sign-in. Its secret is in a file that nobody else may read, as the city's keys are. */
function providerOf({ config, keys }: Pick<House, 'config' | 'keys'>): Provider | undefined {
  const settings = config.identityProvider
  if (!settings) return undefined
  const clientSecret = readSecretFile(settings.clientSecretFile)
  return openProvider({ ...settings, clientSecret, publicUrl: config.publicUrl }, keys.derive('city-account'))
}

/** What the desk's door keeps is sealed under a key of its own, not of any person. */
function deskSealer(keys: Keys): Sealer {
  const key: DataKey = { subject: 'desk' as SubjectId, key: keys.derive('desk-seal') }
  return { seal: (at, text) => seal(key, at, text), unseal: (at, sealed) => unseal(key, at, sealed) }
}
