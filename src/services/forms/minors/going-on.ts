import type { City, FormId } from '../../../city/index.ts'
import { difference, goOn, type ChildCode, type ConsentId, type GoingOn } from '../../../people/consent/index.ts'
import type { House } from '../../correspondence/index.ts'
import type { FormDefinition, Forms } from '../define.ts'
import { childsForm } from './childs-form.ts'
import { noticeOf } from './notice-of.ts'
import type { Stands } from './pages/go-on.ts'

export type InForce = Readonly<{ id: ConsentId; purpose: string; held: boolean }>

/** What a child may fill in now, with her code: the form as far as it was consented to. */
export type Ready = Readonly<{
  code: ChildCode
  going: GoingOn
  form: FormDefinition
  consents: readonly InForce[]
}>

export type WhereSheStands = Ready | Readonly<{ stands: Stands; going: GoingOn }>

type Doors = Pick<House, 'db' | 'keys' | 'city'> & Readonly<{ forms: Forms }>

/**
 * Where a child stands who comes back with her code. What counts is what the form asks today: a purpose that has changed
 * since her parent read it is not consented to (`changed`, where the form needs it). Undefined: nobody’s code, or no form’s.
 */
export async function standingOf(house: Doors, code: ChildCode): Promise<WhereSheStands | undefined> {
  const going = await goOn(house, code)
  const id = going && /^form:(.+)$/.exec(going.thing)?.[1]
  if (!going || id === undefined) return undefined
  if (going.standing !== 'ready') return { stands: going.standing, going }
  const whole = house.forms.get(id as FormId)
  if (!whole?.minors) return { stands: 'over', going }
  return readyFor(house.city, whole, code, going)
}

function readyFor(city: City, whole: FormDefinition, code: ChildCode, going: GoingOn): WhereSheStands {
  const now = noticeOf(city, whole)
  const changed = new Set(difference(going.notice, now).map(({ purpose }) => purpose))
  const consents = going.consents.filter(({ purpose, state }) => isInForce(state) && !changed.has(purpose))
  const agreed = new Set(consents.map(({ purpose }) => purpose))
  if (now.purposes.some(({ id, needed }) => needed && !agreed.has(id))) return { stands: 'changed', going }
  const form = childsForm(city, whole, [...agreed])
  if (!form) return { stands: 'over', going }
  return { code, going, form, consents }
}

/** In force, or passed to her who came of age. */
const isInForce = (state: string) => state === 'in-force' || state === 'passed'
