// @ts-check
// Printing by a button. Without this module the browser's own printing does the same.

for (const button of document.querySelectorAll('[data-print]')) {
  if (!(button instanceof HTMLButtonElement)) continue
  button.hidden = false
  button.addEventListener('click', () => print())
  if (button.autofocus) button.focus()
}
