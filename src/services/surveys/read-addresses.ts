import type { Language } from '../../plumbing/index.ts'

/** Whom to invite, in which language. */
export type Invitee = Readonly<{ email: string; language: Language }>
export type AddressesRead = Readonly<{ invitees: readonly Invitee[]; wrong: readonly number[] }>

export const mostAtOnce = 5_000

/**
 * Reads addresses as they are pasted or stand in a CSV file: one line each, in whichever column the address is; `es` in
 * another column asks for Spanish. Names and whatever else stands there are not taken over. `wrong`: lines without one.
 */
export function readAddresses(text: string): AddressesRead {
  const invitees = new Map<string, Invitee>()
  const wrong: number[] = []
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue
    const cells = line.split(/[,;\t]/).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
    const found = cells.flatMap((cell) => addressIn(cell) ?? [])
    const language = cells.some((cell) => /^(es|es-\w\w|spanish|español)$/i.test(cell)) ? 'es' : 'en'
    // The first line of a file may name its columns.
    if (found.length === 0 && !(at === 0 && /mail|correo/i.test(line))) wrong.push(at + 1)
    for (const email of found) invitees.set(email.toLowerCase(), { email, language })
  }
  return { invitees: [...invitees.values()], wrong }
}

/** `Ana Ruiz <ana@example.org>` or the bare address. */
function addressIn(cell: string): string | undefined {
  const bare = (/<([^<>]*)>\s*$/.exec(cell)?.[1] ?? cell).trim()
  return /^[^\s@<>()[\]\\,;:"]{1,64}@[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63})+$/u.test(bare) && bare.length <= 254
    ? bare
    : undefined
}
