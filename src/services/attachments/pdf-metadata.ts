/**
 * Blanks, in a PDF that pdfium has just written, what programs and cameras wrote about it: the information dictionary
 * (title, author, dates), every XMP stream, and the notes inside its photographs (place, time, camera). Bytes become
 * spaces, so every object stays where the table says. False where it is not written as pdfium writes it.
 */
export function blankMetadata(pdf: Buffer): boolean {
  const text = pdf.toString('latin1')
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text.slice(-200))?.[1])
  const objects = text.startsWith('xref', start) ? objectsIn(text, start) : undefined
  if (!objects) return false
  const information = /\/Info (\d+) 0 R/.exec(text.slice(text.lastIndexOf('trailer')))?.[1]
  const described = new Set<number>()
  for (const { from, until } of objects.values()) {
    const dictionary = text.slice(from, startOfStream(text, from, until) ?? until)
    for (const [, number] of dictionary.matchAll(/\/Metadata (\d+) 0 R/g)) described.add(Number(number))
  }
  for (const [number, { from, until }] of objects) {
    const stream = startOfStream(text, from, until)
    const dictionary = text.slice(from, stream ?? until)
    const end = text.lastIndexOf(stream === undefined ? 'endobj' : 'endstream', until)
    if (number === Number(information)) blank(pdf, text.indexOf('<<', from) + 2, text.lastIndexOf('>>', end))
    else if (
      stream !== undefined &&
      (described.has(number) || /\/Type\s?\/Metadata\b|\/Subtype\s?\/XML\b/.test(dictionary))
    )
      blank(pdf, stream, beforeLineEnd(pdf, end))
    else if (stream !== undefined && /\/DCTDecode\b/.test(dictionary)) blankNotes(pdf, stream, end)
  }
  return true
}

type Span = Readonly<{ from: number; until: number }>

/** Where each object begins, and where the next one does, by the table at the end. */
function objectsIn(text: string, table: number): ReadonlyMap<number, Span> | undefined {
  const places: { number: number; from: number }[] = []
  const section = /(\d+) (\d+)\s+((?:\d{10} \d{5} [nf][\s]{1,2})*)/y
  section.lastIndex = table + 'xref'.length + (/^\s+/.exec(text.slice(table + 4, table + 8))?.[0].length ?? 0)
  for (let found = section.exec(text); found; found = section.exec(text)) {
    const first = Number(found[1])
    for (const [n, line] of (found[3]?.match(/\d{10} \d{5} [nf]/g) ?? []).entries())
      if (line.endsWith('n')) places.push({ number: first + n, from: Number(line.slice(0, 10)) })
  }
  if (places.length === 0 || !places.every(({ number, from }) => text.startsWith(`${String(number)} 0 obj`, from)))
    return undefined
  const inOrder = places.toSorted((one, other) => one.from - other.from)
  return new Map(inOrder.map(({ number, from }, n) => [number, { from, until: inOrder[n + 1]?.from ?? table }]))
}

/** Where the bytes of a stream begin; undefined of an object that is none. */
function startOfStream(text: string, from: number, until: number): number | undefined {
  const found = text.indexOf('>>stream', from)
  if (found === -1 || found >= until) return undefined
  const after = found + '>>stream'.length
  return after + (text.startsWith('\r\n', after) ? 2 : 1)
}

/** The line end before `endstream` belongs to no stream. */
function beforeLineEnd(pdf: Buffer, end: number): number {
  const until = pdf[end - 1] === 0x0a ? end - 1 : end
  return pdf[until - 1] === 0x0d ? until - 1 : until
}

function blank(pdf: Buffer, from: number, until: number): void {
  if (until > from) pdf.fill(' ', from, until)
}

/** The segments of a JPEG in which cameras and programs write (APP1, APP3 to APP13, comments); colour stays (APP2, APP14). */
function blankNotes(pdf: Buffer, from: number, until: number): void {
  let at = from + 2
  while (at + 4 <= until && pdf[at] === 0xff) {
    const marker = pdf[at + 1] ?? 0
    // From the start of the picture's points on there are no segments.
    if (marker === 0xda) return
    const next = at + 2 + pdf.readUInt16BE(at + 2)
    const written = marker === 0xe1 || (marker >= 0xe3 && marker <= 0xed) || marker === 0xfe
    if (written) blank(pdf, at + 4, Math.min(next, until))
    at = next
  }
}
