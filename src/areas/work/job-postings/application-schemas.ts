import { z } from '@hono/zod-openapi'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { changedQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, PlannedTime, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import type { JobApplicationRow } from './applications.ts'
import { jobApplicationMachine } from './machine.ts'

export const JobApplicationStatus = z.enum(jobApplicationMachine.states).openapi('JobApplicationStatus', {
  example: 'shortlisted',
  description: 'State of the application.',
})

const answer = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .openapi({ example: 'Yes, for ten years.', description: 'The answer.' })
const key = z
  .string()
  .max(30)
  .openapi({ example: 'licence', description: 'Key of the question in the posting.' })

const coverNote = z
  .string()
  .trim()
  .min(1)
  .max(5_000)
  .nullable()
  .openapi({ example: 'I have led a team for six years.', description: 'What the applicant writes.' })

const Contact = z
  .strictObject({
    email: z
      .email()
      .max(254)
      .nullable()
      .default(null)
      .openapi({ example: 'nour@mail.example', description: 'E-mail address for this company.' }),
    phone: z
      .string()
      .regex(/^\+[1-9][0-9]{6,14}$/, valueTexts.e164)
      .nullable()
      .default(null)
      .openapi({ example: '+201001234567', description: 'Phone number (E.164) for this company.' }),
  })
  .openapi('JobContact', { description: 'Contact details that the applicant gives to this company.' })

export const ApplyForJob = z
  .strictObject({
    coverNote: coverNote.default(null),
    answers: z
      .array(
        z.strictObject({ key, answer }).openapi('GivenJobAnswer', { description: 'Answer to a question.' }),
      )
      .max(10)
      .refine((all) => new Set(all.map((one) => one.key)).size === all.length, valueTexts.eachOnce)
      .default([])
      .openapi({ description: 'Answers to the questions of the posting; required ones must be there.' }),
    contact: Contact.nullable().default(null).openapi({
      description: 'How the company can reach you; null: through the platform only.',
    }),
  })
  .openapi('ApplyForJob', {
    example: {
      coverNote: 'I have led a team for six years.',
      answers: [{ key: 'licence', answer: 'Yes, for ten years.' }],
      contact: { email: 'nour@mail.example' },
    },
  })

const minutes = z
  .int()
  .min(15)
  .max(480)
  .openapi({ example: 45, description: 'Duration of the interview in minutes.' })
const note = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .nullable()
  .openapi({ example: 'At our office, third floor.', description: 'Where and how it takes place.' })

export const ProposeInterview = z
  .strictObject({
    slots: z
      .array(PlannedTime)
      .min(1)
      .max(10)
      .refine((all) => new Set(all).size === all.length, valueTexts.eachOnce)
      .openapi({
        example: ['2027-01-18T09:00:00.000Z', '2027-01-19T13:00:00.000Z'],
        description: 'Beginnings that the applicant can choose from, in the future.',
      }),
    minutes: minutes.default(60),
    note: note.default(null),
  })
  .openapi('ProposeInterview', {
    example: {
      slots: ['2027-01-18T09:00:00.000Z', '2027-01-19T13:00:00.000Z'],
      minutes: 45,
      note: 'At our office, third floor.',
    },
  })

export const ChooseInterview = z
  .strictObject({
    startsAt: PlannedTime.openapi({ description: 'One of the proposed beginnings.' }),
  })
  .openapi('ChooseInterview', { example: { startsAt: '2027-01-18T09:00:00.000Z' } })

export const RejectJobApplication = z
  .strictObject({ reason: Reason.optional().openapi({ description: 'Told to the applicant.' }) })
  .openapi('RejectJobApplication', { example: { reason: 'We have chosen somebody else.' } })

export const AddJobNote = z
  .strictObject({
    text: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .openapi({ example: 'Strong on leadership.', description: 'The note.' }),
  })
  .openapi('AddJobNote', { example: { text: 'Strong on leadership.' } })

export const JobApplication = z
  .object({
    id: Id,
    jobPostingId: Id.openapi({ description: 'The job.' }),
    jobTitle: z.string().openapi({ example: 'Senior plumber', description: 'Name of the job.' }),
    companyId: Id.openapi({ description: 'The company.' }),
    companyName: z.string().openapi({ example: 'Nile Fittings', description: 'Name of the company.' }),
    userId: Id.openapi({ description: 'The applicant.' }),
    applicantName: z.string().nullable().openapi({
      example: 'Nour Hassan',
      description: 'Name in the candidate profile of the applicant.',
    }),
    status: JobApplicationStatus,
    coverNote,
    answers: z
      .array(
        z
          .object({
            key,
            question: z.string().openapi({
              example: 'Do you have a driving licence?',
              description: 'The question as it was asked.',
            }),
            answer,
          })
          .openapi('JobAnswer', { description: 'A question, and its answer.' }),
      )
      .openapi({ description: 'Answers to the questions of the posting.' }),
    contact: Contact.nullable().openapi({
      description:
        'Contact details that the applicant gives. Of a withdrawn application the company reads none.',
    }),
    rejectReason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Reason that the company gave.' }),
    interview: z
      .object({
        slots: z.array(Timestamp).openapi({ description: 'Proposed beginnings.' }),
        minutes,
        note,
        startsAt: Timestamp.nullable().openapi({
          description: 'Beginning that the applicant has chosen; null: not yet.',
        }),
      })
      .openapi('JobInterview', { description: 'An interview, from its proposal on.' })
      .nullable()
      .openapi({ example: null, description: 'The interview; null: none was proposed.' }),
    endedAt: Timestamp.nullable().openapi({ description: 'End of the application.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('JobApplication')
export const JobApplicationPage = pageOf(JobApplication, 'JobApplicationPage')

export const ApplicationFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: JobApplicationStatus.optional().openapi({ description: 'Only applications in this state.' }),
})

export const JobNote = z
  .object({
    id: Id,
    authorId: Id.openapi({ description: 'Author of the note.' }),
    authorName: z
      .string()
      .nullable()
      .openapi({ example: 'Omar Fathy', description: 'Full name of the author.' }),
    text: z.string().openapi({ example: 'Strong on leadership.', description: 'The note.' }),
    createdAt: Timestamp,
  })
  .openapi('JobNote')
export const JobNotePage = pageOf(JobNote, 'JobNotePage')
export const NoteQuery = z.object({ ...pageQuery })

export const toJobApplication = ({ isOwn, ...row }: JobApplicationRow): z.infer<typeof JobApplication> => ({
  ...row,
  allowedActions: allowedActions(jobApplicationMachine, row.status, isOwn ? 'applicant' : 'manager'),
})
