/**
 * The ledger's continuity is unknown: going on could sign two histories. Whoever meets this stops writing; nothing is
 * repaired by itself. The message says what was found and what a person does about it.
 */
export class ContinuityBroken extends Error {
  override readonly name = 'ContinuityBroken'
}
