import { timingSafeEqual } from 'node:crypto'
import type { FormId } from '../../../city/index.ts'
import type { Band } from '../../../people/consent/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'

/** How old whoever fills in a form is, as far as it matters. */
export type Age = Band | 'adult'

const ages: readonly Age[] = ['adult', 'under-18', 'under-13']

/**
 * What a page carries once age was asked: only the band, the same words for everybody of that band, so that it tells
 * nothing of who it is. The city signs it, so that nobody writes one by hand.
 */
export function agePass(keys: Keys, form: FormId, age: Age): string {
  return `${age}.${mac(keys, form, age)}`
}

export function readAgePass(keys: Keys, form: FormId, text: unknown): Age | undefined {
  if (typeof text !== 'string') return undefined
  return ages.find((age) => {
    const [ours, theirs] = [agePass(keys, form, age), text].map((one) => Buffer.from(one))
    return ours && theirs && ours.length === theirs.length && timingSafeEqual(ours, theirs)
  })
}

const mac = (keys: Keys, form: FormId, age: Age) =>
  keys.mac('age-pass', `${form}|${age}`).toString('base64url').slice(0, 22)

const cookie = 'cityhall-age'

/**
 * A minor’s band, kept by her browser until it is closed, for this form’s addresses alone: without it the back button would
 * offer another try. It is the only cookie a visitor ever gets, and the same for everybody of her band (decision 0035).
 */
export function ageCookies(keys: Keys, form: FormId, age: Band, publicUrl: string): readonly string[] {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return ['', '/es'].map(
    (prefix) => `${cookie}=${agePass(keys, form, age)}; Path=${prefix}/forms/${form}; HttpOnly; SameSite=Lax${secure}`,
  )
}

export function ageInCookie(keys: Keys, form: FormId, header: string | undefined): Band | undefined {
  const pair = header?.split(';').find((one) => one.trim().startsWith(`${cookie}=`))
  const age = readAgePass(keys, form, pair?.trim().slice(cookie.length + 1))
  return age === 'adult' ? undefined : age
}
