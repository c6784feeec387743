import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { said } from '../../../core/said.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  PlannedTime,
  queryNumber,
  Timestamp,
} from '../../../http/schemas.ts'
import type { AvailabilityRow } from './availability.ts'
import { taskerMachine } from './machine.ts'
import { type ProfileRow, taskerPartyOf } from './profiles.ts'
import type { FoundTaskerRow, TaskerRow } from './taskers.ts'

const CategorySlug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'plumbing', description: 'The slug of an active category.' })

const Skill = z.string().trim().min(1).max(60).openapi({ example: 'leak detection' })

const noRepeats = (values: string[]): boolean => new Set(values).size === values.length

const Categories = z.array(CategorySlug).min(1).max(20).refine(noRepeats, valueTexts.eachOnce)
const Skills = z.array(Skill).max(30).refine(noRepeats, valueTexts.eachOnce)

export const ServiceArea = z
  .strictObject({
    lat: z.number().min(-90).max(90).openapi({ example: 30.0444 }),
    lng: z.number().min(-180).max(180).openapi({ example: 31.2357 }),
    radiusKm: z
      .number()
      .min(0.5)
      .max(200)
      .openapi({ example: 10, description: 'How far from there work is taken.' }),
  })
  .openapi('ServiceArea')

export const HourlyRate = z
  .strictObject({ amount: AmountMinor.min(1).max(100_000_000), currency: Currency })
  .openapi('HourlyRate', {
    example: { amount: 25_000, currency: 'EGP' },
    description: 'Without one, work is taken at what it usually costs.',
  })

const Bio = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .openapi({ example: 'Plumber since 2008. I bring my own tools.' })

export const TaskerStatus = z.enum(taskerMachine.states).openapi('TaskerStatus', { example: 'active' })

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
      hourlyRate: { amount: 25_000, currency: 'EGP' },
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
  .openapi({ example: 4.8, description: '1 to 5; null before the first review.' })

const publicFields = {
  id: Id.openapi({ description: 'The id of the user who is the tasker.' }),
  name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Null until they gave one.' }),
  bio: Bio.nullable(),
  categories: z.array(CategorySlug),
  skills: z.array(Skill),
  hourlyRate: HourlyRate.nullable(),
  ratingAvg: Rating,
  ratingCount: z.int().openapi({ example: 36 }),
  bookingsCompleted: z.int().openapi({ example: 41 }),
}

export const TaskerProfile = z
  .object({
    ...publicFields,
    status: TaskerStatus,
    serviceArea: ServiceArea.nullable(),
    acceptanceRate: z.number().openapi({ example: 0.94, description: 'Of the offers that were answered.' }),
    completionRate: z.number().openapi({ example: 0.98, description: 'Of the bookings that have ended.' }),
    allowedActions: AllowedActions,
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('TaskerProfile')

export const TaskerProfilePage = pageOf(TaskerProfile, 'TaskerProfilePage')

const CoarseArea = ServiceArea.nullable().openapi({ description: 'To about a kilometre.' })

export const Tasker = z
  .object({
    ...publicFields,
    serviceArea: CoarseArea,
    memberSince: Timestamp,
    status: TaskerStatus.optional().openapi({ description: 'For staff and for the tasker only.' }),
    allowedActions: AllowedActions.optional().openapi({ description: 'For staff and for the tasker only.' }),
  })
  .openapi('Tasker')

export const FoundTasker = z
  .object({
    ...publicFields,
    serviceArea: CoarseArea,
    memberSince: Timestamp,
    distanceKm: z
      .number()
      .openapi({ example: 2.4, description: 'To about a kilometre; the order of the list is exact.' }),
  })
  .openapi('FoundTasker')

export const FoundTaskerPage = pageOf(FoundTasker, 'FoundTaskerPage')

export const TaskerSearch = z.object({
  ...pageQuery,
  category: CategorySlug,
  lat: queryNumber(-90, 90).openapi({ example: 30.0444 }),
  lng: queryNumber(-180, 180).openapi({ example: 31.2357 }),
  radiusKm: queryNumber(0.1, 100)
    .optional()
    .openapi({ example: 10, default: 10, description: 'How far away at most; 10 unless told otherwise.' }),
})

export const TaskerProfileFilters = z.object({ ...pageQuery, status: TaskerStatus.optional() })

export const MoveTasker = z
  .strictObject({ reason: z.string().trim().min(1).max(500) })
  .openapi('MoveTasker', { example: { reason: 'Two clients have reported no-shows.' } })

const AvailabilityKind = z.enum(['available', 'unavailable']).openapi({
  example: 'unavailable',
  description: 'Who names available hours for a day gets offers within them only.',
})

const blockLongestMs = 31 * 24 * 3_600_000
const blockTooLong = said({
  en: 'must be at most 31 days after "startsAt"',
  ar: 'يجب ألا يتجاوز "startsAt" بأكثر من 31 يومًا',
})

export const AddAvailability = z
  .strictObject({ kind: AvailabilityKind, startsAt: PlannedTime, endsAt: PlannedTime })
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
  .object({ id: Id, kind: AvailabilityKind, startsAt: Timestamp, endsAt: Timestamp, createdAt: Timestamp })
  .openapi('AvailabilityBlock')

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
  kind: row.kind === 'available' ? 'available' : 'unavailable',
  startsAt: row.startsAt,
  endsAt: row.endsAt,
  createdAt: row.createdAt,
})
