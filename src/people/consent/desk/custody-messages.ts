import { catalogue } from '../../../plumbing/index.ts'

/** What whoever keeps custody reads. */
export const say = catalogue({
  en: {
    title: 'Custody',
    lead: 'Records whose consent was taken back or has run out. Nobody uses them. Each is destroyed by itself when its published time is over, unless a hold is on it.',
    none: 'Nothing is under custody',
    noneSays: 'When a parent takes a consent back, what became a city record stands here until it may be destroyed.',
    facts: 'number {number} · under custody since {since}',
    until: 'until {date}',
    never: 'no time in the city’s file',
    free: 'no hold',
    held: 'held since {date}: {reason}',
    destroyed: 'destroyed on {date}',
    reason: 'Why',
    hold: 'Place a hold',
    lift: 'Lift the hold',
    open: 'Take a sealed copy',
    openHint:
      'For a court or a records request you take a sealed copy. Whoever has the custody key opens it with “cityhall consent custody FILE”. The guardian reads that you opened it, on what duty and why.',
    'done-done': 'Written down. The guardian reads it on her page.',
    'done-held': 'A hold is on it already.',
  },
})
