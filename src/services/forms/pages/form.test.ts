import { expect, test } from 'vitest'
import { loadCity } from '../../../city/index.ts'
import { loadForms } from '../define.ts'
import { formPage } from './form.ts'

const folder = new URL('../../../../city', import.meta.url).pathname
const city = loadCity(folder)
if ('refused' in city) throw new Error('the sample city does not load')
const house = { city }
const forms = loadForms(`${folder}/forms`, city)
if ('refused' in forms) throw new Error('the sample forms do not load')
const report = [...forms.values()].find(({ id }) => id === 'report-a-problem')
if (!report) throw new Error('no report-a-problem')

test('beside every personal question stands why we ask and how long we keep the answer, and the question says so to those who hear it', () => {
  for (const language of ['en', 'es'] as const) {
    for (const form of forms.values()) {
      const text = form.pages.map((page) => String(formPage(house, language, form, { token: 't', page }))).join('')
      for (const { name, privacy } of form.fields) {
        expect(text.includes(`id="${name}-why"`), `${form.id} ${name}`).toBe(privacy !== undefined)
        if (!privacy) continue
        expect(text).toContain(privacy.necessity[language])
        expect(text).toContain(city.retention.get(privacy.retention)?.text[language])
        expect(text).toMatch(new RegExp(`id="${name}"[^>]*aria-describedby="[^"]*${name}-why`))
      }
    }
  }
})

test('a refused form keeps everything that was typed, and each error stands beside its question and above the form', () => {
  const values = { where: '5th & Main', what: 'a "hole"\n</textarea><b>', email: 'nobody', telephone: '' }
  const read = report.read(values)
  if (!('refused' in read)) throw new Error('taken')
  const text = String(formPage(house, 'en', report, { token: 't', values, errors: read.errors }))
  expect(text).toContain('value="5th &amp; Main"')
  expect(text).toContain('\na &quot;hole&quot;\n&lt;/textarea&gt;&lt;b&gt;</textarea>')
  expect(text).toContain('value="nobody"')
  expect(read.errors.map(({ field }) => field)).toEqual(['topic', 'email'])
  for (const { field } of read.errors) {
    expect(text).toContain(`<a href="#${field}">`)
    expect(text).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
    expect(text).toContain(`id="${field}-error"`)
  }
  expect(text).toContain('<title>Error: ')
})

test('the form posts to itself in the reader’s language with its token, and needs no script', () => {
  const text = String(formPage(house, 'es', report, { token: 'a"b' }))
  expect(text).toMatch(/<form[^>]*method="post"[^>]*action="\/es\/forms\/report-a-problem\?sent=1"/)
  expect(text).toContain('name="token" value="a&quot;b"')
  // Besides its own checks, from its own address, which it works without.
  expect(text.match(/<script[^>]*>/g)?.map((tag) => tag.replace(/\s+/g, ' '))).toEqual([
    '<script type="module" src="/es/forms/report-a-problem/v1/check.js" >',
  ])
})

test('a choice given in the address is chosen, and a choice that is not offered chooses nothing', () => {
  const chosen = (topic: string) => String(formPage(house, 'en', report, { token: 't', values: { topic } }))
  expect(chosen('potholes')).toContain('<option value="potholes" selected>')
  expect(chosen('"><script>')).not.toMatch(/selected|"><script>/)
})
