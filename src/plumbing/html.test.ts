import { expect, test } from 'vitest'
import { attributes, html, join, raw } from './html.ts'

test('text that a person typed cannot become markup, in an element or in an attribute', () => {
  const typed = `"><script>alert('x')</script>&`
  expect(String(html`<p title="${typed}">${typed}</p>`)).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
      '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
  )
})

test('markup inside markup is escaped once', () => {
  expect(String(html`<ul>${['a&b', 'c'].map((item) => html`<li>${item}</li>`)}</ul>`)).toBe(
    '<ul><li>a&amp;b</li><li>c</li></ul>',
  )
})

test('a condition that does not hold leaves nothing, and zero stays', () => {
  expect(String(html`${false}${undefined}${null}${0}${[false, ['x']]}`)).toBe('0x')
})

test('attributes are quoted and escaped, bare when true and absent when false or undefined', () => {
  const made = attributes({ id: 'a"b', required: true, disabled: false, title: undefined, rows: 0 })
  expect(String(html`<input${made}>`)).toBe('<input id="a&quot;b" required rows="0">')
})

test('raw vouches for markup and join puts a separator between pieces', () => {
  expect(String(join([raw('<b>1</b>'), '<2>'], raw('<br>')))).toBe('<b>1</b><br>&lt;2&gt;')
})
