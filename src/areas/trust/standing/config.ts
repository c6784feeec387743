import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const scopes = ['country'] as const

const rule = z.object({
  /** A tasker whose value is worse than this is at risk … */
  enter: z.number().min(0),
  /** … until it is better than this, or the same. */
  leave: z.number().min(0),
  /** Nothing is concluded from less than so many cases. */
  least: z.int().min(1),
})

const ruleKey = (description: string, fallback: z.infer<typeof rule>) =>
  configKey({ description, schema: rule, default: fallback, scopes, isPublic: true })

const within = 'within `standing.window_days`'

export const config = {
  'standing.window_days': configKey({
    description: 'Days back from today in which the conduct of a tasker is judged.',
    schema: z.int().min(7).max(365),
    default: 90,
    scopes,
    isPublic: true,
  }),
  'standing.rating': ruleKey(
    'Average rating, later reviews weighing more, below which a tasker is at risk (`enter`), until it is `leave` again. `least`: reviews.',
    { enter: 3.5, leave: 3.8, least: 5 },
  ),
  'standing.acceptance': ruleKey(
    `Share of answered offers that a tasker accepted ${within}, below which they are at risk. \`least\`: offers.`,
    { enter: 0.1, leave: 0.2, least: 30 },
  ),
  'standing.cancellation': ruleKey(
    `Share of ended bookings that the tasker canceled ${within}, above which they are at risk. \`least\`: bookings.`,
    { enter: 0.2, leave: 0.1, least: 10 },
  ),
  'standing.no_shows': ruleKey(
    `Bookings to which the tasker did not appear ${within}, above which they are at risk. \`least\`: bookings.`,
    { enter: 1, leave: 0, least: 1 },
  ),
  'standing.upheld_reports': ruleKey(
    `Reports about the tasker that staff found justified ${within}, above which they are at risk. \`least\`: reports.`,
    { enter: 1, leave: 0, least: 1 },
  ),
  'standing.review_days': configKey({
    description: 'Days that a tasker who is at risk has to improve before staff look at the profile.',
    schema: z.int().min(1).max(365),
    default: 30,
    scopes,
    isPublic: true,
  }),
  'standing.grace_days': configKey({
    description: 'Days in which no rule puts a tasker at risk whom staff have cleared or activated by hand.',
    schema: z.int().min(0).max(365),
    default: 14,
    scopes,
  }),
}
