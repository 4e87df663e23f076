export { installKeys, missingKeys } from './install.ts'
export { fingerprint, openKeyFile } from './key-file.ts'
export type { KeyLabel, Keys } from './key-file.ts'
export { enterCase, keyInHand, keyOf, open, openInHand } from './open.ts'
export type { OpeningId, OpenKey } from './open.ts'
export { custodyPrivateKey, unwrapFromCustody } from './custody.ts'
export {
  newDataKey,
  newDataKeyWithCustody,
  seal,
  sealBytes,
  sealKey,
  unseal,
  unsealBytes,
  unsealKey,
  unwrap,
} from './seal.ts'
export type { DataKey, Standing, SubjectId, WrappedKey } from './seal.ts'
export { blindToken, tokenKinds } from './token.ts'
export type { TokenKind } from './token.ts'
export { wordsOf, wordTokens } from './word.ts'
