import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { valueTexts } from '../../../core/value-texts.ts'

const scopes = ['country', 'city', 'category'] as const

const seconds = z
  .int()
  .min(30)
  .max(14 * 86_400)
const rung = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal('match'), seconds }),
  z.strictObject({ way: z.literal('pick'), seconds, taskers: z.int().min(1).max(20).optional() }),
  z.strictObject({ way: z.literal('bid'), seconds }),
  z.strictObject({ way: z.literal('lead'), seconds }),
  z.strictObject({ way: z.literal('assign') }),
])
const order = ['match', 'pick', 'bid', 'lead', 'assign']

/** Begins with matching; each way once, in their order: staff are the last. */
const ladder = z
  .array(rung)
  .max(order.length)
  .refine((rungs) => {
    const places = rungs.map(({ way }) => order.indexOf(way))
    return (
      places.length === 0 ||
      (places[0] === 0 && places.every((place, n) => n === 0 || place > (places[n - 1] ?? 0)))
    )
  }, valueTexts.ladder)

export const config = {
  'tasks.photos': configKey({
    description: 'Photos that a task may have.',
    schema: z.int().min(0).max(30),
    default: 10,
    scopes,
    isPublic: true,
  }),
  'tasks.ladder': configKey({
    description:
      'Ways in which the tasker of a task that is to be matched is looked for, one after the other: `match` asks taskers in waves, `pick` invites the best (`taskers`, 5 without it) to say yes at their own rate and lets the client choose, `bid` lets everybody bid, `lead` lets taskers ask for it with credits, once it is approved, `assign` leaves it to staff. Each but `assign` has its `seconds`. Empty: matching alone.',
    schema: ladder,
    default: [],
    scopes,
  }),
  'tasks.auto_rematch': configKey({
    description:
      'Whether a task is posted again by itself when its tasker cancels, where its client has asked for that.',
    schema: z.boolean(),
    default: true,
    scopes,
    isPublic: true,
  }),
}
