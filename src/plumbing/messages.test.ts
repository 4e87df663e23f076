import { expect, test } from 'vitest'
import { html } from './html.ts'
import { catalogue, catalogues } from './messages.ts'
import { mistakesIn } from './messages-check.ts'

const say = catalogue({
  en: {
    plain: 'Don’t worry',
    days: '{count, plural, one {# day} other {# days}} for {name}',
    late: '{days, plural, one {# day} other {# days}} late',
    link: 'Read <a>our {what}</a> first',
  },
  es: {
    plain: 'Tranquilo',
    days: '{count, plural, one {# día} other {# días}} para {name}',
    late: '{days, plural, one {# día} other {# días}} de retraso',
    link: 'Lea primero <a>nuestra {what}</a>',
  },
})
const staff = catalogue({ en: { hello: 'Hello {name}' } })

test('a message is said in the language of the reader, with its plural', () => {
  expect(say('en', 'days', { count: 1, name: 'Ana' })).toBe('1 day for Ana')
  expect(say('es', 'days', { count: 2500, name: 'Ana' })).toBe('2,500 días para Ana')
})

test('what is told one number says that number, however often it was said of others and in which language', () => {
  for (const [days, en, es] of [
    [1, '1 day late', '1 día de retraso'],
    [2, '2 days late', '2 días de retraso'],
    [-1, '-1 day late', '-1 día de retraso'],
    [2500, '2,500 days late', '2,500 días de retraso'],
  ] as const)
    for (const again of [1, 2]) {
      expect([again, say('en', 'late', { days }), say('es', 'late', { days })]).toEqual([again, en, es])
    }
})

test('a room without Spanish answers in English', () => {
  expect(staff('es', 'hello', { name: 'Ana' })).toBe('Hello Ana')
})

test('a rich message escapes what was given as text and keeps what was given as markup', () => {
  const said = say.rich('en', 'link', { what: '<policy>', a: (text) => html`<a href="/privacy">${text}</a>` })
  expect(String(said)).toBe('Read <a href="/privacy">our &lt;policy&gt;</a> first')
  expect(String(say.rich('en', 'days', { count: 2, name: html`<b>Ana</b>` }))).toBe('2 days for <b>Ana</b>')
})

test('every catalogue is registered, so that a test can compare its languages', () => {
  expect(catalogues().some((words) => words.en['link'] === 'Read <a>our {what}</a> first')).toBe(true)
})

test('the check names a missing key, a broken message and a parameter that differs', () => {
  const mistakes = mistakesIn([
    { en: { a: 'Hi {name}', b: 'x', c: '{n, plural, one {}' }, es: { a: 'Hola {nombre}', c: 'y', d: 'z' } },
  ])
  expect(mistakes.map((mistake) => mistake.slice(0, 1)).sort()).toEqual(['a', 'b', 'c', 'c', 'd'])
})
