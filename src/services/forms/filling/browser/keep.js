// @ts-check
// What is typed stays on the person's own device: in this tab until it is closed; longer only where she wants it.

const keptDays = 14

/** @param {{ form: HTMLFormElement, words: any, posted: () => Record<string, string | string[]> }} page */
export function keepOnDevice({ form, words, posted }) {
  const key = `form ${words.form}`
  const wanted = 'forms kept on this device'
  const last = form.querySelector('.actions')
  const find = () =>
    [sessionStorage, localStorage].map((store) => read(store.getItem(key))).find((one) => one !== undefined)
  const forget = () => [sessionStorage, localStorage].forEach((store) => store.removeItem(key))
  const save = () => {
    const values = Object.entries(posted()).filter(([name]) => name !== 'token' && name !== '_page' && name !== 'first')
    if (values.every(([name, value]) => name.startsWith('_') || value === '')) return
    const text = JSON.stringify({ at: Date.now(), page: posted()['_page'], token: posted()['token'], values })
    sessionStorage.setItem(key, text)
    if (localStorage.getItem(wanted) !== null) localStorage.setItem(key, text)
  }
  let sending = false
  const isFirst = location.search === ''
  const isAnswer = new URLSearchParams(location.search).has('sent')
  // A link may have chosen for her (`?topic=potholes`): that is nothing that she began.
  let begun = isFirst || isAnswer
  const found = isFirst ? find() : undefined
  if (found) offer(found)
  else if (isAnswer) save()

  const choice = toggle()
  choice.addEventListener('change', () => {
    if (choice.checked) localStorage.setItem(wanted, '1')
    else [wanted, key].forEach((name) => localStorage.removeItem(name))
    save()
  })
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later
  form.addEventListener('input', () => {
    begun = true
    clearTimeout(later)
    later = setTimeout(save, 300)
  })
  addEventListener('pagehide', () => {
    if (begun && !sending) save()
  })
  // The browser holds what it sends until it has arrived; what it brings back is kept anew.
  form.addEventListener('submit', (event) => {
    const go = event.submitter?.getAttribute('name') === '_go' ? event.submitter.getAttribute('value') : 'send'
    sending =
      !event.defaultPrevented && (go === 'send' || go === 'drop') && !event.submitter?.hasAttribute('formnovalidate')
    if (sending) forget()
  })

  function toggle() {
    const part = document.createElement('div')
    part.className = 'usa-checkbox device'
    const [input, label, warn] = [
      document.createElement('input'),
      document.createElement('label'),
      document.createElement('p'),
    ]
    input.type = 'checkbox'
    input.id = 'keep-here'
    input.className = 'usa-checkbox__input'
    input.checked = localStorage.getItem(wanted) !== null
    label.htmlFor = input.id
    label.className = 'usa-checkbox__label'
    label.textContent = words.deviceKeep
    warn.className = 'soft small'
    warn.id = 'keep-here-says'
    warn.textContent = words.deviceWarn
    input.setAttribute('aria-describedby', warn.id)
    part.append(input, label, warn)
    last?.before(part)
    return input
  }

  /** @param {any} kept */
  function offer(kept) {
    const part = document.createElement('div')
    part.className = 'notice note'
    const inside = document.createElement('div')
    const says = document.createElement('p')
    const when = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeStyle: 'short' }).format(kept.at)
    says.textContent = words.deviceFound.replace('{when}', when)
    inside.append(
      says,
      button(words.deviceGoOn, () => goOn(kept)),
      ' ',
      button(words.deviceDelete, remove, 'quiet'),
    )
    part.append(inside)
    document.querySelector('main .page')?.prepend(part)
    function remove() {
      forget()
      part.remove()
      document.querySelector('h1')?.focus()
    }
  }

  /** Her page is drawn by the server, as after any post. @param {any} kept */
  function goOn(kept) {
    const again = document.createElement('form')
    again.method = 'post'
    again.action = form.action
    const all = [...kept.values, ['token', kept.token], ['_page', kept.page], ['_go', `at:${kept.page}`]]
    for (const [name, value] of all)
      for (const one of [value].flat()) {
        const input = document.createElement('input')
        input.type = 'hidden'
        input.name = name
        input.value = one
        again.append(input)
      }
    document.body.append(again)
    again.submit()
  }
}

/** @param {string | null} text */
function read(text) {
  if (text === null) return undefined
  const kept = JSON.parse(text)
  return Date.now() - kept.at < keptDays * 86_400_000 ? kept : undefined
}

/** @param {string} says @param {() => void} press @param {string} look */
function button(says, press, look = 'usa-button') {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = look
  made.textContent = says
  made.addEventListener('click', press)
  return made
}
