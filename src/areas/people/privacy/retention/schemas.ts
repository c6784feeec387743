import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, Timestamp } from '../../../../http/schemas.ts'
import type { RetentionPolicy as Policy } from './retention.ts'
import type { RunRow } from './runs.ts'

const Job = z.string().openapi({ example: 'purge', description: 'The name of the job.' })
const Outcome = z.enum(['done', 'failed']).openapi({ example: 'done' })

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
      description: 'What kind of error it ended with.',
    }),
    startedAt: Timestamp,
    durationMs: z.int().openapi({ example: 42 }),
  })
  .openapi('RetentionRun')

export const RetentionRunPage = pageOf(RetentionRun, 'RetentionRunPage')

export const RunFilters = z.object({
  ...pageQuery,
  job: z.string().trim().min(1).max(60).optional().openapi({ example: 'purge' }),
  outcome: Outcome.optional(),
})

export const RetentionPolicy = z
  .object({
    data: z.string().openapi({ example: 'Notifications', description: 'The kind of data. Named once.' }),
    description: z.string().openapi({
      example: 'What somebody was told, and by which ways.',
      description: 'What it is, in a sentence.',
    }),
    tables: z.array(z.string()).openapi({
      example: ['notifications', 'notification_deliveries'],
      description: 'Where it is kept.',
    }),
    period: z.string().openapi({
      example: 'P90D',
      description: 'ISO 8601; it runs from what `since` names.',
    }),
    since: z.string().openapi({ example: 'its being written', description: 'From when on the period runs.' }),
    action: z.enum(['deleted', 'stripped']).openapi({
      example: 'deleted',
      description: '`stripped`: the rows stay, less what is personal.',
    }),
    job: Job,
    underLegalHold: z.enum(['kept', 'deleted']).openapi({
      example: 'kept',
      description: 'What becomes of it while a legal hold stands on the person.',
    }),
    note: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'What else there is to know, if anything.' }),
    lastRun: RetentionRun.nullable().openapi({
      description: 'The last one that did something or failed, or the last sign of life: one an hour.',
    }),
  })
  .openapi('RetentionPolicy')

export const RetentionPolicyPage = pageOf(RetentionPolicy, 'RetentionPolicyPage')

export const toRun = (row: RunRow): z.infer<typeof RetentionRun> => row

export const PolicyFilters = z.object(pageQuery)

export const toPolicy =
  (runs: RunRow[]) =>
  (policy: Policy): z.infer<typeof RetentionPolicy> => {
    const run = runs.find(({ job }) => job === policy.job)
    return { ...policy, lastRun: run ? toRun(run) : null }
  }
