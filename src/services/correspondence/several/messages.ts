import { catalogue } from '../../../plumbing/index.ts'

/** What a clerk reads when she closes several letters at once. */
export const say = catalogue({
  en: {
    summary: 'Close several',
    lead: 'Mark letters in the list (key x), up to 100. You see them once more before anything is closed.',
    because: 'Because',
    look: 'Look them over',
    mark: 'Mark No. {number}, {topic}',
    title: 'Close {count, plural, one {# letter} other {# letters}}?',
    titleDone: '{count, plural, =0 {No letter was closed} one {# letter is closed} other {# letters are closed}}',
    sureLead:
      'Each person reads at her receipt that her case is closed, and why: “{because}”. If she writes again, it opens again. Each closing is in the ledger.',
    sure: 'Close {count, plural, one {it} other {all #}}',
    cancel: 'Back to the list',
    leftOut:
      '{count, plural, one {# letter is} other {# letters are}} left out: no longer on your desk, closed already, or not yours to close.',
    leftTitle: '{count, plural, one {# was not closed} other {# were not closed}}',
    leftLead: 'Something changed on them while you had the list before you. Look at each before you close it.',
    goneLead: '{count, plural, one {# more has} other {# more have}} left your desk in between.',
    none: 'Mark the letters to close first.',
    many: 'Close at most 100 letters at once. Nothing was closed.',
    noReason: 'Choose why you close them. Nothing was closed.',
    columnCase: 'Case',
    columnTopic: 'Topic',
    columnPlace: 'Place',
    columnAge: 'Age',
    columnDue: 'Due',
    nowhere: '–',
  },
})
