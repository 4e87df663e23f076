import type { FastifyReply } from 'fastify'
import type { Config } from '../../plumbing/index.ts'
import type { Visit } from '../../trust/need-to-know/index.ts'
import type { SurveysHouse } from './house.ts'
import { preview, surveysOnDesk, type SurveyOnDesk } from './on-desk.ts'
import { deskSurveyPage, type DeskSurveyView } from './pages/desk-survey.ts'

/** What the desk's pages need besides: where the public finds a survey, and whether mail goes out. */
export type SurveysDesk = SurveysHouse & Readonly<{ config: Pick<Config, 'publicUrl' | 'smtpUrl'> }>

/** The survey in the address, if it is hers. */
export async function visited(house: SurveysDesk, { actor, request }: Visit): Promise<SurveyOnDesk | undefined> {
  const { id } = request.params as { id?: string }
  return (await surveysOnDesk(house, actor)).find(({ survey }) => survey.id === id)
}

export async function showSurvey(
  house: SurveysDesk,
  visit: Visit,
  onDesk: SurveyOnDesk,
  told: Pick<DeskSurveyView, 'done' | 'wrong' | 'typed'>,
  status = 200,
): Promise<FastifyReply> {
  const results = await preview(house, visit.actor, onDesk.survey)
  const { publicUrl, smtpUrl } = house.config
  const view = { city: house.city, staff: visit.staff, onDesk, results, publicUrl, mails: smtpUrl !== undefined }
  return visit.reply.page(deskSurveyPage({ ...view, ...told }), status)
}
