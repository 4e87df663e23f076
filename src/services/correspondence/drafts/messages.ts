import { catalogue } from '../../../plumbing/index.ts'

/** What a clerk reads about drafts, and about colleagues who write at the same time. */
export const say = catalogue({
  en: {
    keep: 'Keep for later',
    drop: 'Drop it',
    keptAt: 'You began this {when}. Nobody else can read it.',
    keptNow: 'Kept for you at {time}.',
    notKept: 'Not kept: {why}',
    notKeptClosed: 'the letter is no longer open on your desk. Your words stand here until you leave the page.',
    notKeptLong: 'it is too long.',
    notKeptOther: 'the city could not be reached. Your words stand here until you leave the page.',
    changedSince:
      'Since you wrote this, the case changed: see above what came in. Your words are as you left them. Read them once more before you send them.',
    waitsSealed: 'You began an answer here. It is kept: open the letter to go on.',
    noteWaitsSealed: 'You began a note here. It is kept: open the letter to go on.',
    writing: '{names} {count, plural, one {is} other {are}} writing an answer.',
    and: 'and',
    changedLive: 'This case changed while you had it open. Keep what you wrote, and look at it anew.',
    askTitle: 'Two answers at once?',
    ask: '{writing} Nothing was sent yet. If yours is to go out all the same, send it once more.',
  },
})
