import { localeOf, type Language } from '../../../plumbing/index.ts'
import { fillIn, type CaseId, type City, type Placeholder } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { keyInHand } from '../../../trust/vault/index.ts'
import type { House } from '../house.ts'
import type { ContactDetails } from '../letter.ts'
import { readContact, readLine } from '../read-case.ts'
import type { CaseLine } from '../tables.ts'
import { templatesFor, wordsOf } from './offered.ts'

export type Inserted =
  Readonly<{ words: string }> | Readonly<{ refused: 'not-there' | 'closed-envelope' | 'no-such-template' }>

/** The identifier under which the department's signature is asked for. */
export const signatureOnly = 'signature'

/**
 * A template's words for the case on the clerk's desk, in the person's language, filled with what is known. The name is
 * filled only while the letter is open; a placeholder without a value stays as it is. Nothing is written, and nothing is
 * entered in the ledger: what it may tell, the opening has told. Refusals: not-there, closed-envelope, no-such-template.
 */
export async function insertTemplate(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; template: string; publicUrl: string },
): Promise<Inserted> {
  const { city } = house
  return house.db.transaction(async (tx): Promise<Inserted> => {
    const staff = await enterStaff(tx, actor, input.caseId)
    const line = staff?.caseId === input.caseId ? await readLine(tx, input.caseId) : undefined
    const department = line && city.topics.get(line.topic)?.department
    if (!line || !department) return { refused: 'not-there' }
    const open = await keyInHand(tx, house.keys)
    if (!open) return { refused: 'closed-envelope' }
    const contact = readContact(open.key, line.id, line.sealedContact)
    const facts = factsOf(city, line, contact, input.publicUrl)
    if (input.template === signatureOnly) return { words: facts.signature ?? '' }
    const found = (await templatesFor(tx, city, department)).find(({ id }) => id === input.template)
    return found ? { words: fillIn(wordsOf(found, line.language), facts).trim() } : { refused: 'no-such-template' }
  })
}

type Facts = Partial<Record<Placeholder, string>>

/** What is known of a case. A sensitive topic is named by its department only, as everywhere that leaves the city. */
function factsOf(city: City, line: CaseLine, contact: ContactDetails, publicUrl: string): Facts {
  const { language } = line
  const topic = city.topics.get(line.topic)
  const department = topic && city.departments.get(topic.department)
  const place = line.place && city.places.get(line.place)
  const long = (date: { toLocaleString(locale: string, how: { dateStyle: 'long' }): string }) =>
    date.toLocaleString(localeOf(language), { dateStyle: 'long' })
  return {
    ...(contact.name !== undefined && { name: plain(contact.name) }),
    ...(place && { place: place.name[language] }),
    ...(topic &&
      department && { topic: asInSentence((topic.sensitive ? department : topic).name[language], language) }),
    ...(department && {
      department: department.name[language],
      'department-phone': department.phone,
      signature: department.signature?.[language] ?? `${department.name[language]}, ${city.name[language]}`,
    }),
    'case-number': String(line.number),
    'received-date': long(line.receivedAt.toZonedDateTimeISO(city.timeZone).toPlainDate()),
    'due-date': long(line.dueOn),
    receipt: `${publicUrl}${language === 'es' ? '/es' : ''}/receipt`,
    city: city.name[language],
  }
}

/** A name may hold braces that somebody typed: they are no placeholder of ours. */
const plain = (name: string): string => name.replace(/[{}]/g, '')

/** A topic's name begins with a capital in lists; in a sentence it does not, unless it is written in capitals. */
function asInSentence(name: string, language: Language): string {
  const [first = '', second = ''] = name
  return second === second.toLocaleUpperCase(localeOf(language))
    ? name
    : first.toLocaleLowerCase(localeOf(language)) + name.slice(1)
}
