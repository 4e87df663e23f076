// @ts-check
// A form's page with a script: errors beside the question on leaving it, questions that come and go, sums that follow.
// Every part of it may fail: the page then works as it does without.

/** @typedef {{ outline: any, validate: any, words: any }} Form */

/** What the form would post, by name. @param {HTMLFormElement} form */
function postedIn(form) {
  /** @type {Record<string, string | string[]>} */
  const posted = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string') continue
    const before = posted[name]
    posted[name] = before === undefined ? value : [before, value].flat()
  }
  return posted
}

/** @param {Form} parts */
export function begin({ outline, validate, words }) {
  const form = document.getElementById('letter')
  if (!(form instanceof HTMLFormElement)) return
  const here = questionsOn(form)
  const places = once(() => placesOf(words))
  /** Looks places up, once it has come; until then the server alone does. @type {(read: any) => any} */
  let settle = (read) => read
  const read = () => settle(readForm(outline, validate, postedIn(form)))
  const live = liveRegion(form)
  /** @type {Set<string>} */
  const touched = new Set()
  // What the server told stands until its question is touched: it may know what this check does not.
  const told = new Set(marked(form))
  const wrongNow = () => read().errors.filter((/** @type {any} */ { field }) => here.has(rootOf(field)))

  const follow = () => {
    const now = read()
    const more = showAsked(form, now.asked)
    if (more > 0) live.textContent = more === 1 ? words.moreOne : words.moreMany.replace('{count}', String(more))
    showSums(form, outline, words, now.answers)
    const errors = wrongNow()
    for (const name of marked(form)) {
      if (told.has(name) && !touched.has(name)) continue
      if (!errors.some((/** @type {any} */ { field }) => field === name)) unmark(name)
    }
  }
  form.addEventListener('input', (event) => {
    if (event.target instanceof Element) touched.add(nameAt(event.target))
    follow()
  })
  // An error that came up between pressing and letting go would move the button away from under the pointer.
  let pressing = false
  form.addEventListener(
    'pointerdown',
    ({ target }) => (pressing = target instanceof Element && target.closest('button') !== null),
  )
  addEventListener('pointerup', () => (pressing = false))
  form.addEventListener('focusout', (event) => {
    if (pressing) return
    const name = event.target instanceof Element ? nameAt(event.target) : ''
    if (!touched.has(name)) return
    const error = wrongNow().find((/** @type {any} */ { field }) => field === name)
    if (error) mark(words, name, errorInWords(words, error))
  })
  form.addEventListener('submit', (event) => {
    if (event.submitter?.hasAttribute('formnovalidate') || here.size === 0) return
    const wrong = wrongNow()
    // A place that is not found is sent all the same: the server offers what comes closest.
    if (wrong.every((/** @type {any} */ { code }) => words.lookedUp.includes(code))) return
    const errors = wrong.map((/** @type {any} */ error) => ({ name: error.field, says: errorInWords(words, error) }))
    event.preventDefault()
    for (const { name, says } of errors) mark(words, name, says)
    summary(words, errors)
  })
  follow()
  if (outline.fields.some((/** @type {any} */ field) => here.has(field.name) && (field['in-city'] || field.map)))
    places().then(
      (known) => {
        settle = known.settledIn(outline)
        follow()
      },
      () => undefined,
    )
  return { form, outline, words, live, places, posted: () => postedIn(form) }
}

/** The code that looks places up, and the city's list and outlines. @param {any} words */
async function placesOf(words) {
  const [{ lookUp }, answer] = await Promise.all([import(words.placesModule), fetch(words.placesData)])
  return lookUp(await answer.json(), words.language)
}

/** @template T @param {() => T} make */
function once(make) {
  /** @type {T | undefined} */
  let made
  return () => (made ??= make())
}

/** @param {string} name */
const rootOf = (name) => name.split('.')[0] ?? ''

/** The questions that are on this page. @param {HTMLFormElement} form */
function questionsOn(form) {
  const names = [...form.querySelectorAll('input:not([type=hidden]),select,textarea,[data-map]')].map(nameAt)
  return new Set(names.filter((name) => name !== '').map(rootOf))
}

/** @param {Element} element */
const nameAt = (element) => element.getAttribute('name') ?? element.getAttribute('data-map') ?? ''

/** @param {HTMLFormElement} form */
function liveRegion(form) {
  const live = document.createElement('p')
  live.className = 'unseen'
  live.setAttribute('role', 'status')
  form.append(live)
  return live
}

