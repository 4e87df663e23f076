import { chance } from '../../plumbing/index.ts'

declare const reference: unique symbol
/**
 * Twelve digits: ten of chance and two to check them by (ISO 7064, MOD 97-10, as in an IBAN). Every wrong digit and every
 * exchange of two neighbours is found. Shorter than any card number, so that neither can be taken for the other.
 */
export type PaymentReference = string & { readonly [reference]: true }

const drawnDigits = 10
const ordinal = 10n ** BigInt(drawnDigits)

/** A new one. Sixteen bytes for ten digits: no digit is likelier than another by more than one in 10^28. */
export function drawReference(): PaymentReference {
  const drawn = (BigInt(`0x${chance(16).toString('hex')}`) % ordinal).toString().padStart(drawnDigits, '0')
  return (drawn + checkDigits(drawn)) as PaymentReference
}

/** Reads a reference as people write it: spaces, dashes, dots. Refusals: not twelve digits; a digit wrong or two exchanged. */
export function readReference(text: string): PaymentReference | { refused: 'not-a-reference' | 'slip' } {
  const plain = text.normalize('NFKC').replace(/[\s.\-‐-―_#]/g, '')
  if (!/^[0-9]{12}$/.test(plain)) return { refused: 'not-a-reference' }
  return BigInt(plain) % 97n === 1n ? (plain as PaymentReference) : { refused: 'slip' }
}

/** `4829 1057 3344` */
export function inGroups(one: PaymentReference): string {
  return one.replace(/(\d{4})(?=\d)/g, '$1 ')
}

const checkDigits = (drawn: string): string => String(98n - ((BigInt(drawn) * 100n) % 97n)).padStart(2, '0')
