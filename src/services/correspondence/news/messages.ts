import { catalogue } from '../../../plumbing/index.ts'

/** What an employee reads of news, on the desk and in a mail. Never a person, never words of a letter. */
export const say = catalogue({
  en: {
    news: 'News',
    lead: 'What happened on your desk since you last looked here: how many, and on which topics.',
    none: 'Nothing new',
    noneLead: 'What you wish to hear of, you choose below.',
    read: 'Read them on your desk: {link}',
    seen: 'I have seen this',
    doneSeen: 'Your news is put away.',
    news_fresh: '{count, plural, one {# new letter} other {# new letters}}.',
    news_assigned: '{count, plural, one {# letter was} other {# letters were}} assigned to you.',
    news_answered: '{count, plural, one {# person} other {# people}} wrote again.',
    news_unassigned: '{count, plural, one {# letter waits} other {# letters wait}} for somebody to take it up.',
    'news_due-soon': '{count, plural, one {# letter is} other {# letters are}} due soon.',
    news_overdue: '{count, plural, one {# letter is} other {# letters are}} late.',
    news_escalated:
      '{count, plural, one {# letter of your department is} other {# letters of your department are}} long overdue.',
    news_due:
      '{count, plural, one {# letter of yours is} other {# letters of yours are}} due within two working days, or late.',
    ofTopic: '{topic}: {count}',
    subject: '{count} new on your desk',
    mailTitle: 'On your desk',
    sender: '{city}, desk',
    change: 'Choose what is mailed to you: {link}',
    wishes: 'What you wish to hear of',
    wish_fresh: 'New letters on your topics',
    wish_assigned: 'Letters assigned to you',
    wish_answered: 'People who wrote again',
    wish_reminded: 'Reminders: letters nobody took up, due soon or late',
    wish_escalated: 'Letters long overdue in a department you oversee',
    wish_due: 'How many of your letters are due within two working days',
    pace_none: 'Not at all',
    pace_at_once: 'At once',
    pace_daily: 'Once a working day',
    address: 'Work address',
    addressHint:
      'An address at {domain}. A mail holds numbers, topics that are not sensitive, and a link. Left empty, you read your news here only.',
    hour: 'The daily mail comes at',
    hourOf: '{hour}:00',
    keep: 'Keep this',
    doneWished: 'Your wishes are kept.',
    elsewhere: 'Only an address at {domain} can be used.',
  },
})
