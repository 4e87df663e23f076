/** What a text must look like, by the name of its JSON Schema format; the same in the browser and on the server. */
export const formats = {
  email: isEmail,
  telephone: isTelephone,
  date: isDate,
  'local-time': isTime,
  'map-place': isMapPlace,
  slot: isSlot,
  session: isSession,
} as const
export type Format = keyof typeof formats

/** Shape only: one @, a name before it, a domain with a dot behind it. Whether mail arrives is found out by sending it. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [name, domain] = [text.slice(0, at), text.slice(at + 1)]
  return (
    text.length <= 254 &&
    /^[^\s@<>()[\]\\,;:"]{1,64}$/.test(name) &&
    !/^\.|\.\.|\.$/.test(name) &&
    /^[\p{L}\p{M}\p{N}-]{1,63}(\.[\p{L}\p{M}\p{N}-]{1,63})+$/u.test(domain)
  )
}

/** Seven to twenty digits, written as people write them; an extension may follow. */
function isTelephone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  return digits >= 7 && digits <= 20 && /^\+?[\d\s().-]+((x|ext\.?)\s*\d{1,5})?$/i.test(text)
}

/** A day that is in the calendar, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (y < 1 || m < 1 || m > 12 || d < 1) return false
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1] ?? 0
  return d <= days
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
}

/** Latitude and longitude in degrees, with a comma between; or the name under which the city keeps a neighborhood. */
function isMapPlace(text: string): boolean {
  if (/^[a-z][a-z0-9-]{0,59}$/.test(text)) return true
  const [, latitude, longitude] = /^(-?\d{1,2}(?:\.\d{1,7})?),(-?\d{1,3}(?:\.\d{1,7})?)$/.exec(text) ?? []
  return latitude !== undefined && Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180
}

/** What is booked, from which moment (UTC, so that no change of the clocks makes two of it), for how many slots and places. */
function isSlot(text: string): boolean {
  const [, date = '', time = ''] = slotShape.exec(text) ?? []
  return isDate(date) && isTime(time)
}

/** What is signed up for, the beginning of the hash of the words that were agreed to, and that what comes first was done. */
function isSession(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,59}(\/[0-9a-f]{16})?(\/done)?$/.test(text)
}

/** `community-hall@2026-12-01T18:00Z/2/1` */
const slotShape = /^[a-z][a-z0-9-]{0,59}@(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})Z\/[1-9]\d{0,2}\/[1-9]\d{0,2}$/
