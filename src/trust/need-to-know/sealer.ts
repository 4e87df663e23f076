/** Where a sealed value stands; moved elsewhere it does not open. */
export type Standing = Readonly<{ table: string; column: string; row: string }>

/** Seals what this room keeps and the database must not read, under the city's key; the vault hands it in. */
export type Sealer = Readonly<{
  seal(at: Standing, text: string): Buffer
  unseal(at: Standing, sealed: Buffer): string
}>
