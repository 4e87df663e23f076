// @ts-check
// Printing by a button. Without this module the browser's own printing does the same.

for (const button of document.querySelectorAll('[data-print]')) {
  if (!(button instanceof HTMLButtonElement)) continue
  button.hidden = false
  button.addEventListener('click', () => print())
  if (button.autofocus) button.focus()
}

for (const list of document.querySelectorAll('[data-order]')) {
  if (list instanceof HTMLElement) moveable(list)
}

/** Pages move by a button each, which keeps the focus; the numbers follow. @param {HTMLElement} list */
function moveable(list) {
  for (const item of list.children) {
    const name = item.querySelector('label')?.textContent ?? ''
    item.append(mover('↑', `${list.dataset.up ?? ''}: ${name}`, () => item.previousElementSibling?.before(item)))
    item.append(mover('↓', `${list.dataset.down ?? ''}: ${name}`, () => item.nextElementSibling?.after(item)))
  }
  /** @param {string} sign @param {string} says @param {() => void} move */
  function mover(sign, says, move) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'quiet'
    button.textContent = sign
    button.ariaLabel = says
    button.addEventListener('click', () => {
      move()
      button.focus()
      for (const [at, number] of list.querySelectorAll('input[size]').entries())
        if (number instanceof HTMLInputElement) number.value = String(at + 1)
    })
    return button
  }
}
