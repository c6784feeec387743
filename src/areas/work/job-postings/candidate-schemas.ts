import { z } from '@hono/zod-openapi'
import { moderate } from '../../../core/moderation.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryInteger, Timestamp } from '../../../http/schemas.ts'
import { proficiencies } from '../../people/profiles/languages.ts'
import { ProfessionKey } from '../../supply/professions/kinds/index.ts'
import type { CandidateViewRow, FoundCandidateRow, OwnCandidateViewRow } from './candidates.ts'

const line = (most: number, example: string, description: string) =>
  z.string().trim().min(1).max(most).optional().openapi({ example, description })

export const CandidateSearch = z.object({
  ...pageQuery,
  q: z.string().trim().min(2).max(200).optional().openapi({
    example: 'welder',
    description:
      'Only candidates with these words in the jobs that they look for, their skills, positions or studies; `"…"` for a phrase, `or`, `-` for a word that must not occur.',
  }),
  profession: ProfessionKey.optional().openapi({
    description: 'Only candidates with a public role profile of this profession (`professions.list`).',
  }),
  skill: line(80, 'welding', 'Only candidates who name this skill.'),
  city: line(80, 'Cairo', 'Only candidates in this city.'),
  minExperienceYears: queryInteger(0, 80).optional().openapi({
    example: 3,
    description: 'Only candidates with at least so many years of work experience.',
  }),
  language: z
    .string()
    .max(35)
    .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/, valueTexts.languageTag)
    .optional()
    .openapi({ example: 'ar', description: 'Only candidates who speak this language (BCP 47).' }),
})

const openUntil = Timestamp.openapi({ description: 'Time until which the view is open.' })
const preferredRoles = z
  .array(z.string())
  .openapi({ example: ['site engineer'], description: 'Jobs that the candidate is looking for.' })
const city = z.string().nullable().openapi({ example: 'Cairo', description: 'City of the candidate.' })

const Position = z
  .object({
    title: z.string().openapi({ example: 'Site engineer', description: 'Title of the position.' }),
    from: z.string().nullable().openapi({ example: '2019-03', description: 'First month.' }),
    until: z.string().nullable().openapi({ example: null, description: 'Last month; null: it goes on.' }),
  })
  .openapi('FoundPosition', { description: 'A position, without its employer.' })

const Studies = z
  .object({
    degree: z.string().nullable().openapi({ example: 'BSc', description: 'Degree.' }),
    field: z.string().nullable().openapi({ example: 'Civil engineering', description: 'Field.' }),
  })
  .openapi('FoundStudies', { description: 'A course of study, without its school.' })

const Spoken = z
  .object({
    code: z.string().openapi({ example: 'ar', description: 'Language (BCP 47).' }),
    proficiency: z.enum(proficiencies).openapi({ example: 'native', description: 'How well.' }),
  })
  .openapi('FoundLanguage', { description: 'A language that a candidate speaks.' })

export const FoundCandidate = z
  .object({
    id: Id.openapi({
      description: 'Names the candidate for as long as they look for work; it is not their user id.',
    }),
    city,
    experienceYears: z.int().nullable().openapi({ example: 8, description: 'Years of work experience.' }),
    preferredRoles,
    skills: z.array(z.string()).openapi({ example: ['AutoCAD'], description: 'Skills.' }),
    positions: z.array(Position).openapi({ description: 'Positions held, without employers.' }),
    studies: z.array(Studies).openapi({ description: 'Courses of study, without schools.' }),
    professions: z
      .array(z.string())
      .openapi({ example: ['photographer'], description: 'Professions with a public role profile.' }),
    languages: z.array(Spoken).openapi({ description: 'Languages, best first.' }),
    listedAt: Timestamp.openapi({ description: 'Time since which they look for work.' }),
    openUntil: Timestamp.nullable().openapi({
      description: 'While your company has a view of them: its end. Viewing again costs nothing until then.',
    }),
  })
  .openapi('FoundCandidate', { description: 'A candidate as companies find them: nothing says who it is.' })
export const FoundCandidatePage = pageOf(FoundCandidate, 'FoundCandidatePage')

const ViewedCandidate = z
  .object({
    id: Id.openapi({ description: 'User id of the candidate: `candidates.get` has the whole profile.' }),
    displayName: z.string().nullable().openapi({ example: 'Mona Abdel Hamid', description: 'Name.' }),
    city,
    preferredRoles,
    resumeMediaId: Id.nullable().openapi({ description: 'Résumé: `GET /v1/media/{mediaId}`.' }),
    contact: z
      .object({
        email: z
          .string()
          .nullable()
          .openapi({ example: 'mona@mail.example', description: 'E-mail address.' }),
        phone: z.string().nullable().openapi({ example: '+201001234567', description: 'Phone number.' }),
      })
      .openapi('ViewedContact', { description: 'How the candidate can be reached.' }),
  })
  .openapi('ViewedCandidate', { description: 'A candidate whom a company has viewed.' })

export const CandidateView = z
  .object({
    id: Id,
    companyId: Id.openapi({ description: 'Company that has viewed.' }),
    isOpen: z.boolean().openapi({
      example: true,
      description: 'Whether it shows the candidate: for its time, while they look for work, without a block.',
    }),
    openUntil,
    viewedAt: Timestamp.openapi({ description: 'Time of the view.' }),
    candidate: ViewedCandidate.nullable().openapi({
      description: 'The candidate; null once the view is not open any more.',
    }),
  })
  .openapi('CandidateView', { description: 'A view of a candidate, which has used one contact view.' })
export const CandidateViewPage = pageOf(CandidateView, 'CandidateViewPage')

export const OwnCandidateView = z
  .object({
    id: Id,
    companyId: Id.openapi({ description: 'Company that has viewed you (`companies.get`).' }),
    companyName: z.string().openapi({ example: 'Nile Fittings', description: 'Name of the company.' }),
    openUntil,
    viewedAt: Timestamp.openapi({ description: 'Time of the view.' }),
  })
  .openapi('OwnCandidateView', { description: 'A company that has viewed how to reach you.' })
export const OwnCandidateViewPage = pageOf(OwnCandidateView, 'OwnCandidateViewPage')

export const candidateViewQuery = z.object({ ...pageQuery })

/** A view is what shows contact details: a text that has some is left out until then. */
const isClean = (text: string | null): boolean =>
  text === null || moderate(text, { mayExchangeContacts: false }) !== 'reject'

export const toFoundCandidate = (row: FoundCandidateRow): z.infer<typeof FoundCandidate> => ({
  ...row,
  city: isClean(row.city) ? row.city : null,
  preferredRoles: row.preferredRoles.filter(isClean),
  skills: row.skills.filter(isClean),
  positions: row.positions.filter(({ title }) => isClean(title)),
  studies: row.studies.filter(({ degree, field }) => isClean(degree) && isClean(field)),
})

export const toCandidateView = (row: CandidateViewRow): z.infer<typeof CandidateView> => row
export const toOwnCandidateView = (row: OwnCandidateViewRow): z.infer<typeof OwnCandidateView> => row
