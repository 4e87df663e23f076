// @ts-check
// While an address is typed the browser offers the city's own streets.

const mostOffered = 8

/** @param {{ form: HTMLFormElement, outline: any, places: () => Promise<any> }} page */
export function offerStreets({ form, outline, places }) {
  for (const { name } of outline.fields.filter((/** @type {any} */ field) => field['in-city'])) {
    const input = form.elements.namedItem(name)
    if (!(input instanceof HTMLInputElement) || input.type === 'hidden') continue
    const list = document.createElement('datalist')
    list.id = `${name}-streets`
    input.after(list)
    input.setAttribute('list', list.id)
    input.addEventListener('input', async () => {
      const known = await places()
      list.replaceChildren(
        ...known.streetsLike(input.value, mostOffered).map((/** @type {string} */ value) => {
          const option = document.createElement('option')
          option.value = value
          return option
        }),
      )
    })
  }
}
