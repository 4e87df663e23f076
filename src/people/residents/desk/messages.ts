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
  'kind-consent-request': 'Question to a parent',
  'kind-consent-reminder': 'Reminder to a parent',
  'kind-consent-given': 'A consent is confirmed',
  'kind-consent-ending': 'A consent ends soon',
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

  peopleTitle: 'Children and guardians',
  peopleLead:
    'For whoever stands at the counter with a document. What you find is opened for fifteen minutes; each person reads that you looked, ' +
    'on what duty and why. Keep no copy of a document.',
  find: 'Birthday on the child’s document, or a guardian’s e-mail address',
  findHint: 'Such as 2014-03-09, or name@example.org',
  findDo: 'Find',
  'findWrong-nothing-asked': 'Write a date as year, month and day, or an e-mail address.',
  'findWrong-not-there': 'Choose a reason.',
  nobody: 'Nobody is open',
  nobodySays: 'Find a child first. Nothing is listed that you did not ask for.',
  none: 'No child of this birthday or guardian is here.',
  born: 'Birthday',
  bornUnknown: 'not known',
  cameOfAge: 'Decides alone since {date}.',
  hasPage: 'Has a page of her or his own.',
  guardians: 'Who stands for {child}',
  noGuardians: 'Nobody any more.',
  noName: 'No name given',
  claimed: 'by word: {kind}',
  shown: 'shown: {kind}',
  attest: 'Shown to me',
  attestAs: 'What was shown for {guardian}',
  discharge: 'Is no guardian any more',
  appoint: 'Another guardian, who shows it and has signed in at /me',
  email: 'Their e-mail address',
  as: 'As',
  appointDo: 'Appoint',
  emancipate: '{child} shows that a court gave her or him the word',
  emancipateSays: 'From then on no guardian sees or decides anything for {child}. This cannot be undone here.',
  emancipateDo: '{child} decides alone from now on',
  handOver: '{child} is here and shows who she or he is',
  handOverSays:
    'She or he has just signed in at /me with an address of her or his own. What the city has passes to that page.',
  handOverDo: 'Pass it on',
  done: 'Done, and written down.',
  'refused-not-there': 'That is not open any more. Find the child again.',
  'refused-no-page': 'Nobody has signed in with this address yet. Let them sign in at /me first.',
  'refused-last': 'This is the last guardian. Appoint the next one first.',
  'refused-not-of-age': 'Not of age, and not emancipated.',
  'refused-a-guardian': 'That is the address of a guardian. The person needs one of her or his own.',
  'refused-has-page': 'It was passed on already.',
  'refused-kind': 'Choose what was shown.',
  'refused-who': 'Write a first name, and the birthday of somebody under 18 as year, month and day.',
  emancipated: 'An emancipated minor who is not here yet',
  emancipatedSays:
    'She or he shows the court’s paper and an identity document, and has just signed in at /me with an address of her or his own. Nothing of the papers is kept.',
  emancipatedName: 'First name',
  emancipatedDo: 'She or he decides alone',
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
