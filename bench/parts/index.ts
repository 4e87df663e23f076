import type { Figure } from '../figures.ts'
import { activities } from './activities.ts'
import { consent } from './consent.ts'
import { desk } from './desk.ts'
import { form } from './form.ts'
import { ledger } from './ledger.ts'
import { mail } from './mail.ts'
import { longCase } from './long-case.ts'
import { memory } from './memory.ts'
import { open311 } from './open311.ts'
import { page } from './page.ts'
import { start } from './start.ts'
import { submit } from './submit.ts'
import { survey100k } from './survey.ts'

/** `million`: a data folder for the city of a million cases, which desk and ledger share; made by the first of them. */
type Part = (million: string) => Promise<Figure[]>

/** Each part alone measures what it needs, its raw limit included. In this order when all are asked for. */
export const parts = {
  start,
  page,
  memory,
  submit,
  form,
  mail,
  'long-case': longCase,
  desk,
  open311,
  survey: survey100k,
  consent,
  activities,
  ledger,
} as const satisfies Readonly<Record<string, Part>>
export type PartName = keyof typeof parts
