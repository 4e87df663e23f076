import { catalogue } from '../../../plumbing/index.ts'

const en = {
  mailTitle: 'Mail to people',
  mailLead:
    'Mails to residents that could not go out: no mail server is set up, or an address takes none. Tell the person by telephone or letter.',
  mailNone: 'Nothing is kept here',
  mailNoneSays: 'Each mail to a resident went out.',
  'state-kept': 'kept',
  'state-failed': 'failed',
  'kind-sign-in-code': 'Code to sign in',
  'kind-address-changed': 'An address was changed',
  'kind-guardian-invitation': 'Question to a second guardian',
  'kind-guardian-joined': 'A second guardian accepted',
  'kind-came-of-age': 'A child is of age today',
  'kind-other': 'Other: {kind}',
  english: 'English',
  spanish: 'Spanish',
  gone: 'Its words are gone.',
  reason: 'Why',
  open: 'Open',
  openSays: 'To whom it goes and what it says is sealed. The person reads that you opened it, on what duty and why.',
  to: 'To',
  settle: 'The person knows now: drop it',
  settled: 'Dropped.',
  back: 'All kept mail',
}

/** The words of the desk’s pages of this room. */
export const say = catalogue({ en })

const kinds = Object.keys(en).flatMap((key) =>
  key.startsWith('kind-') && key !== 'kind-other' ? [key as keyof typeof en & `kind-${string}`] : [],
)

export function kindWords(kind: string): string {
  const known = kinds.find((one) => one === `kind-${kind}`)
  return known ? say('en', known) : say('en', 'kind-other', { kind })
}
