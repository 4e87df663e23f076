import type { CityMap } from './areas.ts'
import type { DutyId, PlaceId, TopicId } from './ids.ts'

/**
 * A rule of the city's: a letter about this topic from one of these places goes to another topic (and so perhaps to
 * another department), to the employees of one duty, or to both.
 */
export type RoutingRule = Readonly<{
  id: string
  topic: TopicId
  /** Every neighborhood it holds for; those of its districts are among them. Absent: everywhere. */
  places?: ReadonlySet<PlaceId>
  to?: TopicId
  duty?: DutyId
}>

/** When somebody is reminded of what waits, in working days. */
export type ServiceLevels = Readonly<{
  /** From this hour of a working day on, on the city's clocks, the day's reminders go out. */
  hour: number
  /** Nobody took it up for more than this. */
  unassignedAfter: number
  /** It is due within this. */
  dueSoon: number
  /** It is overdue by more than this: whoever oversees the department is told. */
  escalateAfter: number
}>

export type Routing = Readonly<{ rules: readonly RoutingRule[]; levels: ServiceLevels }>

type Routed = Readonly<{ routing: Routing; map: CityMap }>

/**
 * The topic that a letter goes to by the city's rules; its own where none holds. The first rule that fits is followed,
 * and no rule follows from another. No rule leads to or from a sensitive topic: the file is refused.
 */
export function routed({ routing }: Routed, letter: Readonly<{ topic: TopicId; place?: PlaceId }>): TopicId {
  return (
    routing.rules.find((rule) => rule.to !== undefined && fits(rule, letter.topic, letter.place))?.to ?? letter.topic
  )
}

/** The rule by which a case with this topic and place is where it is, or by which its employees are found. */
export function ruleInto({ routing }: Routed, topic: TopicId, place: PlaceId | undefined): RoutingRule | undefined {
  return routing.rules.find((rule) => fits(rule, rule.to === topic ? rule.topic : topic, place) && leadsTo(rule, topic))
}

const fits = (rule: RoutingRule, topic: TopicId, place: PlaceId | undefined) =>
  rule.topic === topic && (!rule.places || (place !== undefined && rule.places.has(place)))

const leadsTo = (rule: RoutingRule, topic: TopicId) => (rule.to ?? rule.topic) === topic
