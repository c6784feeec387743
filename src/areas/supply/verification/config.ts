import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { verificationTypes } from '../../../db/schema/supply/verification.ts'

const scopes = ['country'] as const

export const config = {
  'verification.answer_days': configKey({
    description:
      'Days in which a person must send a document that staff ask for. Then the request ends, and its files are destroyed as those of a decided one.',
    schema: z.int().min(1).max(365),
    default: 30,
    scopes,
  }),
  'verification.badge': configKey({
    description:
      'Days before the end of the papers in which the badge of a verified user says that they end soon.',
    schema: z.strictObject({ expiringDays: z.int().min(1).max(365) }),
    default: { expiringDays: 30 },
    scopes: [],
  }),
  'verification.checks': configKey({
    description:
      'Automated checks of papers: which types of request the provider checks, in how many hours it must answer before a person decides, and whether a failed check is rejected at once or goes to a person. None by default.',
    schema: z.strictObject({
      types: z.array(z.enum(verificationTypes)).max(3),
      hours: z.int().min(1).max(168),
      onFail: z.enum(['person', 'reject']),
    }),
    default: { types: [], hours: 24, onFail: 'person' },
    scopes,
  }),
  'verification.four_eyes': configKey({
    description: 'Whether two members of staff must approve papers, one after the other.',
    schema: z.boolean(),
    default: false,
    scopes,
  }),
  'verification.link_seconds': configKey({
    description: 'Time for which a link opens a document, in seconds.',
    schema: z.int().min(10).max(600),
    default: 60,
    scopes: [],
  }),
  'verification.papers_days': configKey({
    description: 'Days after the decision on papers at which their files are destroyed.',
    schema: z.int().min(1).max(3_650),
    default: 30,
    scopes,
  }),
  'verification.reminder_days': configKey({
    description: 'Days before the end of papers at which their owner is reminded.',
    schema: z.array(z.int().min(1).max(365)).max(10),
    default: [30, 7, 1],
    scopes,
  }),
}
