/** More than any field of ours takes; what is longer is refused for its length. */
const longest = 1000
/** Sixteen digits, a date and a code are 23 at most; a receipt code has just 24. */
const receiptDigits = 24

/**
 * Whether a card number stands in some text: 13 to 19 digits, perhaps parted, that pass the card companies' check (Luhn).
 * Such text is refused and never shown again, stored or logged, whatever field it was pasted into.
 */
export function holdsCardNumber(text: string): boolean {
  for (const [run] of text
    .slice(0, longest)
    .normalize('NFKC')
    .matchAll(/\d(?:[ .\-‐-―/]*\d){12,}/g)) {
    const digits = run.replace(/\D/g, '')
    if (digits.length === receiptDigits) continue
    for (let length = 13; length <= Math.min(19, digits.length); length += 1)
      for (let from = 0; from + length <= digits.length; from += 1)
        if (passesCheck(digits.slice(from, from + length))) return true
  }
  return false
}

function passesCheck(digits: string): boolean {
  let sum = 0
  for (const [at, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
