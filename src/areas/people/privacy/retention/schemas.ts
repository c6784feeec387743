import { z } from '@hono/zod-openapi'
import type { RetentionPolicy as Policy } from '../../../../core/retention.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, Timestamp } from '../../../../http/schemas.ts'
import type { RunRow } from './runs.ts'

const Job = z.string().openapi({ example: 'purgeMedia', description: 'Name of the job.' })
const Outcome = z
  .enum(['done', 'failed'])
  .openapi({ example: 'done', description: 'A `failed` run is retried at the next scheduled time.' })

export const RetentionRun = z
  .object({
    id: Id,
    job: Job,
    outcome: Outcome,
    report: z.record(z.string(), z.int()).openapi({
      example: { otpRequests: 12, notifications: 0 },
      description: 'Counts by name.',
    }),
    error: z.string().nullable().openapi({
      example: null,
      description: 'Kind of error that ended the run.',
    }),
    startedAt: Timestamp,
    durationMs: z.int().openapi({ example: 42, description: 'Duration in milliseconds.' }),
  })
  .openapi('RetentionRun', { description: 'A run of a scheduled job.' })

export const RetentionRunPage = pageOf(RetentionRun, 'RetentionRunPage')

export const RunFilters = z.object({
  ...pageQuery,
  job: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .openapi({ example: 'purgeMedia', description: 'Only runs of this job.' }),
  outcome: Outcome.optional().openapi({ description: 'Only runs with this outcome.' }),
})

export const RetentionPolicy = z
  .object({
    data: z.string().openapi({ example: 'Notifications', description: 'Kind of data; unique.' }),
    description: z.string().openapi({
      example: 'Notifications to users, and their deliveries.',
      description: 'What the data is.',
    }),
    tables: z.array(z.string()).openapi({
      example: ['notifications', 'notification_deliveries'],
      description: 'Tables that hold the data.',
    }),
    period: z.string().openapi({
      example: 'P90D',
      description: 'Retention period (ISO 8601), counted from `since`.',
    }),
    since: z
      .string()
      .openapi({ example: 'creation', description: 'Event from which the period is counted.' }),
    action: z.enum(['deleted', 'stripped']).openapi({
      example: 'deleted',
      description: '`stripped`: the rows are kept without their personal data.',
    }),
    job: Job,
    underLegalHold: z.enum(['kept', 'deleted']).openapi({
      example: 'kept',
      description: 'What happens to the data of a user under a legal hold.',
    }),
    note: z.string().nullable().openapi({ example: null, description: 'Further remarks.' }),
    lastRun: RetentionRun.nullable().openapi({
      description: 'The last run that did something or failed, or the last hourly sign of life.',
    }),
  })
  .openapi('RetentionPolicy', { description: 'How long a kind of data is kept.' })

export const RetentionPolicyPage = pageOf(RetentionPolicy, 'RetentionPolicyPage')

export const toRun = (row: RunRow): z.infer<typeof RetentionRun> => row

export const PolicyFilters = z.object(pageQuery)

export const toPolicy =
  (runs: RunRow[]) =>
  ({ name: _name, ...policy }: Policy): z.infer<typeof RetentionPolicy> => {
    const run = runs.find(({ job }) => job === policy.job)
    return { ...policy, tables: [...policy.tables], lastRun: run ? toRun(run) : null }
  }
