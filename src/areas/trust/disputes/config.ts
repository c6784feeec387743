import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const hours = z.int().min(1).max(2_160)
const scopes = ['country', 'city', 'category'] as const

export const config = {
  'disputes.deadlines': configKey({
    description:
      'In hours: how long the other side has to respond to a dispute, and how long before the end of that they are reminded; within which time staff take it up (from the response, or the end of its time), decide it once they have taken it up, and decide it once it is escalated; how long an offer waits for both answers. A step that is not ended in time escalates by itself. An instant that is set does not move with a later configuration.',
    schema: z.strictObject({
      respondHours: hours,
      reminderHours: hours,
      reviewHours: hours,
      decisionHours: hours,
      escalatedHours: hours,
      offerHours: hours,
    }),
    default: {
      respondHours: 72,
      reminderHours: 24,
      reviewHours: 48,
      decisionHours: 120,
      escalatedHours: 72,
      offerHours: 72,
    },
    scopes,
    isPublic: true,
  }),
  'disputes.limits': configKey({
    description:
      'For how many days after the work a party can open a dispute, and how many they can open about one booking in all, appeals aside; for how many days a decision can be appealed; how many pieces of evidence each side can add to a dispute.',
    schema: z.strictObject({
      openDays: z.int().min(1).max(730),
      perBooking: z.int().min(1).max(20),
      appealDays: z.int().min(0).max(365),
      evidencePerSide: z.int().min(1).max(200),
    }),
    default: { openDays: 60, perBooking: 3, appealDays: 14, evidencePerSide: 30 },
    scopes,
    isPublic: true,
  }),
}
