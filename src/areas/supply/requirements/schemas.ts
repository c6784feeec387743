import { z } from '@hono/zod-openapi'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { subjectKinds } from '../../../db/schema/supply/requirements.ts'
import { relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  Id,
  PlannedTime,
  queryBoolean,
  queryInteger,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { CountryCode } from '../../people/profiles/schemas.ts'
import { Description, Descriptions, Name, Names } from '../catalog/text-schemas.ts'
import { DocumentType } from '../verification/schemas.ts'
import type { ChecklistRow, FunnelRow } from './checklists.ts'
import { requirementKinds, requirementStatuses } from './kinds.ts'
import type { RequirementRow, WaiverRow } from './requirements.ts'

const RequirementKind = z.enum(requirementKinds).openapi('RequirementKind', {
  description:
    'What is asked for. `terms` are confirmed by the person, `identity`, `business` and `document` by papers, the others are read from data.',
  example: 'identity',
})

const SubjectKind = z
  .enum(subjectKinds)
  .openapi('SubjectKind', { description: 'Kind of what meets requirements.', example: 'tasker' })

const RoleKey = z
  .string()
  .regex(/^[a-z][a-z_]{1,39}$/, valueTexts.key)
  .openapi({ example: 'photographer', description: 'Key of the profession that it is asked of.' })

const Country = CountryCode.openapi({ description: 'Country that it is asked in (ISO 3166-1 alpha-2).' })

const Position = z
  .int()
  .min(0)
  .max(10_000)
  .openapi({ example: 10, description: 'Place in the list, ascending.' })

const shown = {
  kind: z.string().openapi({ example: 'identity', description: 'Kind of the requirement.' }),
  documentType: z
    .string()
    .nullable()
    .openapi({ example: null, description: 'Papers that it asks for, where it is a `document`.' }),
  isRequired: z.boolean().openapi({ example: true, description: 'Whether it is required, or recommended.' }),
  name: Name.openapi({ example: 'Verified identity' }),
}

export const Requirement = z
  .object({
    id: Id,
    ...shown,
    description: Description,
    subjectKind: SubjectKind,
    roleKey: RoleKey.nullable(),
    country: Country.nullable(),
    position: Position,
    names: Names,
    descriptions: Descriptions,
    effectiveFrom: Timestamp.openapi({
      description: 'Time from which it is asked. What was confirmed before counts no more.',
    }),
    isActive: z.boolean().openapi({ example: true, description: 'Whether it is asked at all.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Requirement', { description: 'Something that is asked of everybody of a kind.' })

export const RequirementPage = pageOf(Requirement, 'RequirementPage')

export const RequirementFilters = z.object({
  ...pageQuery,
  subjectKind: SubjectKind.optional().openapi({ description: 'Only what is asked of this kind.' }),
  isActive: queryBoolean().optional().openapi({ description: 'Only active ones, or only others.' }),
})

const changeable = {
  isRequired: z
    .boolean()
    .optional()
    .openapi({ description: 'Whether it is required, or recommended. Required by default.' }),
  position: Position.optional(),
  descriptions: Descriptions.optional(),
  effectiveFrom: PlannedTime.optional().openapi({
    description: 'Time from which it is asked; a new one asks everybody again. Now by default.',
  }),
}

export const CreateRequirement = z
  .strictObject({
    kind: RequirementKind,
    subjectKind: SubjectKind,
    roleKey: RoleKey.optional(),
    country: Country.optional(),
    documentType: DocumentType.optional().openapi({
      description: 'Papers; required of the kind `document`.',
    }),
    names: Names,
    ...changeable,
  })
  .superRefine(({ kind, documentType, roleKey, subjectKind }, context) => {
    if ((kind === 'document') !== (documentType !== undefined)) {
      context.addIssue({ code: 'custom', path: ['documentType'], message: valueTexts.documentOfType })
    }
    if (roleKey !== undefined && subjectKind !== 'role_profile') {
      context.addIssue({ code: 'custom', path: ['roleKey'], message: valueTexts.professionOfProfile })
    }
  })
  .openapi('CreateRequirement', {
    description: 'A requirement to add.',
    example: {
      kind: 'document',
      subjectKind: 'role_profile',
      roleKey: 'fitness_trainer',
      country: 'EG',
      documentType: 'criminal_record',
      names: { en: 'Criminal record', ar: 'صحيفة الحالة الجنائية' },
      descriptions: { en: 'Issued within the last three months.' },
      position: 20,
    },
  })

export const UpdateRequirement = z
  .strictObject({
    names: Names.optional(),
    ...changeable,
    isActive: z.boolean().optional().openapi({ description: 'Whether it is asked at all.' }),
  })
  .openapi('UpdateRequirement', {
    description: 'Fields of a requirement to change; its kind and scope stay.',
    example: { position: 30 },
  })

const ChecklistItem = z
  .object({
    requirementId: Id.openapi({ description: 'The requirement.' }),
    ...shown,
    description: Description.openapi({ example: 'Your identity card, both sides.' }),
    status: z
      .enum(requirementStatuses)
      .openapi({ example: 'incomplete', description: 'Where the subject stands with it.' }),
    waivedUntil: Timestamp.nullable().openapi({ description: 'End of a waiver that has one.' }),
  })
  .openapi('ChecklistItem', { description: 'One requirement, and where its subject stands.' })

export const Checklist = z
  .object({
    isComplete: z
      .boolean()
      .openapi({ example: false, description: 'Whether everything that is required is complete or waived.' }),
    items: z.array(ChecklistItem).openapi({ description: 'All that is asked, in order.' }),
  })
  .openapi('Checklist', {
    description: 'All that is asked of somebody. The same function decides on activation.',
  })

export const ChecklistQuery = z.object({
  subjectKind: z
    .enum(['tasker', 'company'])
    .default('tasker')
    .openapi({ example: 'tasker', description: 'Your tasker profile, or your company.' }),
  roleProfileId: Id.optional().openapi({ description: 'A role profile of yours, in place of either.' }),
})

export const FunnelQuery = z.object({
  subjectKind: z
    .enum(['tasker', 'company'])
    .default('tasker')
    .openapi({ example: 'tasker', description: 'Taskers, or companies.' }),
  days: queryInteger(1, 366)
    .default(30)
    .openapi({ description: 'Days to look back over, by the beginning.' }),
})

const count = (description: string) => z.int().openapi({ example: 12, description })

const FunnelStep = z
  .object({
    requirementId: Id.openapi({ description: 'The requirement.' }),
    ...shown,
    reached: count('Subjects of whom it is asked.'),
    waiting: count('Of those, how many wait for a decision.'),
    done: count('Of those, how many have it complete.'),
    rejected: count('Of those, how many were rejected.'),
    waived: count('Of those, for how many it is waived.'),
    medianHours: z
      .number()
      .nullable()
      .openapi({ example: 30.5, description: 'Median time from the beginning until it was complete.' }),
  })
  .openapi('FunnelStep', { description: 'How far people get with one requirement.' })

export const Funnel = z
  .object({ steps: z.array(FunnelStep).openapi({ description: 'Requirements in order.' }) })
  .openapi('Funnel', { description: 'How far those get who have begun lately, at most the 5,000 newest.' })

const exampleId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

export const CreateWaiver = z
  .strictObject({
    requirementId: Id.openapi({ description: 'Requirement that is not to count.' }),
    subjectKind: SubjectKind,
    subjectId: Id.openapi({ description: 'Tasker or company for whom it does not.' }),
    reason: Reason.openapi({ description: 'Reason, on record.' }),
    expiresAt: PlannedTime.optional().openapi({ description: 'End of the waiver; without one it stays.' }),
  })
  .openapi('CreateWaiver', {
    description: 'An exception for one subject.',
    example: {
      requirementId: exampleId,
      subjectKind: 'tasker',
      subjectId: exampleId,
      reason: 'The authority has been closed since May.',
    },
  })

export const RequirementWaiver = z
  .object({
    id: Id,
    requirementId: Id.openapi({ description: 'Requirement that does not count.' }),
    subjectKind: SubjectKind,
    subjectId: Id.openapi({ description: 'Tasker or company for whom it does not.' }),
    reason: z
      .string()
      .openapi({ example: 'The authority has been closed since May.', description: 'Reason, on record.' }),
    waivedBy: Id.nullable().openapi({ description: 'Member of staff who waived it.' }),
    expiresAt: Timestamp.nullable().openapi({ description: 'End of the waiver, where it has one.' }),
    endedAt: Timestamp.nullable().openapi({ description: 'Time at which it ended.' }),
    endedBy: Id.nullable().openapi({ description: 'Member of staff who ended it; null where it expired.' }),
    createdAt: Timestamp,
  })
  .openapi('RequirementWaiver', { description: 'An exception from a requirement.' })

export const RequirementWaiverPage = pageOf(RequirementWaiver, 'RequirementWaiverPage')

export const WaiverFilters = z.object({
  ...pageQuery,
  subjectId: relatedId('Only waivers for this tasker or company.'),
})

export const toRequirement = (
  { defaultLanguage: _, ...row }: RequirementRow,
  locales: TextLocales,
): z.infer<typeof Requirement> => ({
  ...row,
  name: nameIn(locales, row.names),
  description: textIn(locales, row.descriptions),
})

export const toChecklist = ({ items }: ChecklistRow, locales: TextLocales): z.infer<typeof Checklist> => ({
  isComplete: items.every(
    ({ isRequired, status }) => !isRequired || status === 'complete' || status === 'waived',
  ),
  items: items.map(({ names, descriptions, requirementVersion: _, ...item }) => ({
    ...item,
    name: nameIn(locales, names),
    description: textIn(locales, descriptions),
  })),
})

export const toFunnelStep = (
  { id, names, defaultLanguage: _, ...row }: FunnelRow,
  locales: TextLocales,
): z.infer<typeof FunnelStep> => ({ ...row, requirementId: id, name: nameIn(locales, names) })

export const toWaiver = (row: WaiverRow): z.infer<typeof RequirementWaiver> => row
