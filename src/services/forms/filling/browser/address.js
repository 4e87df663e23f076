// @ts-check
// While an address is typed the browser offers the city's own streets. The list comes once, whole, from this site: what is
// typed is looked up here and goes nowhere.

const mostOffered = 8

/** @param {{ form: HTMLFormElement, outline: any, words: any }} page */
export function offerStreets({ form, outline, words }) {
  for (const { name } of outline.fields.filter((/** @type {any} */ field) => field['in-city'])) {
    const input = form.elements.namedItem(name)
    if (!(input instanceof HTMLInputElement) || input.type === 'hidden') continue
    const list = document.createElement('datalist')
    list.id = `${name}-streets`
    input.after(list)
    input.setAttribute('list', list.id)
    /** @type {Promise<[string, number, number][]> | undefined} */
    let streets
    const offer = async () => {
      streets ??= fetch(words.streets).then((answer) => (answer.ok ? answer.json() : []))
      const known = await streets.catch(() => [])
      list.replaceChildren(
        ...fitting(known, input.value).map((value) => {
          const option = document.createElement('option')
          option.value = value
          return option
        }),
      )
    }
    input.addEventListener('focus', () => void offer())
    input.addEventListener('input', () => void offer())
  }
}

/** Streets in which each typed word begins a word, with the number that stands before. @param {[string, number, number][]} streets @param {string} typed */
export function fitting(streets, typed) {
  const [, number, rest = ''] = /^\s*(\d+\S*)\s+(.*)$/.exec(typed) ?? []
  const words = simple(rest)
  if (number === undefined || words.length === 0) return []
  const wanted = Number.parseInt(number, 10)
  return streets
    .filter(([name, from, to]) => {
      const parts = simple(name)
      return wanted >= from && wanted <= to && words.every((word) => parts.some((part) => part.startsWith(word)))
    })
    .slice(0, mostOffered)
    .map(([name]) => `${number} ${name}`)
}

/** @param {string} text */
const simple = (text) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
