import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { attest, type ChecklistRow, getChecklist, getFunnel, getOwnChecklist } from './checklists.ts'
import { Checklist, ChecklistQuery, Funnel, FunnelQuery, toChecklist, toFunnelStep } from './schemas.ts'

const tag = 'Requirements' as const
const responses = { 200: { description: 'The checklist.', schema: Checklist } } as const
const readers = { roles: staff, permission: 'requirements.read' } as const

const shown = (c: Call, row: ChecklistRow) => toChecklist(row, textLocalesOf(c, row.defaultLanguage))

export const checklistRoutes = newRoutes()

const own = defineOperation({
  operationId: 'me.getChecklist',
  method: 'get',
  path: '/v1/me/checklist',
  tag: 'Me',
  summary: 'Get your checklist',
  description:
    'All that is asked of you as a tasker, of your company or of a role profile of yours, and where you stand. 404 before you have applied.',
  policy: { roles: anyUser },
  query: ChecklistQuery,
  responses,
  problems: ['not_found'],
})

checklistRoutes.openapi(own, async (c) => {
  const ctx = userCtxOf(c)
  const row = await getOwnChecklist(ctx, c.req.valid('query'))
  return c.json(shown(c, row), 200)
})

const confirm = defineOperation({
  operationId: 'me.attestRequirement',
  method: 'post',
  path: '/v1/me/checklist/{requirementId}/attest',
  tag: 'Me',
  summary: 'Confirm a requirement yourself',
  description: 'Confirms terms as they are now. Confirmed again, nothing changes.',
  policy: { roles: ['client', 'tasker'] },
  params: idParams('requirementId'),
  query: ChecklistQuery,
  responses,
  problems: ['account_suspended', 'account_closed', 'requirement_not_attested'],
})

checklistRoutes.openapi(confirm, async (c) => {
  const { requirementId } = c.req.valid('param')
  const row = await attest(userCtxOf(c), c.req.valid('query'), requirementId)
  return c.json(shown(c, row), 200)
})

const ofTasker = defineOperation({
  operationId: 'taskers.getChecklist',
  method: 'get',
  path: '/v1/taskers/{taskerId}/checklist',
  tag,
  summary: 'Get the checklist of a tasker',
  description:
    'Where a tasker stands with what is asked. They can be activated once all that is required is there.',
  policy: readers,
  params: idParams('taskerId'),
  responses,
})

checklistRoutes.openapi(ofTasker, async (c) => {
  const row = await getChecklist(ctxOf(c), 'tasker', c.req.valid('param').taskerId)
  return c.json(shown(c, row), 200)
})

const ofCompany = defineOperation({
  operationId: 'companies.getChecklist',
  method: 'get',
  path: '/v1/company-profiles/{companyId}/checklist',
  tag,
  summary: 'Get the checklist of a company',
  description:
    'Where a company stands with what is asked. It can be approved once all that is required is there.',
  policy: readers,
  params: idParams('companyId'),
  responses,
})

checklistRoutes.openapi(ofCompany, async (c) => {
  const row = await getChecklist(ctxOf(c), 'company', c.req.valid('param').companyId)
  return c.json(shown(c, row), 200)
})

const funnel = defineOperation({
  operationId: 'requirements.getFunnel',
  method: 'get',
  path: '/v1/requirement-funnel',
  tag,
  summary: 'Get the onboarding funnel',
  description:
    'How far those get who have begun lately: for each requirement how many wait, have it, and how long it took.',
  policy: readers,
  query: FunnelQuery,
  responses: { 200: { description: 'The funnel.', schema: Funnel } },
})

checklistRoutes.openapi(funnel, async (c) => {
  const { subjectKind, days } = c.req.valid('query')
  const rows = await getFunnel(ctxOf(c), subjectKind, days)
  const locales = textLocalesOf(c, rows[0]?.defaultLanguage ?? 'en')
  return c.json({ steps: rows.map((row) => toFunnelStep(row, locales)) }, 200)
})
