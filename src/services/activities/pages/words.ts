import type { City, PriceGroupId, Programme, Session } from '../../../city/index.ts'
import { phoneLink } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import { moneyOf, sayMoney } from '../../payments/index.ts'
import { say } from '../messages.ts'
import type { CallOffReason, Stage } from '../standing.ts'
import { momentOf } from '../when.ts'

/** For ages 6 to 12; for adults; for ages 10 and over. */
export function agesWords(language: Language, { from, to }: Programme['ages']): string {
  if (to !== undefined) return say(language, 'agesTo', { from, to })
  if (from === 18) return say(language, 'agesAdults')
  return from === 0 ? say(language, 'agesAll') : say(language, 'agesFrom', { from })
}

export const moneyWords = (language: Language, cents: number): string => sayMoney(language, moneyOf(cents))

/** $118.00. */
export const priceWords = (language: Language, { price }: Programme): string =>
  price && price.full > 0 ? moneyWords(language, price.full) : say(language, 'free')

/** Cents for somebody of a price group; undefined: free of charge. */
export function priceFor({ price }: Programme, group?: PriceGroupId): number | undefined {
  const cents = group === undefined ? price?.full : (price?.groups.get(group)?.cents ?? price?.full)
  return cents === 0 ? undefined : cents
}

/** Each group pays its own price; brothers and sisters less. */
export function pricesWords(language: Language, programme: Programme): Html {
  const { price, payWithin } = programme
  return html`${priceWords(language, programme)}${[...(price?.groups.values() ?? [])].map(
    ({ name, cents }) =>
      html`<br />${say(language, 'priceGroup', { group: name[language], price: moneyWords(language, cents) })}`,
  )}${
    price && price.sibling > 0 && html`<br />${say(language, 'priceSibling', { percent: price.sibling })}`
  }${payWithin !== undefined && html`<br /><span class="soft">${say(language, 'payWithin', { hours: payWithin })}</span>`}`
}

export function cancelWords(language: Language, { price, cancel }: Programme): string {
  if (!price) return say(language, 'cancelAny')
  const { freeUntil, refund, lateRefund } = cancel
  const inDays = freeUntil >= 48 && freeUntil % 24 === 0
  const count = inDays ? freeUntil / 24 : freeUntil
  return say(language, 'cancelRule', { of: inDays ? 'days' : 'hours', count, early: refund, late: lateRefund })
}

/** How a session stands, in a few words beside its name. */
export function stageWords({ timeZone }: City, language: Language, session: Session, stage: Stage): string {
  switch (stage.stage) {
    case 'not-yet':
      return say(language, 'stageNotYet', { at: momentOf(language, timeZone, session.opens) })
    case 'open':
      return say(language, 'stageOpen', { free: stage.free })
    case 'full':
      return say(language, 'stageFull', { waiting: stage.waiting })
    case 'lottery':
      return say(language, 'stageLottery', { entered: stage.entered, places: session.places })
    case 'drawing':
      return say(language, 'stageDrawing')
    case 'closed':
      return say(language, 'stageClosed')
    case 'over':
      return say(language, 'stageOver')
    case 'called-off':
      return say(language, 'stageCalledOff', { because: becauseWords(language, stage.because) })
    default:
      return stage satisfies never
  }
}

export function becauseWords(language: Language, because: CallOffReason): string {
  const words = {
    'few-people': 'because_few_people',
    'leader-ill': 'because_leader_ill',
    weather: 'because_weather',
    repair: 'because_repair',
    emergency: 'because_emergency',
    mistake: 'because_mistake',
  } as const
  return say(language, words[because])
}

/** Whom to call about a programme. */
export function deskLinks(city: City, language: Language, programme: Programme | undefined) {
  const topic = programme && city.topics.get(programme.topic)
  const department = topic && city.departments.get(topic.department)
  return {
    department: department?.name[language] ?? city.name[language],
    phone: phoneLink(department?.phone ?? city.contact.phone),
  } satisfies Record<string, string | Html>
}
