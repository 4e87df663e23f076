import { catalogue } from '../../../plumbing/index.ts'

/** Mail on the desk: the list on a case, the copy, sending once more. */
export const say = catalogue({
  en: {
    mails: 'Mail',
    reply: 'Answer',
    acknowledgement: 'Acknowledgement',
    referral: 'Sent to another agency',
    agency: 'Answer of another agency',
    'not-ours': 'Whose it is',
    booking: 'About a booking',
    enrolment: 'About an enrolment',
    copy: 'Read the copy',
    copyOf: 'Read the copy: {kind} of {when}',
    resend: 'Send once more',
    copyTitle: 'Mail of case {number}',
    copyLead: 'This is the whole mail. It went out as text and, in the same words, as a page.',
    copyLink: 'The link at which the person makes her receipt is hers alone. Its end is left out here.',
    copyKept: 'This is the whole mail. It was not sent: no mail server is set up.',
    copyFailed: 'This is the whole mail. It did not arrive.',
    copySealed: 'The copy of a mail is sealed like the letter. Open the letter, then choose the mail again below.',
    backToCase: 'Back to case {number}',
    to: 'To',
    from: 'From',
    answers: 'Answers go to',
    subject: 'Subject',
    date: 'Written',
    state: 'State',
    notFailed: 'Only a mail that could not be delivered is sent once more. Nothing was done.',
  },
})
