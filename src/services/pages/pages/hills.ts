import { html, raw, type Html } from '../../../plumbing/index.ts'

const width = 1200
const height = 300
const steps = 20

/** Contour lines of hills falling to a valley, as on a surveyor's map: nested curves, each lower and calmer than the one behind it. */
export const hills: Html = html`<svg
  class="hills"
  viewBox="0 0 ${width} ${height}"
  preserveAspectRatio="none"
  aria-hidden="true"
>
  ${raw(Array.from({ length: 11 }, (_, line) => `<path d="${contour(line)}"/>`).join(''))}
</svg>`

/** Through the middles between points, with the points as what bends the line: smooth with few numbers. */
function contour(line: number): string {
  const points = Array.from({ length: steps + 1 }, (_, at) => {
    const x = (at / steps) * width
    return { x, y: top(x / width, line) }
  })
  const bends = points.slice(0, -1).map((point, at) => {
    const next = points[at + 1] as { x: number; y: number }
    const end = at === steps - 1 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q${whole(point.x)} ${whole(point.y)} ${whole(end.x)} ${whole(end.y)}`
  })
  return `M0 ${whole(top(0, line))}${bends.join('')}`
}

function whole(value: number): number {
  return Math.round(value)
}

/** The hills stand high at the right edge and low at the left, where the words are. */
function top(x: number, line: number): number {
  const rise = Math.exp(-((x - 0.86) ** 2) / 0.055) * 175 + Math.exp(-((x - 0.5) ** 2) / 0.03) * 46
  const fold = Math.sin(x * 7.5 + line * 0.32) * 9 + Math.sin(x * 17 - line * 0.5) * 3
  const calm = 1 - line / 13
  return height - 8 - (10 - line) * 6 - rise * calm - fold * calm
}
