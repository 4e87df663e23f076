import { localeOf, type Language } from '../../plumbing/index.ts'

declare const money: unique symbol
/** Whole US cents, 0 to 100,000,000 (a million dollars). Sums of so small whole numbers are exact. */
export type Money = number & { readonly [money]: 'US cents' }

export const mostMoney = 100_000_000

/** Cents that our own program counts. Throws where they are not whole, negative or too many. */
export function moneyOf(cents: number): Money {
  if (!Number.isSafeInteger(cents) || cents < 0 || cents > mostMoney)
    throw new RangeError('an amount is not between 0 and a million dollars in whole cents')
  return cents as Money
}

export const sum = (amounts: readonly Money[]): Money => moneyOf(amounts.reduce((total, one) => total + one, 0))

/** Throws where more is taken away than there is. */
export const less = (from: Money, taken: Money): Money => moneyOf(from - taken)

/** An amount as people type it: `12`, `12.5`, `$12.50`, `1,200.00`. Refused: anything else, nothing, a negative one. */
export function readMoney(text: string): Money | { refused: 'not-an-amount' | 'too-much' } {
  const typed = /^\$?\s?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.normalize('NFKC').trim())
  if (!typed) return { refused: 'not-an-amount' }
  const [, whole = '', part = ''] = typed
  const cents = Number(whole.replaceAll(',', '') + part.padEnd(2, '0'))
  if (cents === 0) return { refused: 'not-an-amount' }
  return cents > mostMoney ? { refused: 'too-much' } : (cents as Money)
}

/** `12.50`: for a field, a machine and a spreadsheet. */
export function plainMoney(amount: Money): string {
  const digits = String(amount).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const formats = new Map<Language, Intl.NumberFormat>()

/** `$1,234.50`, as people of a language write it. The digits are ours: no fraction is computed on the way. */
export function sayMoney(language: Language, amount: Money): string {
  const known =
    formats.get(language) ??
    new Intl.NumberFormat(localeOf(language), { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' })
  formats.set(language, known)
  return known.format(plainMoney(amount) as Intl.StringNumericLiteral)
}
