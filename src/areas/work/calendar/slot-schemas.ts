import { z } from '@hono/zod-openapi'
import { said } from '../../../core/said.ts'
import { Id, PlannedTime, queryBoolean, queryInteger, Timestamp, Version } from '../../../http/schemas.ts'
import { taskChoices, taskFields } from '../tasks/field-schemas.ts'
import { checkPlace } from '../tasks/schemas.ts'
import { type ExplanationRow, type HoldRow, type SlotListRow, slotRules, type VerdictRow } from './slots.ts'

const Minutes = z
  .int()
  .min(15)
  .max(1_440)
  .openapi({ example: 60, description: 'Length of the work, in minutes.' })
const queryMinutes = queryInteger(15, 1_440).openapi({
  example: 60,
  description: 'Length of the work, in minutes.',
})
const urgentText = 'Whether the work is urgent: hours on call count as hours.'
const queryUrgent = queryBoolean().optional().openapi({ example: false, description: urgentText })
const Urgent = z.boolean().optional().openapi({ example: false, description: urgentText })

const windowLongestMs = 31 * 24 * 3_600_000
const windowText = said({
  en: 'must be after "from", and at most 31 days after it',
  ar: 'يجب أن يكون بعد "from" وألا يتجاوزه بأكثر من 31 يومًا',
})

export const SlotQuery = z.object({
  from: PlannedTime.openapi({ example: '2027-06-01T00:00:00.000Z', description: 'Earliest start.' }),
  until: PlannedTime.openapi({
    example: '2027-06-08T00:00:00.000Z',
    description: 'Starts before this, at most 31 days later.',
  }),
  minutes: queryMinutes,
  urgent: queryUrgent,
})

/** Checked by the handler: a query is a plain object to the reference. */
export const isWindow = ({ from, until }: { from: string; until: string }): boolean => {
  const length = Date.parse(until) - Date.parse(from)
  return length > 0 && length <= windowLongestMs
}
export const windowProblem = { errors: [{ pointer: 'query/until', message: windowText }] }

const startsAt = Timestamp.openapi({ example: '2027-06-01T08:00:00.000Z', description: 'Start.' })
const endsAt = Timestamp.openapi({ example: '2027-06-01T09:00:00.000Z', description: 'End.' })

const Slot = z
  .object({ startsAt, endsAt })
  .openapi('Slot', { description: 'A time for which the tasker can be booked.' })

export const SlotList = z
  .object({
    zone: z
      .string()
      .openapi({ example: 'Africa/Cairo', description: 'Zone of the calendar, for showing the slots.' }),
    stepMinutes: z.int().openapi({ example: 30, description: 'Minutes from one start to the next.' }),
    data: z.array(Slot).openapi({ description: 'Slots, earliest first.' }),
  })
  .openapi('SlotList', { description: 'Slots of a tasker.' })

const Rule = z.enum(slotRules).nullable().openapi({
  example: null,
  description:
    'First rule that the slot breaks; null: none. `not_active`: the tasker takes no work. `too_soon`: before the notice that they want. `too_far`: further ahead than bookings are made. `outside_hours`: not within their hours. `off_grid`: no start of a slot. `taken`: something else takes up the time. `day_full`: they take no more bookings on that day.',
})
const PassesAt = Timestamp.nullable().openapi({
  example: null,
  description:
    'Where the rule names an instant: from when (`too_soon`, `taken`, `day_full`) or up to when (`too_far`) a slot does not break it.',
})

const slotAsked = {
  taskerId: Id.openapi({ description: 'Tasker.' }),
  startsAt: PlannedTime.openapi({ description: 'Start, in any offset.' }),
}

