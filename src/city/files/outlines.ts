import type { MultiPolygon, Polygon, Position } from 'geojson'
import { isInOutline } from '../in-outline.ts'

type Outline = Polygon | MultiPolygon
type Line = readonly [Position, Position]

const metresPerDegree = 111_320

/**
 * A point that lies in both outlines, further from both their borders than the tolerance; undefined where there is none.
 * Two outlines overlap where a stretch of one's border, cut where the other's crosses it, runs inside the other, or where
 * one holds the other's middle. Neighbors that share a border run along it, not inside.
 */
export function overlap(one: Outline, other: Outline, toleranceMetres: number): Position | undefined {
  const [mine, theirs] = [linesOf(one), linesOf(other)]
  const deepIn = (point: Position, outline: Outline, border: readonly Line[]) =>
    isInOutline(point, outline) && border.every((line) => metresTo(point, line) > toleranceMetres)
  return (
    middlesOf(mine, theirs).find((point) => deepIn(point, other, theirs)) ??
    middlesOf(theirs, mine).find((point) => deepIn(point, one, mine)) ??
    [innerPoint(one)].find((point) => deepIn(point, other, theirs)) ??
    [innerPoint(other)].find((point) => deepIn(point, one, mine))
  )
}

/** A point inside: the middle of the widest stretch across the outline's middle latitude. */
export function innerPoint(outline: Outline): Position {
  const lines = linesOf(outline)
  const lats = lines.flatMap(([[, a = 0], [, b = 0]]) => [a, b])
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  // A little off the middle: a corner that lies exactly on the line would be crossed twice.
  const lat = south + (north - south) * 0.4999
  const crossings = lines
    .flatMap(([[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]]) =>
      y1 > lat === y2 > lat ? [] : [x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)],
    )
    .sort((a, b) => a - b)
  let best: readonly [number, number] = [crossings[0] ?? 0, crossings[1] ?? 0]
  for (let n = 0; n + 1 < crossings.length; n += 2) {
    const [from = 0, to = 0] = [crossings[n], crossings[n + 1]]
    if (to - from > best[1] - best[0]) best = [from, to]
  }
  return [(best[0] + best[1]) / 2, lat]
}

function linesOf({ type, coordinates }: Outline): Line[] {
  const rings = type === 'Polygon' ? coordinates : coordinates.flat()
  return rings.flatMap((ring) => ring.slice(1).map((to, n): Line => [ring[n] ?? to, to]))
}

/** The middle of each stretch of these lines between the places where the others cross them. */
function middlesOf(lines: readonly Line[], others: readonly Line[]): Position[] {
  return lines.flatMap((line) => {
    const cuts = [0, ...others.flatMap((other) => cutsOf(line, other)), 1].sort((a, b) => a - b)
    return cuts.slice(1).flatMap((to, n) => {
      const from = cuts[n] ?? to
      return to - from < 1e-9 ? [] : [along(line, (from + to) / 2)]
    })
  })
}

/** Where on the first line the second crosses it, as a part of its length. */
function cutsOf([[ax = 0, ay = 0], [bx = 0, by = 0]]: Line, [[cx = 0, cy = 0], [dx = 0, dy = 0]]: Line): number[] {
  const across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
  if (across === 0) return []
  const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across
  const u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across
  return t > 0 && t < 1 && u >= 0 && u <= 1 ? [t] : []
}

function along([[ax = 0, ay = 0], [bx = 0, by = 0]]: Line, part: number): Position {
  return [ax + (bx - ax) * part, ay + (by - ay) * part]
}

/** On the scale of a city the earth is flat, and degrees of longitude are narrower by the cosine of the latitude. */
function metresTo([px = 0, py = 0]: Position, [[ax = 0, ay = 0], [bx = 0, by = 0]]: Line): number {
  const narrow = Math.cos((py * Math.PI) / 180)
  const [x, y] = [(bx - ax) * narrow, by - ay]
  const [qx, qy] = [(px - ax) * narrow, py - ay]
  const length = x * x + y * y
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, (qx * x + qy * y) / length))
  return Math.hypot(qx - x * part, qy - y * part) * metresPerDegree
}
