import type { FastifyInstance } from 'fastify'
import { publishLook } from '../../city/look/index.ts'
import { createFind } from './find.ts'
import { robotsTxt, securityTxt } from './for-programs.ts'
import type { Clock } from '../../plumbing/index.ts'
import type { House } from './house.ts'
import { departmentPage, departmentsPage } from './pages/departments.ts'
import { homePage } from './pages/home.ts'
import { privacyPage } from './pages/privacy.ts'
import { searchPage } from './pages/search.ts'
import { servicesPage } from './pages/services.ts'

const aDay = 86_400

/** The published site. Only the search is answered one by one; nothing of what was asked is written anywhere. */
export function pagesRoutes(app: FastifyInstance, house: House & Readonly<{ clock: Clock }>): void {
  publishLook(app, house.city)
  app.publish('/', (language) => homePage(house, language))
  app.publish('/services', (language) => servicesPage(house, language))
  app.publish('/departments', (language) => departmentsPage(house, language))
  app.publish('/privacy', (language) => privacyPage(house, language))
  for (const department of house.city.departments.values()) {
    app.publish(`/departments/${department.id}`, (language) => departmentPage(house, language, department))
  }

  const text = 'text/plain; charset=utf-8'
  app.publishFile('/robots.txt', () => ({ body: robotsTxt, type: text, keep: aDay }))
  app.publishFile('/.well-known/security.txt', () => ({ body: securityTxt(house.city, house.clock), type: text, keep: aDay })) // prettier-ignore

  let find = createFind(house)
  house.forms.onChange?.(() => {
    find = createFind(house)
    app.clearShelf()
  })
  app.get<{ Querystring: { q?: string | string[] } }>('/search', (request, reply) => {
    const query = ([request.query.q ?? ''].flat()[0] as string).trim().slice(0, 200)
    return reply.page(searchPage(house, request.language, query, query ? find(query) : []))
  })
}
