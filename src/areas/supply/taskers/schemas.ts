import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { said } from '../../../core/said.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { planBadges } from '../../../db/schema/commerce/subscriptions.ts'
import { assignmentModes, taskerTiers } from '../../../db/schema/supply/taskers.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  Latitude,
  Longitude,
  PlannedTime,
  queryNumber,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { personFields } from '../../people/profiles/schemas.ts'
import { type AvailabilityRow, availabilityKinds } from './availability.ts'
import { taskerMachine } from './machine.ts'
import { type ProfileRow, taskerPartyOf } from './profiles.ts'
import type { FoundTaskerRow, TaskerRow } from './taskers.ts'

const CategorySlug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'plumbing', description: 'Slug of an active category.' })

const Skill = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .openapi({ example: 'leak detection', description: 'A skill, as free text.' })

const noRepeats = (values: string[]): boolean => new Set(values).size === values.length

const Categories = z
  .array(CategorySlug)
  .min(1)
  .max(20)
  .refine(noRepeats, valueTexts.eachOnce)
  .openapi({ description: 'Slugs of the categories that the tasker works in.' })
const Skills = z
  .array(Skill)
  .max(30)
  .refine(noRepeats, valueTexts.eachOnce)
  .openapi({ description: 'Skills, as free text.' })

export const ServiceArea = z
  .strictObject({
    lat: Latitude.openapi({ description: 'Latitude of the centre in degrees (WGS 84).' }),
    lng: Longitude.openapi({ description: 'Longitude of the centre in degrees (WGS 84).' }),
    radiusKm: z.number().min(0.5).max(200).openapi({ example: 10, description: 'Radius in kilometres.' }),
  })
  .openapi('ServiceArea', { description: 'Area in which the tasker works.' })

export const HourlyRate = z
  .strictObject({ amount: AmountMinor.min(1).max(100_000_000), currency: Currency })
  .openapi('HourlyRate', {
    example: { amount: 20_000, currency: 'EGP' },
    description:
      'Hourly rate, in the currency of your country. Without one, the usual price of the category applies. Tasks in another currency are not offered to you.',
  })

const Bio = z.string().trim().min(1).max(2_000).openapi({
  example: 'Plumber since 2008. I bring my own tools.',
  description: 'Short introduction, shown to others.',
})

export const TaskerStatus = z.enum(taskerMachine.states).openapi('TaskerStatus', {
  description: 'Status of a tasker profile.',
  example: 'active',
})

const Tier = z.enum(taskerTiers).openapi('TaskerTier', {
  example: 'standard',
  description: 'Standing with the house, given by operations staff. Commission may depend on it.',
})

export const SetTaskerTier = z
  .strictObject({ tier: Tier })
  .openapi('SetTaskerTier', { example: { tier: 'preferred' } })

const AssignmentMode = z.enum(assignmentModes).openapi('AssignmentMode', {
  example: 'offer',
  description:
    'What happens when staff assign a task to the tasker. `offer`: the tasker is asked first. `direct`: by their contract it is theirs at once.',
})

export const SetAssignmentMode = z
  .strictObject({ assignmentMode: AssignmentMode })
  .openapi('SetAssignmentMode', { example: { assignmentMode: 'direct' } })

export const ApplyAsTasker = z
  .strictObject({
    bio: Bio.nullable().optional(),
    categories: Categories,
    skills: Skills.optional(),
    serviceArea: ServiceArea,
    hourlyRate: HourlyRate.nullable().optional(),
  })
  .openapi('ApplyAsTasker', {
    example: {
      bio: 'Plumber since 2008. I bring my own tools.',
      categories: ['plumbing'],
      skills: ['leak detection', 'pipe fitting'],
      serviceArea: { lat: 30.0444, lng: 31.2357, radiusKm: 10 },
      hourlyRate: { amount: 20_000, currency: 'EGP' },
    },
  })

export const UpdateTaskerProfile = ApplyAsTasker.partial()
  .strict()
  .openapi('UpdateTaskerProfile', {
    example: { skills: ['leak detection'], hourlyRate: { amount: 28_000, currency: 'EGP' } },
  })

const Rating = z
  .number()
  .nullable()
  .openapi({ example: 4.8, description: 'Average rating from 1 to 5; null without reviews.' })

const publicFields = {
  id: Id.openapi({ description: 'User id of the tasker.' }),
  name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Full name.' }),
  bio: Bio.nullable(),
  categories: z
    .array(CategorySlug)
    .openapi({ description: 'Slugs of the categories that the tasker works in.' }),
  skills: z.array(Skill).openapi({ description: 'Skills, as free text.' }),
  hourlyRate: HourlyRate.nullable(),
  ratingAvg: Rating,
  ratingCount: z.int().openapi({ example: 36, description: 'Number of reviews.' }),
  bookingsCompleted: z.int().openapi({ example: 41, description: 'Number of completed bookings.' }),
}

