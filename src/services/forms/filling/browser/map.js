// @ts-check
// The map of a question for a place: a press or the arrow keys move the pin, and what it stands in is said.

const mapWidth = 560

/** @param {{ form: HTMLFormElement, outline: any, words: any, live: HTMLElement, places: () => Promise<any> }} page */
export function pinOnMap({ form, outline, words, live, places }) {
  for (const { name, map } of outline.fields.filter((/** @type {any} */ field) => field.map)) {
    const box = form.querySelector(`[data-map="${name}"]`)
    const kept = form.querySelector(`input[type=hidden][name="${name}"]`)
    const near = form.elements.namedItem(`${name}-near`)
    const [pin, says] = [box?.querySelector('.pin > g'), document.getElementById(`${name}-pin`)]
    if (!(box instanceof HTMLElement) || !(kept instanceof HTMLInputElement)) continue
    if (!(near instanceof HTMLSelectElement) || !pin || !says) continue
    const height = mapHeight(map, mapWidth)
    const wordsNow = async () => {
      const name = (await places()).nameAt(kept.value)
      return name === undefined ? words.pinOutside : words.pinIn.replace('{place}', () => name)
    }
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let later
    const put = async (/** @type {{ x: number, y: number }} */ spot) => {
      const held = { x: Math.min(mapWidth, Math.max(0, spot.x)), y: Math.min(height, Math.max(0, spot.y)) }
      kept.value = placeAtSpot(map, mapWidth, held)
      pin.setAttribute('transform', `translate(${held.x.toFixed(1)} ${held.y.toFixed(1)})`)
      near.value = ''
      kept.dispatchEvent(new Event('input', { bubbles: true }))
      const where = await wordsNow()
      says.textContent = where
      clearTimeout(later)
      later = setTimeout(() => (live.textContent = where), 400)
    }
    const away = () => {
      kept.value = ''
      pin.setAttribute('transform', 'translate(-99 -99)')
      says.textContent = words.pinNone
    }
    near.addEventListener('change', () => near.value !== '' && away())
    for (const button of form.querySelectorAll(`[name=unpin][value="${name}"]`)) button.remove()
    box.addEventListener('click', (event) => {
      event.preventDefault()
      const { left, top, width } = box.getBoundingClientRect()
      box.focus()
      void put({ x: ((event.clientX - left) * mapWidth) / width, y: ((event.clientY - top) * mapWidth) / width })
    })
    box.tabIndex = 0
    box.setAttribute('role', 'application')
    box.setAttribute('aria-label', words.mapKeys)
    box.setAttribute('aria-describedby', says.id)
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Delete' || event.key === 'Backspace') return away()
      const way = ways[event.key]
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      const now = spotOf(map, mapWidth, kept.value)
      const step = event.shiftKey ? 2 : 14
      void put(now ? { x: now.x + way[0] * step, y: now.y + way[1] * step } : { x: mapWidth / 2, y: height / 2 })
    })
  }
}

/** @type {Record<string, [number, number]>} */
const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
