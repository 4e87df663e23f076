import { mailPanel } from '../services/mailroom/index.ts'
import type { FastifyInstance } from 'fastify'
import type { City } from '../city/index.ts'
import { createGate, createServer, type Clock, type Config, type Db, type Log } from '../plumbing/index.ts'
import { consentPanel, consentRoutes } from '../people/consent/index.ts'
import { consentWords } from './consent-words.ts'
import { residentsRoutes, type HomePanel, type OwnPage } from '../people/residents/index.ts'
import type { Cabinet } from '../services/attachments/index.ts'
import { receiptRoutes } from '../services/correspondence/index.ts'
import {
  exportRoutes,
  formsRoutes,
  minorsPanel,
  askedPanel,
  formsUsePanel,
  keptFor,
  type Forms,
  type Minimisation,
} from '../services/forms/index.ts'
import { surveysRoutes, type Questionnaires } from '../services/surveys/index.ts'
import { listedPanel, open311Routes } from '../services/open311/index.ts'
import { referralPanel } from '../services/referral/index.ts'
import { pagesRoutes, problemPages } from '../services/pages/index.ts'
import { bookingPanel, bookingReceiptRoutes, bookingsRoutes } from '../services/bookings/index.ts'
import {
  activitiesRoutes,
  childrenPanel,
  childRoutes,
  enrolmentPanel,
  enrolmentReceiptRoutes,
} from '../services/activities/index.ts'
import { counterPanel, renewPanel, renewRoutes } from '../services/counter/index.ts'
import { companyOf, paymentPanel, paymentRoutes } from '../services/payments/index.ts'
import { learner, routingPanel } from '../services/routing/index.ts'
import { ledgerRoutes, type Signer } from '../trust/ledger/index.ts'
import { relyingParty, sessionCookie } from '../trust/need-to-know/index.ts'
import type { Keys } from '../trust/vault/index.ts'
import { openDesk } from './desk.ts'
import { healthRoutes } from './health.ts'

/** Everything the rooms behind the doors need. */
export type House = Readonly<{
  config: Config
  log: Log
  db: Db
  keys: Keys
  city: City
  forms: Forms
  surveys: Questionnaires
  minimisation: Minimisation
  signer: Signer
  clock: Clock
  cabinet: Cabinet
}>

/** The city's public site, its desk, and the ledger for whoever wants to check it. */
export async function openDoors(ground: House): Promise<FastifyInstance> {
  const company = await companyOf(ground.config)
  const house = {
    ...ground,
    panels: [
      paymentPanel(ground.city, company?.name),
      mailPanel(ground.city),
      routingPanel(ground),
      listedPanel(ground.city),
      askedPanel(ground.city),
      formsUsePanel(ground.city),
      counterPanel,
      renewPanel,
      bookingPanel(ground),
      enrolmentPanel(ground),
      minorsPanel(ground.city),
      referralPanel(ground.city),
    ],
    learner: learner(ground),
  }
  const { config, city, log, signer, db } = house
  const app = await createServer({ publicUrl: config.publicUrl, log, problemPage: problemPages(city) })
  pagesRoutes(app, house)
  bookingsRoutes(app, house)
  activitiesRoutes(app, { ...house, publicUrl: config.publicUrl })
  formsRoutes(app, { ...house, publicUrl: config.publicUrl })
  exportRoutes(app, house)
  surveysRoutes(app, house)
  receiptRoutes(app, {
    ...house,
    keptFor: (form) => keptFor(city, house.forms.get(form) ?? house.forms.closed?.(form)),
  })
  renewRoutes(app, house)
  await paymentRoutes(app, { ...house, publicUrl: config.publicUrl, ...(company && { company }) })
  bookingReceiptRoutes(app, house)
  enrolmentReceiptRoutes(app, house)
  ledgerRoutes(app, { db, vkey: signer.vkey, origin: signer.name })
  await open311Routes(app, { ...house, publicUrl: config.publicUrl })
  await openOwnPages(app, house)
  await openDesk(app, house)
  healthRoutes(app, house)
  return app
}

/** `/me`, a resident's own pages: what rooms show on her page, and what they have behind its door. */
async function openOwnPages(app: FastifyInstance, { config, ...house }: House): Promise<void> {
  const { publicUrl } = config
  const panels: HomePanel[] = [consentPanel(house.city), childrenPanel(house)]
  const more = [
    (page: OwnPage) => {
      consentRoutes(page, { ...house, publicUrl, ...consentWords(house) })
    },
    (page: OwnPage) => {
      childRoutes(page, { ...house, publicUrl })
    },
  ]
  const own = {
    ...house,
    publicUrl,
    cookie: sessionCookie(publicUrl, { name: 'cityhall-me', path: '/', sameSite: 'Lax' }),
    party: relyingParty(publicUrl, house.city.name.en),
    gate: createGate(Date.now, { network: 40, all: 3_000 }),
    codesOnDesk: config.sample && config.smtpUrl === undefined,
    panels,
  }
  await residentsRoutes(app, own, more)
}