export const TaskerProfile = z
  .object({
    ...publicFields,
    status: TaskerStatus,
    tier: Tier,
    assignmentMode: AssignmentMode,
    serviceArea: ServiceArea.nullable(),
    acceptanceRate: z
      .number()
      .openapi({ example: 0.94, description: 'Accepted share of the answered offers, from 0 to 1.' }),
    completionRate: z
      .number()
      .openapi({ example: 0.98, description: 'Completed share of the ended bookings, from 0 to 1.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('TaskerProfile', { description: 'A tasker profile, as its owner and staff see it.' })

export const TaskerProfilePage = pageOf(TaskerProfile, 'TaskerProfilePage')

const CoarseArea = ServiceArea.nullable().openapi({
  description: 'Area in which the tasker works, accurate to about one kilometre.',
})

const { avatarUrl, languages, badge } = personFields
const taskerPerson = {
  avatarUrl,
  languages,
  badge,
  planBadge: z.enum(planBadges).nullable().openapi({
    example: 'pro',
    description: 'Badge of the plan that the tasker subscribes to; null: none.',
  }),
}

export const Tasker = z
  .object({
    ...publicFields,
    ...taskerPerson,
    serviceArea: CoarseArea,
    memberSince: Timestamp,
    status: TaskerStatus.optional().openapi({ description: 'Visible to staff and the tasker only.' }),
    allowedActions: AllowedActions.optional().openapi({
      description: 'Visible to staff and the tasker only.',
    }),
  })
  .openapi('Tasker')

export const FoundTasker = z
  .object({
    ...publicFields,
    ...taskerPerson,
    serviceArea: CoarseArea,
    memberSince: Timestamp,
    distanceKm: z.number().openapi({
      example: 2.4,
      description:
        'Distance in kilometres, accurate to about one kilometre. The list is ordered by the exact distance.',
    }),
  })
  .openapi('FoundTasker', { description: 'A tasker found by a search.' })

export const FoundTaskerPage = pageOf(FoundTasker, 'FoundTaskerPage')

export const TaskerSearch = z.object({
  ...pageQuery,
  category: CategorySlug,
  lat: queryNumber(-90, 90).openapi({
    example: 30.0444,
    description: 'Latitude of the place of work in degrees (WGS 84).',
  }),
  lng: queryNumber(-180, 180).openapi({
    example: 31.2357,
    description: 'Longitude of the place of work in degrees (WGS 84).',
  }),
  radiusKm: queryNumber(0.1, 100)
    .optional()
    .openapi({ example: 10, default: 10, description: 'Maximum distance in kilometres.' }),
})

export const TaskerProfileFilters = z.object({
  ...pageQuery,
  status: TaskerStatus.optional().openapi({ description: 'Only profiles with this status.' }),
})

export const MoveTasker = z
  .strictObject({
    reason: Reason.openapi({ description: 'Free text, recorded in the audit log.' }),
  })
  .openapi('MoveTasker', { example: { reason: 'Two clients have reported no-shows.' } })

const AvailabilityKind = z.enum(availabilityKinds).openapi({
  example: 'unavailable',
  description:
    '`available`: on a day with available hours, you are booked in these hours only. `unavailable`: you are not booked. `oncall`: you can be booked for urgent work.',
})

const blockLongestMs = 31 * 24 * 3_600_000
const blockTooLong = said({
  en: 'must be at most 31 days after "startsAt"',
  ar: 'يجب ألا يتجاوز "startsAt" بأكثر من 31 يومًا',
})

export const AddAvailability = z
  .strictObject({
    kind: AvailabilityKind,
    startsAt: PlannedTime.openapi({ description: 'Start, in any offset; returned in UTC.' }),
    endsAt: PlannedTime.openapi({ description: 'End, at most 31 days after the start.' }),
  })
  .refine(({ startsAt, endsAt }) => Date.parse(endsAt) > Date.parse(startsAt), {
    path: ['endsAt'],
    message: valueTexts.afterStartsAt,
  })
  .refine(({ startsAt, endsAt }) => Date.parse(endsAt) - Date.parse(startsAt) <= blockLongestMs, {
    path: ['endsAt'],
    message: blockTooLong,
  })
  .openapi('AddAvailability', {
    example: {
      kind: 'unavailable',
      startsAt: '2027-06-01T06:00:00.000Z',
      endsAt: '2027-06-01T15:00:00.000Z',
    },
  })

export const AvailabilityBlock = z
  .object({
    id: Id,
    kind: AvailabilityKind,
    startsAt: Timestamp.openapi({ description: 'Start.' }),
    endsAt: Timestamp.openapi({ description: 'End.' }),
    createdAt: Timestamp,
  })
  .openapi('AvailabilityBlock', { description: 'A period of availability or unavailability.' })

export const AvailabilityPage = pageOf(AvailabilityBlock, 'AvailabilityPage')

export const toTaskerProfile = (row: ProfileRow, actor: Actor): z.infer<typeof TaskerProfile> => ({
  ...row,
  allowedActions: allowedActions(taskerMachine, row.status, taskerPartyOf(actor, row.id)),
})

export function toTasker({ status, ...row }: TaskerRow, actor: Actor): z.infer<typeof Tasker> {
  if (status === null) return row
  return {
    ...row,
    status,
    allowedActions: allowedActions(taskerMachine, status, taskerPartyOf(actor, row.id)),
  }
}

export function toFoundTasker(row: FoundTaskerRow): z.infer<typeof FoundTasker> {
  const { distanceM: _distanceM, status: _status, ...found } = row
  return found
}

export const toAvailabilityBlock = (row: AvailabilityRow): z.infer<typeof AvailabilityBlock> => ({
  id: row.id,
  kind: row.kind,
  startsAt: row.startsAt,
  endsAt: row.endsAt,
  createdAt: row.createdAt,
})
