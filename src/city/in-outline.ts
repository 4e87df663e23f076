import type { MultiPolygon, Polygon } from 'geojson'
import pointInPolygon from 'point-in-polygon-hao'

/** Whether a point (longitude, latitude) lies in an outline or on its border. */
export function isInOutline([long = NaN, lat = NaN]: readonly number[], outline: Polygon | MultiPolygon): boolean {
  const polygons = outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates
  return polygons.some((rings) => pointInPolygon([long, lat], rings) !== false)
}
