/** A byte that no text has, in whichever of the usual ways it is written: control codes but tab, line ends and form feed. */

const noText = /[\0-\x08\x0b\x0e-\x1f\x7f]/

export class NoText extends Error {}

/** Lets text through and stops at the first byte that is none. */
export async function* onlyText(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    if (noText.test(Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1'))) throw new NoText()
    yield piece
  }
}
