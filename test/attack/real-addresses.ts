import { Temporal } from 'temporal-polyfill'
import type { FacilityId, FormId } from '../../src/city/index.ts'
import { freeSlots } from '../../src/services/bookings/index.ts'
import { makeBooking } from '../../src/services/bookings/testing/scene.ts'
import { issueToken, receiveWith } from '../../src/services/correspondence/index.ts'
import { demand, moneyOf, type PaymentReference } from '../../src/services/payments/index.ts'
import { startSurvey } from '../../src/services/surveys/start.ts'
import type { OpenCity } from './city-open.ts'
import { victimsLetter } from './scene.ts'

/** Addresses of a visitor that have something behind them, by the route that answers: each is a real page or file. */
export async function realAddresses(city: OpenCity): Promise<Readonly<Record<string, readonly string[]>>> {
  const session = [...city.city.activities.sessions.values()].find(({ lottery }) => lottery)
  const [published] = [...city.city.topics.values()].filter(({ published }) => published)
  if (!session || !published) throw new Error('a city that draws no places, or publishes nothing')
  const [charged, booked] = [await aCharge(city), await aBooking(city)]
  const survey = `/surveys/${await aSurvey(city)}`
  const at = `/activities/${session.programme}`
  const forms = ['contact-the-city', 'report-a-problem', 'summer-camp'].map((id) => `/forms/${id}`)
  return {
    '/activities/:programme': [at],
    '/activities/:programme/:session': [`${at}/${session.id}`],
    '/activities/:programme/:session/calendar.ics': [`${at}/${session.id}/calendar.ics`],
    '/activities/:programme/:session/draw': [`${at}/${session.id}/draw`],
    '/bookings/:id': [...city.city.bookings.keys()].map((id) => `/bookings/${id}`),
    '/forms/:id': forms,
    '/forms/:id/dpv.jsonld': forms.map((one) => `${one}/dpv.jsonld`),
    '/forms/:id/fideslang.yaml': forms.map((one) => `${one}/fideslang.yaml`),
    '/forms/:id/schema.json': forms.map((one) => `${one}/schema.json`),
    '/forms/:id/:version/check.js': ['/forms/contact-the-city/v1/check.js'],
    '/open311/:resource': ['/open311/discovery.json'],
    '/open311/v2/:resource': ['/open311/v2/services.json', '/open311/v2/requests.xml'],
    '/open311/v2/:resource/:id': [`/open311/v2/services/${published.id}.json`],
    '/pay/:reference': [`/pay/${charged.reference}`],
    '/receipt/:code': [`/receipt/${city.code}`, `/receipt/${charged.code}`, `/receipt/${booked.code}`],
    '/receipt/:code/bookings/:id/calendar.ics': [`/receipt/${booked.code}/bookings/${booked.id}/calendar.ics`],
    '/receipt/:code/bookings/:id/cancellation': [`/receipt/${booked.code}/bookings/${booked.id}/cancellation`],
    '/receipt/mail/:letters': [`/receipt/mail/${'a'.repeat(16)}`],
    '/surveys/:id': [survey],
    '/surveys/:id/key': [`${survey}/key`],
    '/surveys/:id/results': [`${survey}/results`],
    '/surveys/:id/thanks': [`${survey}/thanks`],
  }
}

async function aCharge(city: OpenCity): Promise<{ code: string; reference: PaymentReference }> {
  return city.db.transaction(async (tx) => {
    const { code, caseId } = await receiveWith(city, tx, victimsLetter, issueToken(city.keys))
    const label = { en: 'A copy', es: 'Una copia' }
    const charged = await demand(tx, { caseId, lines: [{ label, amount: moneyOf(500), rule: 'copy' }] })
    if ('refused' in charged) throw new Error(charged.refused)
    return { code, ...charged }
  })
}

async function aBooking(city: OpenCity): Promise<{ code: string; id: string }> {
  const facility = city.city.bookings.get('tennis-courts' as FacilityId)
  if (!facility) throw new Error('no tennis')
  const tomorrow = Temporal.Now.plainDateISO(city.city.timeZone).add({ days: 1 })
  const free = (await freeSlots(city.db, facility, tomorrow, 14)).find(({ state }) => state === 'free')
  if (!free) throw new Error('no court is free in a fortnight')
  const made = await makeBooking(city, { facility: facility.id, start: free.start, slots: 1, places: 1 })
  if ('refused' in made) throw new Error(made.refused)
  return made
}

/** By invitation, so that it has a key to show. */
async function aSurvey(city: OpenCity): Promise<string> {
  const questions = city.surveys.get('library-hours' as FormId)
  const secret = city.actors.librarian
  if (!questions || !secret) throw new Error('nobody asks about the library')
  const closesOn = Temporal.Now.plainDateISO(city.city.timeZone).add({ days: 7 })
  const started = await startSurvey(city, { kind: 'staff', secret }, { id: 'library-now', questions, closesOn })
  if ('refused' in started) throw new Error(started.refused)
  return started.started
}
