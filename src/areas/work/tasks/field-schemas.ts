import { z } from '@hono/zod-openapi'
import { isTimezone } from '../../../core/locales.ts'
import { atMostEntries, valueTexts } from '../../../core/value-texts.ts'
import { experienceLevels, locationTypes } from '../../../db/schema/work/tasks.ts'
import {
  AmountMinor,
  Id,
  Latitude,
  Longitude,
  largestAmount,
  PlannedTime,
  Timezone,
} from '../../../http/schemas.ts'

export const CategorySlug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'plumbing', description: 'Slug of an active category.' })

const text = (max: number) => z.string().trim().min(1).max(max)

const Budget = AmountMinor.min(0).max(largestAmount).nullable()

const inputsLimit = 30

/** Answers to what a category asks: flat, so that every client can show them. */
export const StructuredInputs = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, valueTexts.inputName),
    z.union([z.string().trim().max(500), z.number(), z.boolean(), z.array(text(100)).max(20)]),
  )
  .refine((inputs) => Object.keys(inputs).length <= inputsLimit, atMostEntries(inputsLimit))
  .openapi('StructuredInputs', {
    example: { floor: 3, hasElevator: true, fixtures: ['kitchen tap'] },
    description: 'Answers to the questions of the category: text, numbers, booleans or lists of text.',
  })

const timeOnTheWall = /^([01]\d|2[0-3]):[0-5]\d$/

/** Fields of a task that its client fills in, whatever sources its tasker. */
export const taskFields = {
  title: text(255).nullable().openapi({
    example: 'Dripping kitchen tap',
    description: 'A line that tells what is wanted. Required where taskers bid.',
  }),
  category: CategorySlug,
  subcategory: CategorySlug.nullable().openapi({
    example: null,
    description: 'Slug of a category below `category`.',
  }),
  description: text(4_000).openapi({
    example: 'The kitchen tap drips, and the valve below it is stuck.',
    description: 'What is to be done, as free text.',
  }),
  address: text(300).openapi({
    example: '12 Talaat Harb St, 3rd floor',
    description: 'Street, building and floor. Disclosed to the tasker who takes the task.',
  }),
  city: text(80).openapi({ example: 'Cairo', description: 'Name of the city.' }),
  district: text(80).nullable().openapi({ example: 'Downtown', description: 'District of the city.' }),
  lat: Latitude,
  lng: Longitude,
  startsAt: PlannedTime.openapi({ description: 'Planned start, in any offset; returned in UTC.' }),
  flexibilityMinutes: z
    .int()
    .min(0)
    .max(10_080)
    .openapi({ example: 30, description: 'How much later than `startsAt` the work may start, in minutes.' }),
  pricingModel: z.enum(['hourly', 'fixed']).openapi({
    example: 'hourly',
    description: '`hourly`: billed by time. `fixed`: one price for the whole task.',
  }),
  estMinutes: z
    .int()
    .min(15)
    .max(10_080)
    .openapi({ example: 90, description: 'Expected duration in minutes.' }),
  structuredInputs: StructuredInputs,
  budgetMinAmount: Budget.openapi({
    example: 20_000,
    description: 'The least that you mean to spend, in minor units of `currency`.',
  }),
  budgetMaxAmount: Budget.openapi({
    example: 50_000,
    description: 'The most that you mean to spend, in minor units of `currency`.',
  }),
  urgencyLevel: z
    .int()
    .min(1)
    .max(5)
    .openapi({ example: 2, description: 'From 1 (any time) to 5 (at once), in your own judgement.' }),
  locationType: z.enum(locationTypes).openapi({
    example: 'on_site',
    description:
      '`on_site`: the tasker comes. `pickup`: the tasker fetches something. `delivery`: the tasker brings something.',
  }),
  isRemote: z.boolean().openapi({
    example: false,
    description: 'True where the work needs nobody at the place.',
  }),
  preferredDate: z.iso
    .date()
    .nullable()
    .openapi({ example: '2027-06-01', description: 'The day that you prefer, in `timezone`.' }),
  preferredTime: z.string().regex(timeOnTheWall, valueTexts.clockTime).nullable().openapi({
    example: '10:00',
    description: 'The time that you prefer on that day, as the clock shows it. Needs the day and the zone.',
  }),
  timezone: Timezone.refine(isTimezone, valueTexts.timezone).nullable(),
  deadline: PlannedTime.nullable().openapi({
    example: '2027-05-30T18:00:00.000Z',
    description: 'Bids are taken until then. Only for tasks that taskers bid on.',
  }),
  experienceLevel: z
    .enum(experienceLevels)
    .nullable()
    .openapi({ example: 'intermediate', description: 'Experience that the work needs.' }),
  requirements: z
    .array(text(200))
    .max(20)
    .openapi({ example: ['Brings own tools'], description: 'What whoever does the work must bring or be.' }),
  skills: z
    .array(text(60))
    .max(20)
    .openapi({ example: ['leak detection'], description: 'Skills that you look for, as taskers name them.' }),
  autoRematch: z.boolean().openapi({
    example: false,
    description:
      'Whether the task is posted again by itself, first in line, should its tasker cancel; else you do it by `tasks.rematch`. Only for `match`, and where the category allows it.',
  }),
  clientNotes: text(2_000).nullable().openapi({
    example: 'The doorbell is broken. Please call.',
    description: 'For whoever does the work. Null for everybody but you, your tasker and staff.',
  }),
}

const addonsLimit = 20

/** How its place and its extras are chosen, which the task shows in other words. */
export const taskChoices = {
  addressId: Id.openapi({
    description:
      'One of your saved addresses, in place of `address`, `city`, `district`, `lat` and `lng`. What it says now is copied.',
  }),
  addons: z
    .array(
      z
        .strictObject({
          addonId: Id.openapi({ description: 'Add-on of the category or subcategory.' }),
          quantity: z.int().min(1).max(100).openapi({ example: 1, description: 'How many of it.' }),
        })
        .openapi('ChosenAddon', { description: 'An add-on that is chosen.' }),
    )
    .max(addonsLimit)
    .refine(
      (chosen) => new Set(chosen.map(({ addonId }) => addonId)).size === chosen.length,
      valueTexts.eachOnce,
    )
    .openapi({
      description:
        'All add-ons that you want, at their present price; `[]`: none. They are part of the estimate, the duration and the fare.',
    }),
}

/** The estimate of a task, as those see it who might do it. */
export const estimateFields = {
  estMinAmount: AmountMinor.nullable().openapi({
    example: 22_500,
    description: 'Lower end of the estimate, in minor units.',
  }),
  estMaxAmount: AmountMinor.nullable().openapi({
    example: 60_000,
    description: 'Upper end of the estimate, in minor units.',
  }),
}
