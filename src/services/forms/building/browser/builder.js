// @ts-check
// Words that are not kept yet: said beside the button, kept with Ctrl+S, and asked about before the page is left. Without
// this module every button works the same.

const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-save]'))
let sending = false

addEventListener('submit', () => void (sending = true))
addEventListener('pageshow', () => void (sending = false))
addEventListener('beforeunload', (event) => {
  if (!sending && [...forms].some(isChanged)) event.preventDefault()
})
addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return
  const form = document.activeElement?.closest('form') ?? [...forms].find(isChanged) ?? forms[0]
  if (!form?.hasAttribute('data-save')) return
  event.preventDefault()
  form.requestSubmit()
})
for (const form of forms) form.addEventListener('input', () => void form.classList.toggle('unkept', isChanged(form)))

/** @param {HTMLFormElement} form */
function isChanged(form) {
  return [...form.elements].some((one) => {
    if (one instanceof HTMLSelectElement)
      return [...one.options].some((option) => option.selected !== option.defaultSelected && !isFirst(one, option))
    if (one instanceof HTMLTextAreaElement) return one.value !== one.defaultValue
    if (!(one instanceof HTMLInputElement) || one.type === 'hidden') return false
    return one.type === 'checkbox' || one.type === 'radio'
      ? one.checked !== one.defaultChecked
      : one.value !== one.defaultValue
  })
}

/** A list in which nothing was chosen shows its first line. @param {HTMLSelectElement} list @param {HTMLOptionElement} option */
function isFirst(list, option) {
  return list.options[0] === option && ![...list.options].some((one) => one.defaultSelected)
}
