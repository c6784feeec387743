import { newArea } from '../../../../http/area.ts'
import { ctxOf } from '../../../../http/context.ts'
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

export const retentionRoutes = newArea()

const list = defineOperation({
  operationId: 'retentionRuns.list',
  method: 'get',
  path: '/v1/retention-runs',
  tag,
  summary: 'List runs of jobs',
  description:
    'What each job that runs by itself did, newest first: every run that did something or failed, and of those that found nothing to do one an hour. Kept for a year.',
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
  summary: 'See what is kept for how long',
  description:
    'Every kind of data that goes by itself: its period, the job that takes it, what a legal hold keeps of it, and the last run of that job. What is not listed stays until its person is erased; the books, and histories in ids and states, stay after that.',
  policy,
  query: PolicyFilters,
  responses: { 200: { description: 'A page of kinds of data.', schema: RetentionPolicyPage } },
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
