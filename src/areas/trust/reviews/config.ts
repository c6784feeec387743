import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { reviewSignalKinds } from '../../../db/schema/trust/reviews.ts'
import { criteriaOf } from './criteria.ts'

const scopes = ['country', 'city', 'category'] as const

const criteriaKey = (side: keyof typeof criteriaOf, reviewed: string, chosen: string[]) =>
  configKey({
    description: `Criteria by which ${reviewed} can be scored in a review, in the order in which apps ask.`,
    schema: z
      .array(z.enum(criteriaOf[side]))
      .max(criteriaOf[side].length)
      .refine((names) => new Set(names).size === names.length),
    default: chosen as never[],
    scopes,
    isPublic: true,
  })

export const config = {
  'reviews.criteria_of_professionals': criteriaKey('professional', 'a tasker', [
    'quality',
    'punctuality',
    'communication',
    'value',
  ]),
  'reviews.criteria_of_clients': criteriaKey('client', 'a client', ['communication', 'clarity', 'respect']),
  'reviews.criteria_of_companies': criteriaKey('company', 'a company that is a client', [
    'communication',
    'clarity',
    'respect',
    'organisation',
  ]),
  'reviews.window_days': configKey({
    description:
      'Days after the completion of a booking in which it can be reviewed. A review is published when both sides have written theirs, or when the days are over.',
    schema: z.int().min(1).max(90),
    default: 14,
    scopes,
    isPublic: true,
  }),
  'reviews.edit_hours': configKey({
    description:
      'Hours after it was written in which the text of a published review can still be changed. Its scores are sealed by the publication.',
    schema: z.int().min(0).max(720),
    default: 48,
    scopes,
    isPublic: true,
  }),
  'reviews.flags_to_moderation': configKey({
    description: 'Flags of readers that send a published review to moderation.',
    schema: z.int().min(1).max(1_000),
    default: 3,
    scopes,
  }),
  'reviews.prior_rating': configKey({
    description: 'Rating that somebody without reviews is ranked by, from 1 to 5.',
    schema: z.number().min(1).max(5),
    default: 4,
    scopes: [],
  }),
  'reviews.prior_reviews': configKey({
    description: 'Number of reviews that the rating of somebody without reviews is worth in the rank.',
    schema: z.number().min(0.1).max(100),
    default: 5,
    scopes: [],
  }),
  'reviews.half_life_days': configKey({
    description: 'Days after which a review counts half as much in the rank.',
    schema: z.int().min(7).max(3_650),
    default: 365,
    scopes: [],
  }),
  'reviews.signal_kinds': configKey({
    description:
      "Signs by which published reviews are brought before moderation: `mutual`, two people who are each the other's client; `ring`, three or more who review among themselves alone; `burst`, many reviews of one person at once; `same_device`, reviewer and reviewed on one device.",
    schema: z.array(z.enum(reviewSignalKinds)).max(4),
    default: [...reviewSignalKinds],
    scopes: [],
  }),
  'reviews.signal_ring': configKey({
    description: 'The most people that a ring of reviews has, and the days whose reviews are looked at.',
    schema: z.strictObject({ people: z.int().min(3).max(30), days: z.int().min(1).max(730) }),
    default: { people: 12, days: 180 },
    scopes: [],
  }),
  'reviews.signal_burst': configKey({
    description:
      'Reviews of one person within `hours` that are a burst: `least` of them, and `factor` times as many as usual in as many hours of the 90 days before.',
    schema: z.strictObject({
      hours: z.int().min(1).max(168),
      least: z.int().min(2).max(1_000),
      factor: z.number().min(1).max(100),
    }),
    default: { hours: 24, least: 8, factor: 5 },
    scopes: [],
  }),
}
