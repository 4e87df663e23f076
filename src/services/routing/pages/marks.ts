import { say } from '../messages.ts'
import type { ReminderKind } from '../ageing.ts'

const marks = {
  unassigned: 'mark_unassigned',
  'due-soon': 'mark_due_soon',
  overdue: 'mark_overdue',
  escalated: 'mark_escalated',
} as const

export const markWords = (kind: ReminderKind): string => say('en', marks[kind])
