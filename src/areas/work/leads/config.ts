import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { leadRefundReasons } from '../../../db/schema/work/leads.ts'

const scopes = ['country', 'city', 'category'] as const

const credits = z.int().min(0).max(10_000)
const percent = z.int().min(-90).max(300)

export const config = {
  'leads.price': configKey({
    description:
      'Price of a lead in credits. `base`, and of `value` the highest step that the budget of the task reaches (else its estimate, in minor units of a currency), are added up. `freshness` (from an age in hours on) and `competition` (from a number of open requests on) change the sum by a percentage. It is rounded once, and is never below `least`.',
    schema: z.strictObject({
      base: credits,
      least: credits.min(1),
      value: z
        .array(
          z.strictObject({
            currency: z.string().regex(/^[A-Z]{3}$/),
            fromAmount: z.int().min(0),
            credits,
          }),
        )
        .max(50),
      freshness: z.array(z.strictObject({ hours: z.int().min(0).max(8_760), percent })).max(20),
      competition: z.array(z.strictObject({ requests: z.int().min(1).max(50), percent })).max(20),
    }),
    default: {
      base: 5,
      least: 1,
      value: [
        { currency: 'EGP', fromAmount: 100_000, credits: 5 },
        { currency: 'EGP', fromAmount: 500_000, credits: 15 },
      ],
      freshness: [
        { hours: 24, percent: -20 },
        { hours: 72, percent: -40 },
      ],
      competition: [
        { requests: 2, percent: -10 },
        { requests: 4, percent: -25 },
      ],
    },
    scopes,
    isPublic: true,
  }),
  'leads.seats': configKey({
    description: 'Taskers who can ask for one lead at a time.',
    schema: z.int().min(1).max(50),
    default: 5,
    scopes,
    isPublic: true,
  }),
  'leads.answer_hours': configKey({
    description:
      'Time that a client has to answer a request for a lead, in hours. Silence gives the credits back.',
    schema: z.int().min(1).max(336),
    default: 48,
    scopes,
    isPublic: true,
  }),
  'leads.refund_days': configKey({
    description: 'Time after credits were spent on a lead in which they can be asked back, in days.',
    schema: z.int().min(1).max(90),
    default: 7,
    scopes,
    isPublic: true,
  }),
  'leads.refunds_a_month': configKey({
    description: 'Refunds of leads that a tasker can ask for a month, in their time zone.',
    schema: z.int().min(1).max(100),
    default: 3,
    scopes,
    isPublic: true,
  }),
  'leads.refund_automatic': configKey({
    description:
      'Reasons for which the credits of a lead come back at once; for the others, and for taskers who are flagged, staff decide.',
    schema: z.array(z.enum(leadRefundReasons)).max(leadRefundReasons.length),
    default: [],
    scopes,
  }),
  'leads.approve_from': configKey({
    description:
      'Trust from which on the lead of a client is open at once; `never`: staff approve every lead.',
    schema: z.enum(['never', 'new', 'verified', 'known', 'trusted']),
    default: 'never',
    scopes,
  }),
}
