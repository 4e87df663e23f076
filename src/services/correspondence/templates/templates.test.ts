import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { CaseId, DepartmentId, FormId, PlaceId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff } from '../../../trust/need-to-know/index.ts'
import {
  concernsIn,
  deskTemplates,
  insertTemplate,
  issueToken,
  newId,
  openLetter,
  readReceipt,
  receive,
  removeTemplate,
  reply,
  reviseTemplate,
  type TemplateWritten,
} from '../index.ts'

let house: TestHouse
let dan: Clerk
let grounds: Clerk
let tom: Clerk

beforeAll(async () => {
  house = await openTestHouse()
  dan = await house.hire('dan', 'works-dispatcher')
  grounds = await house.hire('gus', 'grounds-supervisor')
  tom = await house.hire('tom', 'librarian')
}, 60_000)
afterAll(() => house.close())

async function written(more: { name?: string; language?: 'en' | 'es'; topic?: string; place?: string } = {}) {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: (more.topic ?? 'potholes') as TopicId,
      place: (more.place ?? 'levee-park') as PlaceId,
      language: more.language ?? 'en',
      answers: [{ field: 'message', label: 'Your letter', value: 'A hole.' }],
      contact: more.name === undefined ? {} : { name: more.name },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt.line
}
const opened = ({ actor }: Clerk, id: CaseId) => openLetter(house, actor, id, 'send-crew')
const insert = ({ actor }: Clerk, caseId: CaseId, template: string) =>
  insertTemplate(house, actor, { caseId, template, publicUrl: 'https://almendra.example.org' })

const works: TemplateWritten = {
  id: newId(),
  version: 0,
  department: 'public-works' as DepartmentId,
  title: 'Filled',
  en: 'The hole on case {case-number} is filled, {name}.',
  es: '',
}
const fresh = (more: Partial<TemplateWritten> = {}): TemplateWritten => ({ ...works, id: newId(), ...more })
const seenBy = ({ actor }: Clerk) =>
  house.database.app.transaction(async (tx) => ((await enterStaff(tx, actor)) ? deskTemplates(tx) : []))
const entries = () =>
  house.database.owner.once<{ act: string; duty: string; detail: string }>(
    sql`select act, duty, detail from ledger.entry where act like 'template.%' order by at`,
  )

describe('a template of a department', () => {
  it('is kept, written anew and taken away by whose duty keeps templates, each in the ledger', async () => {
    expect(await reviseTemplate(house, dan.actor, works)).toEqual({ done: true })
    expect(await reviseTemplate(house, dan.actor, { ...works, version: 1, title: 'Filled now' })).toEqual({
      done: true,
    })
    expect((await seenBy(dan)).map(({ title, desk }) => [title, desk])).toEqual([
      ['Filled now', { version: 2, may: true }],
    ])
    expect(await removeTemplate(house, dan.actor, { ...works, version: 2 })).toEqual({ done: true })
    expect(await seenBy(dan)).toEqual([])
    expect(await reviseTemplate(house, dan.actor, { ...works, version: 3 })).toEqual({ refused: 'changed' })
    expect((await entries()).map(({ act, duty, detail }) => `${act} ${duty} ${detail}`)).toEqual([
      `template.revised works-dispatcher template=${works.id} version=1`,
      `template.revised works-dispatcher template=${works.id} version=2`,
      `template.removed works-dispatcher template=${works.id} version=3`,
    ])
  })

  it('is refused where a colleague was first', async () => {
    const one = fresh()
    await reviseTemplate(house, dan.actor, one)
    expect(await reviseTemplate(house, dan.actor, one)).toEqual({ refused: 'changed' })
  })

  it('is read by colleagues of the department, and kept only by those whose duty says so', async () => {
    const one = fresh()
    await reviseTemplate(house, dan.actor, one)
    expect((await seenBy(grounds)).find(({ id }) => id === one.id)?.desk?.may).toBe(false)
    expect(await reviseTemplate(house, grounds.actor, { ...one, version: 1 })).toEqual({ refused: 'not-there' })
  })

  it('is not there for other departments, nor can it be taken over by them', async () => {
    const one = fresh()
    await reviseTemplate(house, dan.actor, one)
    expect((await seenBy(tom)).map(({ id }) => id)).not.toContain(one.id)
    for (const department of ['public-works', 'library'] as DepartmentId[])
      expect(await reviseTemplate(house, tom.actor, { ...one, version: 1, department })).toEqual({
        refused: 'not-there',
      })
    expect(await reviseTemplate(house, dan.actor, fresh({ department: 'library' as DepartmentId }))).toEqual({
      refused: 'not-there',
    })
    expect(await house.database.app.once(sql`select from correspondence.templates()`)).toEqual([])
  })

  it('holds no placeholder that nobody fills, and says so by field', async () => {
    const refused = await reviseTemplate(
      house,
      dan.actor,
      fresh({ title: ' ', en: 'Dear {nmae}', es: 'x'.repeat(4001) }),
    )
    expect(refused).toEqual({
      refused: 'mistakes',
      mistakes: { title: { what: 'empty' }, en: { what: 'strange', strange: '{nmae}' }, es: { what: 'too-long' } },
    })
  })

  it('is looked at for what could be about somebody', () => {
    expect(concernsIn('Dear {name}, call {department-phone}.')).toEqual([])
    expect(concernsIn('Write to marisol@example.org')).toEqual(['email'])
    expect(concernsIn('Call (530) 555-0104')).toEqual(['telephone'])
    expect(concernsIn('Dear Marisol, thank you')).toEqual(['name'])
    expect(concernsIn('Estimada Núria:')).toEqual(['name'])
  })
})

