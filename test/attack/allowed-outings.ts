const own = 'tells only of whoever entered with a secret in this transaction'
const keptBookings = 'asks for a duty that keeps the bookings of the facility; in the ledger'
const runsActivities = 'asks for a duty that runs activities about the session’s topic; in the ledger'
const ledSession = 'asks for the duty that leads the session, on a day on which it meets; in each person’s ledger'

/** What the app may do about bookings and activities, each with the reason why it is safe (see allowed.ts). */
export const outingCalls: Record<string, string> = {
  'activities.accept':
    'an offer to the case of the receipt that was presented, or to a child whom the acting resident speaks for; in the ledger',
  'activities.attend': ledSession,
  'activities.call_off': runsActivities,
  'activities.cancel':
    'an enrolment of the case of the receipt that was presented, or of a child whom she speaks for; in the ledger',
  'activities.days_in_hand': own,
  'activities.draw_of': 'public: what a drawing was drawn from; its entry names nobody',
  'activities.drawn_tickets':
    'public: numbers in the order in which they were drawn, that follow from nothing of a person',
  'activities.enrol': 'only for a letter received in this very transaction, as anybody may write to the city',
  'activities.in_hand': own,
  'activities.enrol_child':
    'a child of the resident who entered, for a letter received in this very transaction, under consents in force; in the ledger',
  'activities.give_kept': runsActivities,
  'activities.led_today': own,
  'activities.roster_consents': 'identifiers of consents, where the acting employee leads the session today',
  'activities.messages_in_hand': own,
  'activities.on_desk': 'numbers, states and times, where a duty of the acting employee runs the session',
  'activities.open_roster': ledSession,
  'activities.put_out': runsActivities,
  'activities.roster': 'case numbers of today, where the acting employee leads the session today',
  'activities.roster_keys':
    'keys that this session opened, once their entries have committed, while it leads the session today',
  'activities.run_by': own,
  'activities.write_to_all': runsActivities,
  'activities.seat_family':
    'places for children whom the acting resident signed up in this very transaction; in the ledger',
  'activities.show_before':
    'asks for a duty that runs activities about the topic, or leads the session today; in the ledger',
  'activities.split_family': 'children whom the acting resident speaks for; in the ledger',
  'activities.standing': 'public: how many places are left, how many wait, and nobody of whom',
  'bookings.back_now': own,
  'bookings.block_out': keptBookings,
  'bookings.blocks_on_desk':
    'times that the city keeps, of facilities whose bookings a duty of the acting employee keeps',
  'bookings.book': 'only for a letter received in this very transaction, as anybody may write to the city',
  'bookings.call_off': keptBookings,
  'bookings.cancel': 'a booking of the case of the receipt that was presented; in the ledger',
  'bookings.confirm': keptBookings,
  'bookings.free': 'public: times, and how many places are free',
  'bookings.in_hand': own,
  'bookings.kept': own,
  'bookings.mark': keptBookings,
  'bookings.one_on_desk': 'a number and times, where a duty of the acting employee keeps the bookings of the facility',
  'bookings.on_desk': 'numbers and times, of facilities whose bookings a duty of the acting employee keeps',
  'bookings.unblock': keptBookings,
}
