import { constants, crc32, deflateRawSync } from 'node:zlib'

const header = '\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03'

/**
 * Gzip (RFC 1952) made beforehand around one text that is new in each copy: what stands before and after it is compressed
 * once, the text goes in as a stored block of DEFLATE (RFC 1951 3.2.4), and only its checksum is reckoned for each copy.
 * Nothing of the text meets the compressor, so lengths tell nothing of it. `before`, `after` and the answer are bytes as a
 * latin1 string; the text is ASCII, at most 65,535 characters.
 */
export function gzipAround(before: string, after: string): (text: string) => string {
  const [first, last] = [Buffer.from(before, 'latin1'), Buffer.from(after, 'latin1')]
  const head = header + deflateRawSync(first, { level: 9, finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1')
  const tail = deflateRawSync(last, { level: 9 }).toString('latin1')
  const [crcBefore, goOn] = [crc32(first), crcThrough(last)]
  const length = first.length + last.length
  return (text) => {
    const size = text.length
    if (size > 0xffff) throw new RangeError('a text of its own is too long for one stored block')
    const stored = '\0' + little(size, 2) + little(~size & 0xffff, 2) + text
    return head + stored + tail + little(goOn(crc32(text, crcBefore)), 4) + little(length + size, 4)
  }
}

/** The checksum after `bytes`, of the checksum before them. CRC is affine: the answers to single bits tell all others. */
function crcThrough(bytes: Buffer): (before: number) => number {
  const none = crc32(bytes, 0)
  const ofBit = Array.from({ length: 32 }, (_, bit) => crc32(bytes, (1 << bit) >>> 0) ^ none)
  return (before) => {
    let crc = none
    for (let bit = 0; bit < 32; bit++) if ((before >>> bit) & 1) crc ^= ofBit[bit] as number
    return crc >>> 0
  }
}

function little(value: number, bytes: 2 | 4): string {
  const low = String.fromCharCode(value & 255, (value >>> 8) & 255)
  return bytes === 2 ? low : low + String.fromCharCode((value >>> 16) & 255, value >>> 24)
}
