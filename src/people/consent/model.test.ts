import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginStory, compareConsents, consentCommands, modelNotice, stepper, type Real } from './testing/commands.ts'
import { Model, purposeIds } from './testing/model.ts'
import { openTown, type Town } from './testing/town.ts'
import type { Notice } from './notice.ts'
import type { Neighbour } from '../../../test/support/people.ts'

/** Thousands with `CITYHALL_MODEL_RUNS=3000`; in the suite as many as take some seconds. */
const runs = Number(process.env['CITYHALL_MODEL_RUNS'] ?? 12)

let town: Town
let stranger: Neighbour
let notice: Notice
beforeAll(async () => {
  town = await openTown()
  stranger = await town.neighbour('Stranger')
  notice = modelNotice(town)
})
afterAll(() => town.test.close())

it('consents, proofs, revocations, disagreements, terms and coming of age are what a plain model says, whatever the order', async () => {
  const world = { town, stranger }
  const begin = async () => {
    const model = new Model()
    model.answer('rosa', purposeIds)
    return { model, real: await beginStory(world, notice) }
  }
  const step = stepper<Model, Real>((model, real) => compareConsents(world, model, real))
  const { answering, showing, filling, revoking, objecting, settling, passing, ageing } = consentCommands(world, step)
  const commands = fc.commands(
    [answering, answering, showing, showing, filling, revoking, objecting, settling, passing, ageing],
    { maxCommands: 14 },
  )
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      await fc.asyncModelRun(begin, steps)
    }),
    { numRuns: runs, endOnFailure: true },
  )
  expect(runs).toBeGreaterThan(0)
}, 3_600_000)
