import type { City, Programme, Session, SessionId, Text } from '../../../city/index.ts'
import { makeNotice, type Notice, type ThingId } from '../../../people/consent/index.ts'
import type { ChildId } from '../../../people/residents/index.ts'
import { spanWords } from '../when.ts'

/** What a guardian consents to is one session: the next season is asked anew. */
export const thingOf = (id: SessionId): ThingId => `activity:${id}`

/** Where a guardian signs a child up once she has consented. */
export const signUpPath = (id: SessionId, child: ChildId): string => `/me/activities/${id}/${child}`

export const sessionOf = (thing: string): SessionId | undefined =>
  thing.startsWith('activity:') ? (thing.slice('activity:'.length) as SessionId) : undefined

/** Days after the last one for which what was asked is still in use: something was left behind, a refund is open. */
const daysAfter = 30

/** What a guardian is told and asked before a child takes part, from the city's file. */
export function noticeOf(city: City, programme: Programme, session: Session): Notice {
  const title: Text = {
    en: `${programme.name.en}, ${spanWords('en', session)}`,
    es: `${programme.name.es}, ${spanWords('es', session)}`,
  }
  const until = session.last.add({ days: daysAfter }).toString()
  return makeNotice(city, {
    thing: thingOf(session.id),
    title,
    purposes: programme.purposes.map(({ id, title: what, why, sees, needed, sensitivity, retention, asks }) => ({
      ...{ id, title: what, why, asks, sees, needed, retention, sensitivity },
      kept: city.retention.get(retention)?.text ?? { en: '', es: '' },
      record: needed,
      topic: programme.topic,
      sight: 'session',
      disclosed: false,
      lasts: { until },
    })),
  })
}

/** The notice of a session as the city's file has it today; undefined where children do not take part. */
export function activityNotice(city: City, id: SessionId): Notice | undefined {
  const session = city.activities.sessions.get(id)
  const programme = session && city.activities.programmes.get(session.programme)
  return session && programme && programme.purposes.length > 0 ? noticeOf(city, programme, session) : undefined
}
