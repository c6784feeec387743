import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const days = (least: number, most: number) => z.int().min(least).max(most)
const scopes = ['country', 'city', 'category'] as const

export const config = {
  'contracts.release': configKey({
    description:
      'A submitted milestone that the client has not answered is released after so many days; they are reminded twice, so many days before. A contract keeps the days under which it was drafted.',
    schema: z
      .strictObject({ days: days(1, 90), firstReminderDays: days(0, 89), lastReminderDays: days(0, 89) })
      .refine(
        (release) =>
          release.lastReminderDays <= release.firstReminderDays && release.firstReminderDays < release.days,
      ),
    default: { days: 7, firstReminderDays: 3, lastReminderDays: 1 },
    scopes,
    isPublic: true,
  }),
  'contracts.changes': configKey({
    description:
      'How often the client can ask for changes of a milestone, and for how many days in all that can stop the clock of its release. A contract keeps the limits under which it was drafted.',
    schema: z.strictObject({ rounds: days(0, 10), pausedDays: days(0, 180) }),
    default: { rounds: 3, pausedDays: 21 },
    scopes,
    isPublic: true,
  }),
  'contracts.deadlines': configKey({
    description:
      'In days: how long a draft waits for both signatures, how long an amendment waits for its answer, and how long before the deadline of a milestone both sides are reminded.',
    schema: z.strictObject({
      signDays: days(1, 90),
      amendmentDays: days(1, 60),
      dueReminderDays: days(0, 30),
    }),
    default: { signDays: 14, amendmentDays: 7, dueReminderDays: 2 },
    scopes,
    isPublic: true,
  }),
  'contracts.dormancy': configKey({
    description:
      'In days: an active contract in which nothing happened for `days` is dormant. Both sides get a notice, another one `noticeDays` later, and `objectionDays` after that it is closed unless one of them keeps it open.',
    schema: z.strictObject({ days: days(7, 365), noticeDays: days(1, 60), objectionDays: days(1, 60) }),
    default: { days: 60, noticeDays: 7, objectionDays: 7 },
    scopes,
    isPublic: true,
  }),
  'contracts.arbitration': configKey({
    description:
      'The most that a decision on a contract may cost, in basis points of the amount in dispute (500 is 5 %). A contract keeps the share under which it was drafted.',
    schema: z.strictObject({ basisPoints: z.int().min(0).max(2_000) }),
    default: { basisPoints: 500 },
    scopes,
    isPublic: true,
  }),
}
