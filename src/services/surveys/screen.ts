/**
 * Screens what people write freely for what would tell about somebody. What is found is masked before the words are kept,
 * so nobody reads it, no clerk and no programmer: there is nothing to unmask. It knows shapes, not people: a name alone,
 * written like any other word, passes; therefore a clerk reads the masked words before anything is published.
 */
export type Screened = Readonly<{ text: string; masked: number }>

export const mask = '█████'

const name = String.raw`\p{Lu}[\p{L}\p{M}'’-]{1,40}`
const names = String.raw`${name}(?:\s+(?:(?:de|del|la|las|los|van|von|da|do|y)\s+)*${name}){0,3}`
const street = String.raw`(?:street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|court|ct|way|boulevard|blvd|place|pl|circle|cir|terrace|ter|highway|hwy|parkway|pkwy|trail|trl|square|sq)`
const calle = String.raw`(?:calle|avenida|av|camino|paseo|plaza|privada|callejón|carretera|bulevar)`

const rules: readonly RegExp[] = [
  // An address at a domain, also where the signs are written out.
  /[^\s@<>"(),;]{1,64}\s?@\s?[^\s@<>"(),;]{1,255}\.[\p{L}\p{N}-]{2,63}|[^\s@<>"(),;]{1,64}@[^\s@<>"(),;]{1,255}/gu,
  /[\p{L}\p{N}._-]{2,64}\s*[[(]\s*(?:at|arroba)\s*[\])]\s*[\p{L}\p{N}.-]+(?:\s*[[(]?\s*(?:dot|punto|\.)\s*[\])]?\s*\p{L}{2,})/giu,
  /(?:https?:\/\/|www\.)\S{1,500}/giu,
  // Accounts elsewhere.
  /(?<![\p{L}\p{N}])@[\p{L}\p{N}_.]{2,40}/gu,
  // Telephones, card numbers, Social Security and account numbers: seven digits or more, however they are parted.
  /\+?\(?\d(?:[\s().·/_-]{0,3}\d){6,22}/gu,
  /(?<!\d)\d{3}[\s.-]\d{2}[\s.-]\d{4}(?!\d)/gu,
  // Licence numbers (California: a letter and seven digits), plates, case and account references.
  /(?<![\p{L}\p{N}])[A-Z]\d{6,8}(?![\p{L}\p{N}])/giu,
  /(?<![\p{L}\p{N}])(?=[A-Z\d]{0,7}\d)(?=[A-Z\d]{0,7}[A-Z])[A-Z\d]{5,8}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])\d[A-Z]{3}\s?\d{3}(?![\p{L}\p{N}])/giu,
  // A date of birth, or any other whole date.
  /(?<!\d)\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?!\d)/gu,
  // Doors: a number and a street, a street and a number, a unit.
  new RegExp(
    String.raw`(?<!\p{N})\d{1,6}\s?[a-z]?,?\s+(?:(?:north|south|east|west|[nsew])\.?\s+)?(?:[\p{L}\p{N}'’.-]{1,30}\s+){1,4}${street}\b\.?`,
    'giu',
  ),
  new RegExp(String.raw`(?<!\p{N})\d{1,6}\s+(?:[NSEW]\.?\s+)?${names}`, 'gu'),
  new RegExp(String.raw`(?<!\p{L})${calle}\.?\s+[\p{L}\p{N}'’. -]{1,40}?(?:#|no\.?|núm\.?)?\s*\d{1,6}`, 'giu'),
  new RegExp(String.raw`${name}\s+${street}\.?,?\s+(?:#\s?)?\d{1,6}`, 'giu'),
  /(?<!\p{L})(?:apt|apartment|unit|suite|ste|room|space|lot|depto|departamento|interior|apartamento|unidad)\b\.?\s*#?\s*(?:\d[\p{L}\p{N}]{0,5}|\p{L}(?![\p{L}'’]))|#\s?\d{1,6}/giu,
  /(?<!\p{L})p\.?\s?o\.?\s+box\s+\d{1,7}|apartado(?:\s+postal)?\s+\d{1,7}/giu,
  // Whoever says who somebody is.
  new RegExp(
    String.raw`(?<=(?<!\p{L})(?:[Mm]y name is|[Nn]ame['’]?s|I am called|[Tt]his is|[Ss]igned,?|[Ss]incerely,?|[Rr]egards,?|[Mm]e llamo|[Mm]i nombre es|[Aa]tentamente,?|[Ff]irma(?:do)?:?|[Ss]aludos,?)[\s:,]+)${names}`,
    'gu',
  ),
  new RegExp(
    String.raw`(?<=(?<!\p{L})(?:[Mm]y name is|[Mm]e llamo|[Mm]i nombre es)\s+)[\p{L}'’-]{2,40}(?:\s+[\p{L}'’-]{2,40})?`,
    'gu',
  ),
  new RegExp(String.raw`(?<=(?<!\p{L})(?:I['’]?m|I am|[Ss]oy)\s+)${name}\s+${name}`, 'gu'),
  new RegExp(
    String.raw`(?<!\p{L})(?:mr|mrs|ms|miss|mx|dr|prof|officer|sgt|sergeant|detective|judge|pastor|father|sister|principal|councilmember|councilman|councilwoman|mayor|teacher|coach|sr|sra|srta|señor|señora|señorita|don|doña|oficial|maestr[oa]|profesora?|padre|licenciad[oa]|alcalde|alcaldesa)\.?\s+(?-i:${names})`,
    'giu',
  ),
  // Who belongs to the writer: my neighbor Joan Smith.
  new RegExp(
    String.raw`(?<=(?<!\p{L})(?:[Mm]y|[Oo]ur|[Mm]i|[Nn]uestr[oa])\s+(?:\p{L}{3,20}\s+){1,2},?\s?)${names}`,
    'gu',
  ),
  // Two or more names in a row in the middle of a sentence.
  new RegExp(String.raw`(?<=[\p{Ll},;:]\s)${name}\s+(?:(?:de|del|la|van|von|da)\s+)*${name}(?:\s+${name})?`, 'gu'),
]

/** Words of this city that look like names and are none: its neighborhoods, streets' kinds, departments. */
export type Harmless = readonly string[]

/** The text with everything found masked. What lies wholly within harmless words stays. */
export function screen(text: string, harmless: Harmless = []): Screened {
  const open = text.normalize('NFKC')
  const kept = harmless.flatMap((word) => placesOf(open, word))
  const found = rules
    .flatMap((rule) => [...open.matchAll(rule)].map((hit) => [hit.index, hit.index + hit[0].length] as const))
    .filter(([from, until]) => !kept.some((one) => one[0] <= from && until <= one[1]))
  const spans = joined(found)
  let at = 0
  const parts = spans.map(([from, until]) => {
    const before = open.slice(at, from)
    at = until
    return before + mask
  })
  return { text: parts.join('') + open.slice(at), masked: spans.length }
}

function placesOf(text: string, word: string): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = []
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) found.push([at, at + word.length])
  return found
}

/** In order, those that touch as one. */
function joined(spans: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const sorted = [...spans].filter(([from, until]) => until > from).sort((a, b) => a[0] - b[0] || b[1] - a[1])
  const all: [number, number][] = []
  for (const [from, until] of sorted) {
    const last = all.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], until)
    else all.push([from, until])
  }
  return all
}
