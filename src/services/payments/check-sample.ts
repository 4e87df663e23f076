import { mustBeKnown, type City, type PaymentRules } from '../../city/index.ts'
import type { Mistake, Yaml } from '../../plumbing/index.ts'
import type { SampleCharges, SampleHappening } from './sample-file.ts'

/** Whether whoever and whatever `sample/charges.yaml` names is in the city's files: topics, staff, tills and reasons. */
export function strangersIn(file: Yaml<SampleCharges>, city: City, rules: PaymentRules): readonly Mistake[] {
  const { tills, waivers, refunds } = rules
  const staff = Object.fromEntries((city.sample?.staff ?? []).map(({ handle }) => [handle, true]))
  const named = (path: (string | number)[], name: string, among: ReadonlyMap<string, unknown>, what: string) =>
    mustBeKnown(file, path, name, Object.fromEntries(among), what)
  const inEvent = (at: (string | number)[], event: SampleHappening): readonly Mistake[] => [
    ...mustBeKnown(file, [...at, 'by'], event.by, staff, 'one of the staff'),
    ...(event.does === 'pay' ? named([...at, 'till'], event.till, tills, 'a till') : []),
    ...(event.does === 'refund' ? named([...at, 'reason'], event.reason, refunds.reasons, 'a reason to pay back') : []),
    ...(event.does === 'waive' ? named([...at, 'reason'], event.reason, waivers, 'a reason to waive') : []),
  ]
  return file.value.charges.flatMap(({ topic, lines, happened = [] }, n) => [
    ...named(['charges', n, 'topic'], topic, city.topics, 'a topic'),
    ...lines.flatMap(({ waived }, line) =>
      waived
        ? named(['charges', n, 'lines', line, 'waived', 'reason'], waived.reason, waivers, 'a reason to waive')
        : [],
    ),
    ...happened.flatMap((event, order) => inEvent(['charges', n, 'happened', order], event)),
  ])
}
