/**
 * A winmail.dat as Outlook writes it, byte by byte after MS-OXTNEF: the message's class, its body, and files, each with its
 * rendering data, title and content. Names and words are in windows-1252, as the format has it.
 */
export function winmail(body: string, files: readonly Readonly<{ name: string; content: Buffer }>[]): Buffer {
  return Buffer.concat([
    signature,
    attribute(1, 0x00089006, Buffer.from([0, 0, 1, 0])),
    attribute(1, 0x00069007, Buffer.from([0xe4, 4, 0, 0, 0, 0, 0, 0])),
    attribute(1, 0x00078008, text('IPM.Microsoft Mail.Note')),
    attribute(1, 0x00018004, text('Re: winmail')),
    attribute(1, 0x0002800c, text(body)),
    ...files.flatMap(({ name, content }) => [
      attribute(2, 0x00069002, Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff, 0x20, 0, 0x20, 0, 0, 0, 0, 0])),
      attribute(2, 0x00018010, text(name)),
      attribute(2, 0x0006800f, content),
    ]),
  ])
}

/** 0x223E9F78, little-endian, and the key that numbers this stream. */
const signature = Buffer.from([0x78, 0x9f, 0x3e, 0x22, 0x01, 0x00])

/** Level, identifier, length, the data, and the sum of the data's bytes in 16 bits. */
function attribute(level: 1 | 2, id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt8(level, 0)
  head.writeUInt32LE(id, 1)
  head.writeUInt32LE(data.length, 5)
  const sum = Buffer.alloc(2)
  sum.writeUInt16LE(data.reduce((all, byte) => (all + byte) & 0xffff, 0))
  return Buffer.concat([head, data, sum])
}

/** Ends with a NUL, as a text there does. */
const text = (words: string): Buffer => Buffer.from(`${words}\0`, 'latin1')
