import { ctxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { staff } from '../../../../http/policy.ts'
import { retentionPolicies } from './retention.ts'
import { lastRuns, listRuns } from './runs.ts'
import {
  PolicyFilters,
  RetentionPolicyPage,
  RetentionRunPage,
  RunFilters,
  toPolicy,
  toRun,
} from './schemas.ts'

const tag = 'Privacy' as const
const policy = { roles: staff, permission: 'privacy.read', scope: 'privacy:read' } as const

export const retentionRoutes = newRoutes()

const list = defineOperation({
  operationId: 'retentionRuns.list',
  method: 'get',
  path: '/v1/retention-runs',
  tag,
  summary: 'List runs of scheduled jobs',
  description:
    'Newest first: every run that did something or failed, and one run per hour of those that found nothing to do. Kept for a year.',
  policy,
  query: RunFilters,
  responses: { 200: { description: 'A page of runs.', schema: RetentionRunPage } },
})

retentionRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listRuns(ctxOf(c), c.req.valid('query'), page), toRun), 200)
})

const policies = defineOperation({
  operationId: 'retentionPolicies.list',
  method: 'get',
  path: '/v1/retention-policies',
  tag,
  summary: 'List retention policies',
  description:
    'Every kind of data that is deleted automatically: its period, its job, the effect of a legal hold, and the last run of the job. Data not listed here is kept until its owner is erased; books, and histories of ids and states, are kept beyond that.',
  policy,
  query: PolicyFilters,
  responses: { 200: { description: 'A page of policies.', schema: RetentionPolicyPage } },
})

retentionRoutes.openapi(policies, async (c) => {
  const page = readPage(c)
  const [after] = page.after ?? []
  const first = retentionPolicies.findIndex(({ data }) => data === after) + 1
  const policies = retentionPolicies.slice(first, first + page.limit + 1)
  const runs = await lastRuns(ctxOf(c), [...new Set(policies.map(({ job }) => job))])
  return c.json(
    toPage(c, page, policies, toPolicy(runs), ({ data }) => [data]),
    200,
  )
})
