import { join } from 'node:path'
import { loadCity } from '../../src/city/index.ts'
import { formPage, loadForms, type FormDefinition } from '../../src/services/forms/index.ts'
import { issueToken } from '../../src/services/correspondence/index.ts'
import { atLeast, atMost, informs, median, percentile, spread, whole, type Figure } from '../figures.ts'
import { request } from '../letters.ts'
import { openRawInsert } from '../raw-insert.ts'
import { cityWithSixty, sixtyAnswers } from '../sixty.ts'
import { rate } from '../storm.ts'
import { withProgram, type Inside } from '../with-program.ts'
import { onlyAccepted, stormOf } from './submit.ts'

const part = 'form'
const times = 400
const rounds = 5
const seconds = 3

/** A form of sixty questions, a third of them conditional: drawn and checked in this process, and sent to the program. */
export async function form(): Promise<Figure[]> {
  const city = cityWithSixty(join(import.meta.dirname, '..', '..', 'city'))
  try {
    const inProcess = drawnAndChecked(city.folder)
    return [...inProcess, ...(await withProgram(sent, undefined, 'all', { CITYHALL_CITY: city.folder }))]
  } finally {
    city.remove()
  }
}

function drawnAndChecked(folder: string): Figure[] {
  const city = loadCity(folder)
  if ('refused' in city) throw new Error('the city of the bench does not load')
  const forms = loadForms(join(folder, 'forms'), city)
  if ('refused' in forms) throw new Error('the forms of the bench do not load')
  const sixty = [...forms.values()].find(({ id }) => id === 'sixty')
  if (!sixty) throw new Error('the form of the bench is not there')
  const drawn = p95((at) => String(formPage({ city }, 'en', sixty, { token: 't', values: sixtyAnswers(at) })))
  return [
    atMost(part, 'page of 60 questions, with answers, p95', drawn, 3, 'ms'),
    atMost(
      part,
      'check of 60 answers, p95',
      p95((at) => mustBeTaken(sixty, at)),
      1,
      'ms',
    ),
  ]
}

function mustBeTaken(sixty: FormDefinition, at: number): void {
  if ('refused' in sixty.read(sixtyAnswers(at))) throw new Error('the answers of the bench are refused')
}

/** After the engine has seen it often enough to have compiled it. */
function p95(work: (at: number) => unknown): number {
  const took: number[] = []
  for (let at = 0; at < 2 * times; at++) {
    const begun = performance.now()
    work(at)
    if (at >= times) took.push(performance.now() - begun)
  }
  return percentile(took, 95)
}

async function sent(inside: Inside): Promise<Figure[]> {
  const raw = await openRawInsert(inside.ownerUrl)
  let written = 0
  const next = (): Buffer => {
    const answers = new URLSearchParams({ ...sixtyAnswers((written += 1)), token: issueToken(inside.keys) })
    return request(inside.program.port, '/forms/sixty', answers.toString())
  }
  const round = () => stormOf(inside.program.port, seconds, next)
  try {
    onlyAccepted(await round())
    const measured: { limit: number; letters: number }[] = []
    for (let at = 0; at < rounds; at++) {
      const limit = await raw.round(seconds, inside.nextLetter)
      const storming = await round()
      onlyAccepted(storming)
      measured.push({ limit, letters: rate(storming, 303) })
    }
    const ratios = measured.map(({ limit, letters }) => letters / limit)
    return [
      informs(
        part,
        'forms of 60 questions accepted, 16 connections',
        `${whole(median(measured.map(({ letters }) => letters)))}/s`,
      ),
      atLeast(part, 'forms of 60 questions to raw limit', median(ratios), 0.12, ` (${spread(ratios, 2)})`),
    ]
  } finally {
    await raw.close()
  }
}
