/**
 * The rooms, foundation first. A room imports only from rooms above it here, and only through their index.ts;
 * test/architecture.test.ts enforces it. Rooms that later issues will build have their place already.
 */
export const order = [
  'plumbing',
  'city',
  'trust/ledger',
  'trust/need-to-know',
  'trust/vault',
  'trust/retention',
  'people/residents',
  'people/consent',
  'services/attachments',
  'services/correspondence',
  'services/mailroom',
  'services/counter',
  'services/payments',
  'services/bookings',
  'services/activities',
  'services/routing',
  'services/forms',
  'services/surveys',
  'services/open311',
  'services/referral',
  'services/records',
  'services/pages',
  'oversight/statistics',
  'oversight/watch',
  'oversight/promises',
  'doors',
] as const
