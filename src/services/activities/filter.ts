import type { Activities, Programme, SeasonId, Session, VenueId } from '../../city/index.ts'

/** By what people look: how old somebody is, which part of the year, where. What is not understood is left out. */
export type Filter = Readonly<{ age?: number; season?: SeasonId; venue?: VenueId }>

type Asked = Readonly<Record<string, unknown>>

export function readFilter({ seasons, venues }: Activities, asked: Asked): Filter {
  const { age, season, venue } = asked
  const years = typeof age === 'string' && /^\d{1,3}$/.test(age.trim()) ? Number(age) : undefined
  return {
    ...(years !== undefined && years <= 120 && { age: years }),
    ...(typeof season === 'string' && seasons.has(season as SeasonId) && { season: season as SeasonId }),
    ...(typeof venue === 'string' && venues.has(venue as VenueId) && { venue: venue as VenueId }),
  }
}

export const isFiltered = (filter: Filter): boolean => Object.keys(filter).length > 0

export type Offered = Readonly<{ programme: Programme; sessions: readonly Session[] }>

/** The programmes that fit, each with its sessions that fit, in the order of the city's file. */
export function offered({ programmes, sessions }: Activities, filter: Filter): readonly Offered[] {
  const fits = ({ season, venue }: Session) =>
    (filter.season === undefined || season === filter.season) && (filter.venue === undefined || venue === filter.venue)
  return [...programmes.values()].flatMap((programme) => {
    const { from, to = Infinity } = programme.ages
    if (filter.age !== undefined && (filter.age < from || filter.age > to)) return []
    const its = [...sessions.values()].filter((session) => session.programme === programme.id && fits(session))
    return its.length > 0 ? [{ programme, sessions: its }] : []
  })
}

/** The filter as a query, to keep in addresses. */
export function queryOf({ age, season, venue }: Filter): string {
  const query = new URLSearchParams({
    ...(age !== undefined && { age: String(age) }),
    ...(season !== undefined && { season }),
    ...(venue !== undefined && { venue }),
  }).toString()
  return query === '' ? '' : `?${query}`
}
