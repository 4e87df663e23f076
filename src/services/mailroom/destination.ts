import type { City, DepartmentId, TopicId } from '../../city/index.ts'
import { mailDomain, readBounceAddress, readReplyAddress } from '../correspondence/index.ts'
import type { MailHouse } from './house.ts'

/**
 * Whom a mail is for. `address` is the code the database keeps (a referral's own holds the referral); `number` is the case
 * whose reply address it is.
 */
export type Destination = Readonly<{ topic: TopicId; address: string; number?: number }>

type Directory = Pick<MailHouse, 'city' | 'keys' | 'contact' | 'agencies'>

const known = new WeakMap<City, ReadonlyMap<string, Omit<Destination, 'number'>>>()

/**
 * The destination of an address: the city, a department, a Councilmember, or a case. What stands after a plus is the
 * writer's own affair. Undefined for every other address: nothing is accepted that nobody would read.
 */
export function destinationOf(house: Directory, address: string): Destination | undefined {
  const asked = address.trim().toLowerCase()
  if (asked.startsWith('reply+')) {
    const number = readReplyAddress(house, asked)
    return number === undefined ? undefined : { topic: house.contact.topic, address: 'reply', number }
  }
  if (asked.startsWith('bounce+'))
    return readBounceAddress(house, asked) === undefined ? undefined : { topic: house.contact.topic, address: 'bounce' }
  if (asked.startsWith('referral+')) {
    const referral = house.agencies.referralOf(asked)
    return referral === undefined ? undefined : { topic: house.contact.topic, address: `referral:${referral}` }
  }
  const at = asked.lastIndexOf('@')
  const plain = `${asked.slice(0, at).replace(/\+.*$/, '')}${asked.slice(at)}`
  return addressesOf(house).get(plain)
}

/** Whether an address is one at which the city itself is reached: mail from it would go in a circle. */
export function isOurs(house: Directory, address: string): boolean {
  const asked = address.trim().toLowerCase()
  if (/^(reply|bounce|referral)\+/.test(asked)) return asked.endsWith(`@${mailDomain(house.city).toLowerCase()}`)
  return addressesOf(house).has(asked)
}

function addressesOf({ city, contact }: Directory): ReadonlyMap<string, Destination> {
  const made = known.get(city)
  if (made) return made
  const domain = mailDomain(city)
  const general = { topic: contact.topic, address: 'city' }
  const all = new Map<string, Destination>()
  // RFC 5321 4.5.1 and RFC 2142: somebody reads these everywhere.
  for (const role of ['postmaster', 'abuse']) all.set(`${role}@${domain}`.toLowerCase(), general)
  for (const { id, email, topic } of city.council.values())
    all.set(email.toLowerCase(), { topic, address: `seat:${id}` })
  for (const { id, email } of city.departments.values())
    all.set(email.toLowerCase(), { topic: generalTopic(id), address: `department:${id}` })
  all.set(city.contact.email.toLowerCase(), general)
  known.set(city, all)
  return all
}

/** Every department has this topic; the city's files are refused otherwise. */
const generalTopic = (department: DepartmentId): TopicId => `${department}-general` as TopicId
