/** Rows in PostgreSQL's binary form, one of them at hand: what was read of it is gone at the next. */
export interface CopiedRows {
  readonly bytes: Buffer
  /** Where a column of the row at hand begins in `bytes`. */
  start(column: number): number
  /** How many bytes it has; -1 when it is null. */
  length(column: number): number
  /** Takes the next row in hand; false when it has not come as a whole yet. */
  next(): boolean
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** The signature, flags, and the length of an extension, of which there is none yet. */
const headBytes = signature.length + 8
const endOfRows = -1

/** The rows in what COPY sends, in pieces that end anywhere. Yields the same rows again whenever there are more to take. */
export async function* copiedRows(pieces: AsyncIterable<Buffer>): AsyncGenerator<CopiedRows> {
  const rows = new RowsInPieces()
  for await (const piece of pieces) if (rows.add(piece)) yield rows
  if (!rows.ended) throw new Error('the database broke off in the middle of its rows')
}

class RowsInPieces implements CopiedRows {
  bytes: Buffer = Buffer.alloc(0)
  ended = false
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  #begun = false
  /** Where the next row begins, and how many bytes from there are needed to get further with it. */
  #at = 0
  #needed = headBytes
  #waiting: Buffer[] = []
  #waits = 0

  /** A row of many pieces is put together once, when enough of it is there. */
  add(piece: Buffer): boolean {
    const rest = this.bytes.subarray(this.#at)
    if (this.#waits === 0 && rest.length > 0) this.#wait(rest)
    this.#wait(piece)
    this.bytes = Buffer.alloc(0)
    this.#at = 0
    if (this.#waits < this.#needed) return false
    this.bytes = this.#waiting.length === 1 ? piece : Buffer.concat(this.#waiting, this.#waits)
    this.#waiting = []
    this.#waits = 0
    return true
  }

  start(column: number): number {
    return this.#starts[column] ?? 0
  }

  length(column: number): number {
    return this.#lengths[column] ?? endOfRows
  }

  next(): boolean {
    if (!this.#begun) this.#begin()
    const { bytes } = this
    let from = this.#at + 2
    if (this.ended || from > bytes.length) return this.#until(from)
    const columns = bytes.readInt16BE(this.#at)
    if (columns === endOfRows) {
      this.ended = true
      return false
    }
    for (let column = 0; column < columns; column += 1) {
      if (from + 4 > bytes.length) return this.#until(from + 4)
      const length = bytes.readInt32BE(from)
      from += 4
      this.#starts[column] = from
      this.#lengths[column] = length
      if (length > 0) from += length
    }
    if (from > bytes.length) return this.#until(from)
    this.#at = from
    return true
  }

  #begin(): void {
    if (!this.bytes.subarray(0, signature.length).equals(signature)) throw new Error('the database did not send rows')
    this.#at = headBytes + this.bytes.readInt32BE(headBytes - 4)
    this.#begun = true
  }

  #until(end: number): false {
    this.#needed = end - this.#at
    return false
  }

  #wait(piece: Buffer): void {
    this.#waiting.push(piece)
    this.#waits += piece.length
  }
}
