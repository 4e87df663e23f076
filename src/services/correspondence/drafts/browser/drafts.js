// @ts-check
// Keeps what is being written on a case, and tells who else is writing. Without this module a button keeps it, and the
// page says on opening who is at work. Nothing stands in an address but the case's own identifier.

const restMs = 3_000
const lookMs = 20_000
const firstSignMs = 1_000
const main = document.querySelector('main')
const news = /** @type {HTMLElement | null} */ (document.querySelector('[data-writing]'))
const until = Date.parse(document.querySelector('[data-open-until]')?.getAttribute('data-open-until') ?? '')
const boxes = /** @type {HTMLTextAreaElement[]} */ ([...document.querySelectorAll('textarea[data-draft]')])
let sending = false
let typedAt = 0
let saidAt = 0
/** The session has ended, or the case has left this desk: there is nobody to ask any more. */
let over = false

addEventListener('submit', () => void (sending = true))
for (const box of boxes) keepWhileWriting(box)
if (news) setInterval(() => void look(), lookMs)

/** Saved when the hands rest, and when the page is put away. @param {HTMLTextAreaElement} box */
function keepWhileWriting(box) {
  let timer = 0
  const keep = () => {
    clearTimeout(timer)
    timer = 0
    if (!sending && box.value.trim() !== box.defaultValue.trim()) void save(box)
  }
  box.addEventListener('input', () => {
    if (box.name === 'words' && box.dataset['draft'] === 'reply') sayWriting()
    timer ||= window.setTimeout(keep, restMs)
  })
  document.addEventListener('visibilitychange', () => document.hidden && timer !== 0 && keep())
}

/** @param {HTMLTextAreaElement} box */
async function save(box) {
  const words = box.value
  const fields = new FormData(box.form ?? undefined)
  const body = new URLSearchParams({ kind: box.dataset['draft'] ?? '', words })
  for (const name of ['version', 'message']) body.set(name, String(fields.get(name) ?? ''))
  const said = /** @type {HTMLElement | null} */ (box.form?.querySelector('[data-kept]'))
  const answer = await ask(`${news?.dataset['case'] ?? ''}/drafts`, { method: 'POST', body })
  if (said) said.textContent = answer?.says ?? said.dataset['kept'] ?? ''
  // What is kept does not hold anybody back from leaving the page.
  if (answer?.done) box.defaultValue = words
}

function sayWriting() {
  typedAt = Date.now()
  if (typedAt - saidAt < lookMs) return
  saidAt = typedAt
  setTimeout(() => sending || void look(), firstSignMs)
}

async function look() {
  if (!news || over || document.hidden || sending || !(Date.now() < until)) return
  const isWriting = Date.now() - typedAt < 2 * lookMs
  if (isWriting) saidAt = Date.now()
  const answer = await ask(`${news.dataset['case'] ?? ''}/writing`, { method: isWriting ? 'POST' : 'GET' })
  if (!answer || sending) return
  const changed = answer.version !== Number(news.dataset['version'])
  const says = [answer.says, changed && news.dataset['changed']].filter(Boolean).join(' ')
  if (news.textContent?.trim() !== says) news.textContent = says
  news.hidden = says === ''
  main?.classList.toggle('others-write', Boolean(answer.says))
}

/**
 * @param {string} address
 * @param {RequestInit} how
 * @returns {Promise<{ says?: string, done?: boolean, version?: number } | undefined>}
 */
async function ask(address, how) {
  try {
    const response = await fetch(address, { ...how, headers: { accept: 'application/json' }, redirect: 'manual' })
    over = !response.ok
    return over ? undefined : await response.json()
  } catch {
    return undefined
  }
}