describe('putting one into an answer', () => {
  it('fills what is known, in the person’s language', async () => {
    const line = await written({ name: 'Marisol Vega', language: 'es' })
    await opened(dan, line.id)
    const inserted = await insert(dan, line.id, 'received')
    expect('words' in inserted && inserted.words).toMatch(
      /^Hola, Marisol Vega:\n\nGracias por su carta del .* sobre bache o/,
    )
    expect('words' in inserted && inserted.words).toContain(`número ${String(line.number)}`)
    expect('words' in inserted && inserted.words).toContain('Obras Públicas, Ciudad de Almendra')
    const crew = await insert(dan, line.id, 'crew-comes')
    expect('words' in crew && crew.words).toContain('(530) 555-0104')
    expect(await insert(dan, line.id, 'signature')).toEqual({ words: 'Obras Públicas, Ciudad de Almendra' })
  })

  it('leaves what is not known standing, and such an answer is not sent', async () => {
    const line = await written()
    await opened(dan, line.id)
    const inserted = await insert(dan, line.id, 'received')
    const words = 'words' in inserted ? inserted.words : ''
    expect(words).toMatch(/^Hello \{name\},/)
    const send = (text: string) =>
      reply(house, dan.actor, { caseId: line.id, version: line.version, words: text, messageId: newId() })
    expect(await send(words)).toEqual({ refused: 'placeholder-left' })
    expect(await send(words.replace(' {name}', ''))).toEqual({ done: true })
  })

  it('does nothing while the letter is sealed, nor on a case or a template of somebody else', async () => {
    const line = await written({ name: 'Marisol Vega' })
    expect(await insert(dan, line.id, 'received')).toEqual({ refused: 'closed-envelope' })
    expect(await insert(tom, line.id, 'received')).toEqual({ refused: 'not-there' })
    await opened(dan, line.id)
    for (const id of ['records-searched', 'constructor', newId()])
      expect(await insert(dan, line.id, id)).toEqual({ refused: 'no-such-template' })
  })

  it('takes no placeholder out of a name that somebody typed', async () => {
    const line = await written({ name: '{case-number} {due-date' })
    await opened(dan, line.id)
    const inserted = await insert(dan, line.id, 'received')
    expect('words' in inserted && inserted.words).toMatch(/^Hello case-number due-date,/)
  })
})
