import type { FastifyInstance } from 'fastify'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../../test/support/house.ts'
import { createServer, html } from '../../../plumbing/index.ts'
import type { FormId, PlaceId } from '../../../city/index.ts'
import { mapHeight, placeAtSpot, spotOf } from '../answering/map-frame.ts'
import { formsRoutes } from '../routes.ts'
import { letterOf } from '../submit.ts'
import { paper, type Paper, type Typed } from '../../../../test/support/paper.ts'
import { frameOf, mapPicture } from './draw-map.ts'

let house: TestHouse
let app: FastifyInstance
beforeAll(async () => {
  house = await openTestHouse()
  const quiet = () => undefined
  app = await createServer({ publicUrl: 'http://x', log: { info: quiet, error: quiet }, problemPage: () => html`` })
  formsRoutes(app, house)
}, 60_000)
afterAll(async () => {
  await app.close()
  await house.close()
})

const permit = '/forms/special-event-permit'
const press = (page: Paper, typed: Typed = {}, button?: string): Promise<Paper> =>
  paper(app).post(`${permit}?sent`, page, typed, button)
const fieldOf = (page: Paper, name: string) => page.fields.find(([one]) => one === name)?.[1]
const event = { what: 'Fair', kind: 'fair', date: '3/14/2027', starts: '5 pm', ends: '9 pm' }

test('without a script a press on the picture puts the pin there, at either width, and keeps everything typed', async () => {
  const page = await paper(app).open(permit)
  for (const [width, x, y] of [
    [560, 250, 290],
    [272, 121, 141],
  ]) {
    const at = `place-at-${String(width)}`
    const shown = await press(page, { what: 'Fair', [`${at}.x`]: String(x), [`${at}.y`]: String(y) })
    expect(shown).toMatchObject({ status: 200 })
    expect(shown.text).toContain('The pin is in Depot District.')
    expect(fieldOf(shown, 'what')).toBe('Fair')
    expect(fieldOf(shown, 'place')).toMatch(/^38\.73\d+,-121\.91\d+$/)
    const away = await press(shown, {}, 'unpin=place')
    expect(fieldOf(away, 'place')).toBe('')
  }
})

test('a pin outside the city is told at once, and nothing goes on with it', async () => {
  const page = await paper(app).open(permit)
  const shown = await press(page, { 'place-at-560.x': '1', 'place-at-560.y': '1' })
  expect(shown.status).toBe(422)
  expect(shown.text).toContain('This place is outside the city.')
  expect(await press(shown, event)).toMatchObject({ status: 422 })
})

test('a neighborhood by name does in place of a point, and what was chosen last counts', async () => {
  const page = await paper(app).open(permit)
  const pinned = await press(page, { ...event, 'place-at-560.x': '250', 'place-at-560.y': '290' })
  const named = await press(pinned, { 'place-near': 'riverbend' })
  expect(named).toMatchObject({ status: 200 })
  const answers = house.forms.get('special-event-permit' as FormId)?.look(Object.fromEntries(named.fields)).answers
  expect(answers?.['place']).toBe('riverbend')
  const back = await press(named, {}, '_go=back')
  expect(back.text).toMatch(/value="riverbend" selected/)
  expect(fieldOf(back, 'place')).toBe('')
})

test('a point on the map tells the neighborhood of the letter; a neighborhood that is none, and a point abroad, are refused', () => {
  const form = house.forms.get('special-event-permit' as FormId)
  const look = (place: string) => form?.look({ place }).errors.filter(({ field }) => field === 'place').map(({ code }) => code) // prettier-ignore
  expect(look('38.735,-121.91')).toEqual([])
  expect(look('northgate')).toEqual([])
  expect(look('atlantis')).toEqual(['not-on-the-map'])
  expect(look('48.85,2.35')).toEqual(['not-on-the-map'])
  const read = form?.read({ ...event, place: '38.735,-121.91', guests: '40', stands: 'no', closing: 'no', sound: 'no', truth: 'yes', signature: 'Ana', 'organizer.name': 'Ana', 'organizer.telephone': '(530) 555-0123' }) // prettier-ignore
  expect(read).toMatchObject({ place: 'depot-district' })
})

test('in the letter a point stands by the name of its neighborhood, with its latitude and longitude', () => {
  const form = house.forms.get('special-event-permit' as FormId)
  const [{ box, place } = { box: [0, 0, 0, 0], place: '' }] = house.city.map.places
  const given = `${((box[1] + box[3]) / 2).toFixed(5)},${((box[0] + box[2]) / 2).toFixed(5)}`
  const inLetter = (said: string) => {
    const read = form && { answers: form.look({ place: said }).answers, topic: form.topic, contact: {} }
    return form && read && letterOf(house.city, form, read, 'en').answers.find(({ field }) => field === 'place')
  }
  const { name } = house.city.places.get(place as PlaceId) ?? {}
  expect(inLetter(given)).toMatchObject({ value: `${name?.en ?? ''} (${given})`, said: given })
  expect(inLetter(place)).toMatchObject({ value: name?.en })
})

test('where a picture is pressed and where the pin is drawn are the same spot, to the pixel', () => {
  const frame = frameOf(house.city)
  if (!frame) throw new Error('no map')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 560 }), fc.nat(), (x, down) => {
      const y = down % mapHeight(frame, 560)
      const spot = spotOf(frame, 560, placeAtSpot(frame, 560, { x, y }))
      expect(Math.abs((spot?.x ?? -9) - x)).toBeLessThan(0.5)
      expect(Math.abs((spot?.y ?? -9) - y)).toBeLessThan(0.5)
    }),
  )
})

test('the picture is the city’s own: from this site, in each language, with nothing that runs or is fetched', async () => {
  for (const language of ['en', 'es'] as const) {
    const { href = '' } = mapPicture(house.city, language) ?? {}
    const { body, headers } = await app.inject({ url: href })
    expect(headers['content-type']).toBe('image/svg+xml')
    expect(body).toContain(language === 'en' ? 'Cannery' : 'Conservera')
    expect(body).not.toMatch(/style=|<script|<style|href|url\(/)
  }
})
