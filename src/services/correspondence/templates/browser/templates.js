// @ts-check
// Puts a template where the writing stands: key t, choose, Enter. Without this module the page comes back with it.

const choice = /** @type {HTMLSelectElement | null} */ (document.querySelector('select#template'))
const button = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-insert]'))
const box = /** @type {HTMLTextAreaElement | null} */ (document.querySelector('textarea#reply'))
const said = document.querySelector('[data-inserted]')

choice?.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || choice.value === '') return
  event.preventDefault()
  void insert()
})
button?.addEventListener('click', (event) => {
  if (!choice || choice.value === '') return
  event.preventDefault()
  void insert()
})

async function insert() {
  if (!choice || !button || !box) return
  const answer = await ask(new URLSearchParams({ template: choice.value }))
  if (said) said.textContent = answer?.says ?? ''
  if (!answer?.words) return
  const before = box.value.slice(0, box.selectionStart).trimEnd()
  const after = box.value.slice(box.selectionEnd).trimStart()
  box.value = [before, answer.words, after].filter(Boolean).join('\n\n')
  choice.value = ''
  box.focus()
  select(box, before === '' ? 0 : before.length + 2)
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

/** The first thing that is still to be filled is marked, so that typing fills it. @param {HTMLTextAreaElement} area @param {number} from */
function select(area, from) {
  const left = /\{[a-z-]+\}/.exec(area.value.slice(from))
  if (left) area.setSelectionRange(from + left.index, from + left.index + left[0].length)
}

/** @param {URLSearchParams} body @returns {Promise<{ words?: string, says?: string } | undefined>} */
async function ask(body) {
  try {
    const address = button?.dataset['insert'] ?? ''
    const response = await fetch(address, { method: 'POST', body, headers: { accept: 'application/json' } })
    return response.ok ? await response.json() : undefined
  } catch {
    return undefined
  }
}
