import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { caseKinds } from './kinds.ts'

const byKind = <Value extends z.ZodType>(value: Value) =>
  z.strictObject(
    Object.fromEntries(caseKinds.map((kind) => [kind, value.optional()])) as Record<
      string,
      z.ZodOptional<Value>
    >,
  )

const scopes = ['country'] as const

/** Tiers from which on the system decides alone; nobody is by default. */
const tier = z.enum(['never', 'new', 'verified', 'known', 'trusted'])
const threshold = z.strictObject({ completed: z.int().min(0).max(10_000), rating: z.number().min(0).max(5) })

export const config = {
  'approval.automatic': configKey({
    description:
      'Tier of trust from which on the system approves what its owner submits, by what it is: papers whose automated check passed, versions of role profiles, changes of companies, job postings and their changes. `never`: people do.',
    schema: z.strictObject({
      verification: tier,
      role_profile_version: tier,
      company: tier,
      job_posting: tier.optional(),
    }),
    default: { verification: 'never', role_profile_version: 'never', company: 'never', job_posting: 'never' },
    scopes,
  }),
  'approval.second_look_percent': configKey({
    description: 'Share of the approvals by the system that a person looks at again, in percent.',
    schema: z.number().min(0).max(100),
    default: 10,
    scopes,
  }),
  'approval.tiers': configKey({
    description:
      'What makes somebody with a verified identity `known` and `trusted`: completed bookings within `days`, and average rating. Upheld reports and lost chargebacks within `days` are never trusted.',
    schema: z.strictObject({ days: z.int().min(1).max(3_650), known: threshold, trusted: threshold }),
    default: { days: 365, known: { completed: 3, rating: 0 }, trusted: { completed: 20, rating: 4.5 } },
    scopes,
  }),
  'cases.hours': configKey({
    description: 'Time in which a case is to be decided, in hours, by its kind; 48 where a kind has none.',
    schema: byKind(z.int().min(1).max(2_160)),
    default: { verification: 48, approval: 48, report: 24, dispute: 72, moderation: 24, second_look: 168 },
    scopes: [],
  }),
  'cases.second_look_percent': configKey({
    description:
      'Share of the decisions by people that another one looks at again, in percent, by the kind of case.',
    schema: byKind(z.number().min(0).max(100)),
    default: { verification: 2, approval: 2 },
    scopes: [],
  }),
}