export const CheckSlots = z
  .strictObject({
    slots: z
      .array(z.strictObject(slotAsked).openapi('SlotAsked', { description: 'A start of a tasker.' }))
      .min(1)
      .max(200)
      .openapi({ description: 'What is asked: up to 200 starts of any taskers.' }),
    minutes: Minutes,
    urgent: Urgent,
  })
  .openapi('CheckSlots', {
    example: {
      slots: [{ taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', startsAt: '2027-06-01T08:00:00.000Z' }],
      minutes: 60,
    },
  })

const SlotCheck = z
  .object({
    taskerId: Id.openapi({ description: 'Tasker.' }),
    startsAt,
    available: z
      .boolean()
      .openapi({ example: true, description: 'Whether the caller can hold or book the slot now.' }),
    rule: Rule,
    passesAt: PassesAt,
  })
  .openapi('SlotCheck', { description: 'Whether a slot is available.' })

export const SlotCheckList = z
  .object({
    data: z.array(SlotCheck).openapi({ description: 'One result for each slot asked, in that order.' }),
  })
  .openapi('SlotCheckList', { description: 'Results of a check.' })

export const ExplanationQuery = z.object({
  startsAt: PlannedTime.openapi({ description: 'Start of the slot, in any offset.' }),
  minutes: queryMinutes,
  urgent: queryUrgent,
})

const ExplainedHours = z
  .object({
    kind: z
      .enum(['working', 'oncall'])
      .openapi({ example: 'working', description: 'Ordinary hours, or hours on call.' }),
    source: z.string().openapi({
      example: 'schedule',
      description:
        'Where they come from: `schedule`, `override`, `block`, or `free` where there is no schedule.',
    }),
    startsAt,
    endsAt,
  })
  .openapi('ExplainedHours', { description: 'An interval of hours.' })

export const ItemKind = z.enum(['visit', 'hold', 'block', 'external', 'oncall']).openapi({
  example: 'visit',
  description:
    '`visit`: agreed work. `hold`: time kept for a client or an offered booking. `block`: an absence. `external`: busy in a calendar elsewhere. `oncall`: a shift on call.',
})

const ExplainedItem = z
  .object({
    id: Id,
    kind: ItemKind,
    sourceId: Id.nullable().openapi({
      description: 'Visit, block or external calendar; null: a hold of a client.',
    }),
    startsAt,
    endsAt,
    guardedUntil: Timestamp.openapi({
      example: '2027-06-01T09:30:00.000Z',
      description: 'Until when nothing else can begin.',
    }),
    expiresAt: Timestamp.nullable().openapi({ example: null, description: 'End of a hold of a client.' }),
  })
  .openapi('ExplainedItem', { description: 'Something that takes up time.' })

export const SlotExplanation = z
  .object({
    available: z
      .boolean()
      .openapi({ example: true, description: 'Whether the caller can hold or book the slot now.' }),
    rule: Rule,
    passesAt: PassesAt,
    nextStartAt: Timestamp.nullable().openapi({
      example: '2027-06-01T08:30:00.000Z',
      description:
        'First slot of that length from the start on that breaks no rule; null: none within 14 days.',
    }),
    details: z
      .object({
        zone: z.string().openapi({ example: 'Africa/Cairo', description: 'Zone of the calendar.' }),
        bookingsADay: z.int().openapi({ example: 24, description: 'Most bookings that begin on one day.' }),
        hours: z.array(ExplainedHours).openapi({ description: 'Hours around the slot.' }),
        items: z.array(ExplainedItem).openapi({ description: 'What takes up time around the slot.' }),
      })
      .nullable()
      .openapi('SlotDetails', { description: 'For the tasker and for staff; null for others.' }),
  })
  .openapi('SlotExplanation', { description: 'Why a slot is available, or not.' })

export const HoldSlot = z
  .strictObject({ ...slotAsked, minutes: Minutes, urgent: Urgent })
  .openapi('HoldSlot', {
    example: {
      taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      startsAt: '2027-06-01T08:00:00.000Z',
      minutes: 60,
    },
  })

export const BookSlot = z
  .strictObject({
    taskId: Id.openapi({
      description:
        'Draft of yours that is to be matched, and takes no longer than the slot. It is posted for the start of the slot.',
    }),
  })
  .openapi('BookSlot', {
    description: 'What the tasker of the slot is asked to do.',
    example: { taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a42' },
  })

export const BookService = z
  .strictObject({
    ...z
      .strictObject({
        address: taskFields.address,
        city: taskFields.city,
        district: taskFields.district,
        lat: taskFields.lat,
        lng: taskFields.lng,
        addressId: taskChoices.addressId,
        description: taskFields.description,
        clientNotes: taskFields.clientNotes,
        structuredInputs: taskFields.structuredInputs,
      })
      .partial().shape,
    startsAt: taskFields.startsAt,
    extraIds: z
      .array(Id)
      .max(20)
      .default([])
      .openapi({ example: [], description: 'Extras of the service that you want, each once.' }),
    quantity: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .openapi({ example: 1, description: 'Units, where the price is per unit; only then.' }),
  })
  .superRefine((body, context) => checkPlace(body, context, true))
  .openapi('BookService', {
    description: 'When and where a service is wanted, and with which extras.',
    example: {
      startsAt: '2027-06-01T08:00:00.000Z',
      address: '12 Talaat Harb St',
      city: 'Cairo',
      lat: 30.0444,
      lng: 31.2357,
    },
  })

export const SlotHold = z
  .object({
    id: Id,
    taskerId: Id.openapi({ description: 'Tasker.' }),
    startsAt,
    endsAt,
    expiresAt: Timestamp.openapi({
      example: '2027-06-01T08:10:00.000Z',
      description: 'End of the hold. A booking of yours in that time takes its place.',
    }),
    createdAt: Timestamp,
    version: Version,
  })
  .openapi('SlotHold', { description: 'A slot that is kept for a client.' })

export const toSlotList = ({ slots, ...row }: SlotListRow): z.infer<typeof SlotList> => ({
  ...row,
  data: slots.map(({ taskerId: _taskerId, ...slot }) => slot),
})
export const toSlotCheck = (row: VerdictRow): z.infer<typeof SlotCheck> => ({
  ...row,
  available: row.rule === null,
})
export const toSlotExplanation = (row: ExplanationRow): z.infer<typeof SlotExplanation> => ({
  ...row,
  available: row.rule === null,
})
export const toSlotHold = (row: HoldRow): z.infer<typeof SlotHold> => row
