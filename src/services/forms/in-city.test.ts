import type { FastifyInstance } from 'fastify'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityFolder, openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { createServer, html, isMistaken, parseYaml } from '../../plumbing/index.ts'
import { checkedForm } from './define.ts'
import { formFile } from './define-file.ts'
import { formsRoutes } from './routes.ts'
import { paper, type Paper, type Typed } from '../../../test/support/paper.ts'

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

const card = '/forms/library-card'
const press = (url: string, page: Paper, typed: Typed = {}, button?: string): Promise<Paper> =>
  paper(app).post(`${url}?sent`, page, typed, button)

async function asked(url = card): Promise<Paper> {
  return press(url, await paper(app).open(url), { adult: 'yes', name: 'Ana' })
}

test('an address that is not in the city’s list is refused beside its question, and one that comes near can be chosen', async () => {
  const refused = await press(card, await asked(), { tie: 'live', address: '14 willow st apt 3' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('We do not find this number on Willow Street.')
  expect(refused.text).toContain('value="14 willow st apt 3"')
  expect(refused.text).toContain('Did you mean one of these?')
  const page = await press(card, refused, { 'address-pick': '12 Willow Street, apt 3' })
  expect(page).toMatchObject({ status: 200 })
  expect(page.text).toContain('name="address" value="12 Willow Street, apt 3"')
  expect(page.text).not.toContain('address-pick')
})

test('who corrects it by hand is believed the same, and an address elsewhere has nothing to choose', async () => {
  const refused = await press(card, await asked(), { tie: 'live', address: '12 Willow Street, Portland' })
  expect(refused.text).toContain('We do not find this address in the city.')
  expect(refused.text).not.toContain('address-pick')
  const page = await press(card, refused, { address: '12 willow' })
  expect(page.text).toContain('name="address" value="12 Willow Street"')
})

test('in Spanish the same is said in Spanish', async () => {
  const url = `/es${card}`
  const refused = await press(url, await asked(url), { tie: 'live', address: '14 Willow Street' })
  expect(refused.text).toContain('No encontramos este número en Willow Street.')
  expect(refused.text).toContain('¿Quiso decir una de estas?')
})

test('an address tells the neighborhood where the form says so, and only then', () => {
  const source = readFileSync(join(cityFolder, 'forms/library-card.yaml'), 'utf8')
  const made = (text: string) => {
    const file = parseYaml('library-card.yaml', text, formFile)
    if (isMistaken(file)) throw new Error(JSON.stringify(file.mistakes))
    return checkedForm(file, house.city)
  }
  const form = made(source.replace('layout: pages', 'layout: pages\nplace-from: address'))
  if (isMistaken(form)) throw new Error(JSON.stringify(form.mistakes))
  const answers = { adult: 'yes', name: 'Ana', tie: 'live', branch: 'main', promise: 'yes' }
  expect(form.read({ ...answers, address: '418 willow st' })).toMatchObject({
    place: 'mission-grove',
    answers: { address: '418 Willow Street' },
  })
  const wrong = made(source.replace('layout: pages', 'layout: pages\nplace-from: where'))
  expect(isMistaken(wrong) && wrong.mistakes.map(({ says, allowed }) => [says, allowed])).toEqual([
    ['“where” is no question that tells a neighborhood.', 'address'],
  ])
  const { addresses: _, ...without } = house.city
  const file = parseYaml('library-card.yaml', source, formFile)
  const bare = isMistaken(file) ? file : checkedForm(file, without)
  expect(isMistaken(bare) && bare.mistakes.map(({ says }) => says)).toEqual(['The city has no list of its addresses.'])
})

test('the list comes whole from this site, the same for everyone', async () => {
  const answer = await app.inject({ url: '/forms/places.json' })
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(answer.json<{ streets: [string][] }>().streets.map(([name]) => name)).toContain('Willow Street')
})
