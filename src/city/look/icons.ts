import { html, raw, type Html } from '../../plumbing/index.ts'

/** Drawn on a grid of 24, in the colour of the text. They repeat what the words beside them say, so nobody is read them. */
const drawings = {
  arrow: '<path d="M5 12h14M13 6l6 6-6 6"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>',
  wrong: '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.5v.01"/>',
  done: '<circle cx="12" cy="12" r="9"/><path d="m8 12.500 2.800 2.800L16 9.500"/>',
  note: '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.500M12 7.500v.01"/>',
  save: '<path d="M12 4v11M7.500 11l4.500 4.500L16.500 11M5 20h14"/>',
  letter: '<path d="M3.500 6h17v12h-17zM3.500 7l8.500 6.500L20.500 7"/>',
} as const

export type IconName = keyof typeof drawings

export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${raw(drawings[name])}</svg>`
}

const drawnSeal: Html = html`<path d="${notchedRing(20, 24)}" /><circle cx="20" cy="20" r="11.5" /><path d="m15.500 20.500 3.200 3.200 6-7" />`

const sealed = (inside: Html): Html => html`<svg class="seal" viewBox="0 0 40 40" aria-hidden="true">${inside}</svg>`

/** The seal that closes a row of evidence: a notched ring around a check mark. */
export const seal: Html = sealed(drawnSeal)

/** The seals of a list: drawn in its first row, and shown again in the others, since a list may have hundreds. */
export function seals(id: string): { first: Html; other: Html } {
  return { first: sealed(html`<g id="${id}">${drawnSeal}</g>`), other: sealed(html`<use href="#${id}" />`) }
}

function notchedRing(middle: number, notches: number): string {
  const points = Array.from({ length: notches * 2 }, (_, at) => {
    const angle = (at * Math.PI) / notches
    const radius = at % 2 === 0 ? 17.5 : 15.8
    return `${(middle + radius * Math.cos(angle)).toFixed(1)} ${(middle + radius * Math.sin(angle)).toFixed(1)}`
  })
  return `M${points.join('L')}z`
}
