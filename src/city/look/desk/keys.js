// @ts-check
// The desk by keyboard. Every key does what a link or a button on the page does; without this module the page works on.

const stored = 'cityhall.desk.keys'
const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('dialog#keys'))
const lines = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('[data-line]')])
let on = localStorage.getItem(stored) !== 'off'
let gone = 0

document.documentElement.classList.toggle('has-keys', dialog !== null)
setUpDialog()
guardWords()
closeEnvelopeInTime()
foldAway()
if (location.hash === '#move') reach('m')

addEventListener('keydown', (event) => {
  const typing = isTyping(event.target)
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && typing) return void submitForm(event)
  if (event.key === 'Escape' && typing) return void (/** @type {HTMLElement} */ (event.target).blur())
  if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return
  const act = acts[event.key]
  if (event.key === 'g') gone = event.timeStamp
  if (!act || act(event) === false) return
  event.preventDefault()
})

/** @type {Record<string, (event: KeyboardEvent) => boolean | void>} */
const acts = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current()?.click(),
  r: () => reach('r'),
  n: () => (reach('n') === false ? open('new') : undefined),
  m: () => (reach('m') === false ? toMove() : undefined),
  t: () => reach('t'),
  x: () => take(),
  '/': () => reach('/'),
  '?': () => dialog?.showModal(),
  u: () => follow('u'),
  i: (event) => (event.timeStamp - gone < 1500 ? follow('i') : false),
}

/** The line that has the focus; else the one whose case is shown; else the first. @returns {HTMLAnchorElement | undefined} */
function current() {
  return lines.find((line) => line === document.activeElement) ?? lines.find((line) => line.ariaCurrent) ?? lines[0]
}

/** @param {number} step */
function move(step) {
  const from = lines.findIndex((line) => line === document.activeElement)
  const shown = lines.findIndex((line) => line.ariaCurrent)
  const start = from >= 0 ? from : shown
  const to = start < 0 ? (step > 0 ? 0 : lines.length - 1) : start + step
  const line = lines[Math.max(0, Math.min(lines.length - 1, to))]
  line?.focus()
  line?.scrollIntoView({ block: 'nearest' })
}

/** Marks the line for what is done with several, and goes on to the next. */
function take() {
  const line = lines.find((one) => one === document.activeElement)
  const box = /** @type {HTMLInputElement | null} */ (line?.closest('li')?.querySelector('input.pick') ?? null)
  const several = /** @type {HTMLDetailsElement | null} */ (document.querySelector('details.several'))
  if (!box || !several) return false
  several.open = true
  box.click()
}

/** @param {string} key */
function reach(key) {
  const target = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${key}"]`))
  if (!target) return false
  const folded = target.closest('details')
  if (folded) folded.open = true
  target.focus()
  target.scrollIntoView({ block: 'center' })
}

/** @param {string} key */
function open(key) {
  const link = /** @type {HTMLElement | null} */ (document.querySelector(`a[data-key="${key}"]`))
  if (!link) return false
  link.click()
}

/** From the list in one step: the chosen letter, with the topics to move it to already open. */
function toMove() {
  const line = current()
  if (!line) return false
  location.assign(`${line.href}#move`)
}

/** @param {string} key */
function follow(key) {
  const link = /** @type {HTMLElement | null} */ (document.querySelector(`a[data-key="${key}"]`))
  if (link) link.click()
  else location.assign('/desk')
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** @param {KeyboardEvent} event */
function submitForm(event) {
  const field = /** @type {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */ (event.target)
  if (!(field instanceof HTMLTextAreaElement || field.form?.hasAttribute('data-send'))) return
  event.preventDefault()
  field.form?.requestSubmit()
}

function setUpDialog() {
  const box = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-keys="on"]'))
  document.querySelector('[data-keys="show"]')?.addEventListener('click', () => dialog?.showModal())
  document.querySelector('[data-keys="hide"]')?.addEventListener('click', () => dialog?.close())
  if (!box) return
  box.checked = on
  box.addEventListener('change', () => {
    on = box.checked
    if (on) localStorage.removeItem(stored)
    else localStorage.setItem(stored, 'off')
  })
}

/** Words that were not sent are not lost by a slip: the browser asks before it leaves. */
function guardWords() {
  let sending = false
  addEventListener('submit', () => void (sending = true))
  addEventListener('beforeunload', (event) => {
    if (!sending && unsent()) event.preventDefault()
  })
}

function unsent() {
  return [...document.querySelectorAll('textarea')].some((box) => box.value.trim() !== box.defaultValue.trim())
}

/** What folds out of the bar folds in again when one turns to something else. */
function foldAway() {
  const folds = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll('.case-bar details'))
  addEventListener('click', ({ target }) => {
    for (const fold of folds) if (!(target instanceof Node && fold.contains(target))) fold.open = false
  })
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    for (const fold of folds) {
      if (fold.open && fold.contains(document.activeElement)) fold.querySelector('summary')?.focus()
      fold.open = false
    }
  })
}

/** When the time of an open letter has run out, it leaves the screen too, unless somebody is writing. */
function closeEnvelopeInTime() {
  const until = document.querySelector('[data-open-until]')?.getAttribute('data-open-until')
  if (!until) return
  const left = Date.parse(until) - Date.now()
  if (left > 0) setTimeout(() => unsent() || location.reload(), left + 1000)
}