/** Shows what is asked now; says how many questions that brought up. @param {HTMLFormElement} form @param {string[]} asked */
function showAsked(form, asked) {
  const shown = form.elements.namedItem('_shown')
  let more = 0
  for (const part of form.querySelectorAll('[data-asked]')) {
    if (!(part instanceof HTMLElement)) continue
    const name = part.dataset.asked ?? ''
    const is = asked.includes(name)
    if (is && part.hidden) more += 1
    part.hidden = !is
    if (is && shown instanceof HTMLInputElement && !shown.value.split(' ').includes(name)) shown.value += ` ${name}`
  }
  return more
}

/** @param {HTMLFormElement} form @param {any} outline @param {any} words @param {any} answers */
function showSums(form, outline, words, answers) {
  const money = new Intl.NumberFormat(words.locale, { style: 'currency', currency: 'USD' })
  const number = new Intl.NumberFormat(words.locale, { maximumFractionDigits: 6 })
  const cents = (/** @type {number} */ value) => money.format(value / 100)
  for (const { name, shown } of outline.fields) {
    const output = form.querySelector(`[data-reckoned="${name}"]`)
    if (!output) continue
    const value = answers[name]
    const says = value === undefined ? '—' : shown === 'money' ? cents(value) : number.format(value)
    if (output.textContent !== says) output.textContent = says
  }
  const part = form.querySelector('[data-fees]')
  const fees = part && feesOf(outline, answers)
  if (!part || !fees) return
  const rows = [
    ...fees.lines,
    ...fees.waived.map((/** @type {any} */ one) => ({ ...one, cents: -one.cents })),
    { label: words.total, cents: fees.total },
  ]
  part.replaceChildren(
    ...rows.map(({ label, cents: value }) => {
      const row = document.createElement('div')
      const [term, sum] = [document.createElement('dt'), document.createElement('dd')]
      term.textContent = label
      sum.textContent = cents(value)
      row.append(term, sum)
      return row
    }),
  )
}

/** The names at which an error stands. @param {HTMLFormElement} form */
const marked = (form) => [...form.querySelectorAll('.error[id$="-error"]')].map(({ id }) => id.slice(0, -6))

/** @param {any} words @param {string} name @param {string} says */
function mark(words, name, says) {
  const at = document.getElementById(name)
  if (!at) return
  unmark(name)
  const template = document.createElement('template')
  template.innerHTML = words.beside
  const part = template.content.firstElementChild
  const text = part?.querySelector(':scope > span')
  if (!part || !text) return
  part.id = `${name}-error`
  text.lastChild?.replaceWith(says)
  const isGroup = at instanceof HTMLFieldSetElement
  const box = isGroup ? at : at.closest('.field')
  box?.classList.add('wrong')
  const hint = document.getElementById(`${name}-hint`)
  if (hint) hint.after(part)
  else if (isGroup) at.querySelector('legend')?.after(part)
  else at.before(part)
  if (!isGroup) at.setAttribute('aria-invalid', 'true')
  at.setAttribute('aria-describedby', `${part.id} ${at.getAttribute('aria-describedby') ?? ''}`.trim())
}

/** @param {string} name */
function unmark(name) {
  const part = document.getElementById(`${name}-error`)
  const at = document.getElementById(name)
  if (!part || !at) return
  part.remove()
  ;(at instanceof HTMLFieldSetElement ? at : at.closest('.field'))?.classList.remove('wrong')
  at.classList.remove('usa-input--error')
  at.removeAttribute('aria-invalid')
  const left = (at.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id !== '' && id !== part.id)
  if (left.length > 0) at.setAttribute('aria-describedby', left.join(' '))
  else at.removeAttribute('aria-describedby')
}

/** All that is wrong, above the form and in focus. @param {any} words @param {{ name: string, says: string }[]} errors */
function summary(words, errors) {
  document.getElementById('errors')?.remove()
  const template = document.createElement('template')
  template.innerHTML = errors.length === 1 ? words.summaryOne : words.summaryMany
  const part = template.content.firstElementChild
  const title = part?.querySelector('h2')
  const list = part?.querySelector('ul')
  if (!(part instanceof HTMLElement) || !list || !title) return
  if (errors.length > 1) title.textContent = words.summaryTitle.replace('{count}', String(errors.length))
  list.replaceChildren(
    ...errors.map(({ name, says }) => {
      const [item, link] = [document.createElement('li'), document.createElement('a')]
      link.href = `#${name}`
      link.textContent = says
      item.append(link)
      return item
    }),
  )
  document.querySelector('main .page')?.prepend(part)
  part.focus()
  if (!document.title.startsWith(words.errorWord)) document.title = `${words.errorWord} ${document.title}`
}
