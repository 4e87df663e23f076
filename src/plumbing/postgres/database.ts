import type { CopiedRows } from './copied-rows.ts'
import type { Sql } from './sql.ts'

declare const transactional: unique symbol

/** Something that can be asked; inside a transaction only. */
export interface Reader {
  rows<R>(query: Sql): Promise<R[]>
  /** The first row, or undefined. */
  row<R>(query: Sql): Promise<R | undefined>
}

/** An open transaction. Only `Db.transaction` makes one, so a write without a transaction does not compile. */
export interface Tx extends Reader {
  readonly [transactional]: true
}

/** A pool of connections under one role. Faults are thrown as `DatabaseFault`. */
export interface Db {
  /**
   * Runs `work` in one transaction and commits; rolls back when it throws. While the server restarts, opening the
   * transaction waits (`patience`); once work began it is never repeated.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement which is a transaction in itself: one round trip. */
  once<R>(query: Sql): Promise<R[]>
  close(): Promise<void>
}

/** An open transaction on a connection of its own, which is asked one thing after the other. */
export interface StreamingTx extends Tx {
  /**
   * The rows of a statement as they come, in binary: memory does not grow with them, and of what is not wanted nothing is
   * made. It has no values, for COPY takes none. Until the last row was read or given up, nothing else can be asked.
   */
  copied(query: Sql): AsyncIterable<CopiedRows>
}

/** A database that also gives rows too many to be had at once. */
export interface StreamingDb extends Db {
  streaming<T>(work: (tx: StreamingTx) => Promise<T>): Promise<T>
}
