import { scaleBand, scaleLinear } from 'd3-scale'
import { html, raw, type Html } from '../../plumbing/index.ts'

/** A bar: what it stands for, its share of one, and the words beside it; without a share, a number that is hidden. */
export type Bar = Readonly<{ label: string; share: number | undefined; says: string }>

const width = 320
const rowHeight = 46
const barHeight = 14
const longest = 50

/** Bars drawn on the server. Colors and letter shapes come from the page's stylesheet, so dark mode and paper are its affair. */
export function barChart(bars: readonly Bar[], title: string): Html {
  const height = bars.length * rowHeight
  const y = scaleBand<number>()
    .domain(bars.map((_, at) => at))
    .range([0, height])
  // The track is the whole: a share of a half fills half of it.
  const x = scaleLinear()
    .domain([0, 1])
    .range([0, width - 56])
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${bars.map(({ label, share, says }, at) => {
      const top = y(at) ?? 0
      const end = round(x(share ?? 0))
      return html`<text class="label" x="0" y="${top + 13}">${shortened(label)}</text>
        <rect class="track" x="0" y="${top + 19}" width="${width - 56}" height="${barHeight}" rx="2" />
        ${
          share === undefined
            ? raw(
                `<rect class="hidden-bar" x="0.5" y="${String(top + 19.5)}" width="${String(width - 57)}" height="${String(barHeight - 1)}" rx="2" />`,
              )
            : html`<rect class="bar" x="0" y="${top + 19}" width="${end}" height="${barHeight}" rx="2" />`
        }<text class="value" x="${width}" y="${top + 31}" text-anchor="end">${says}</text>`
    })}
  </svg>`
}

const round = (length: number) => Math.round(length * 10) / 10
/** The table beside the chart has it whole. */
const shortened = (label: string) => (label.length > longest ? `${label.slice(0, longest - 1).trimEnd()}…` : label)
