import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { companyMemberMachine } from './machine.ts'
import { answerInvitation, answerPayout, leaveCompany, listOwnMemberships } from './members.ts'
import {
  AnswerInvitation,
  AnswerPayout,
  CompanyMember,
  CompanyMemberPage,
  MemberFiltersQuery,
  toCompanyMember,
} from './schemas.ts'

/** Operations of people on their own memberships. */

const tag = 'Companies' as const
const params = idParams('companyMemberId')
const member = { 200: { description: 'The membership.', schema: CompanyMember } } as const
const ownAccount = ['account_suspended', 'account_closed'] as const

export const ownMembershipRoutes = newRoutes()

const list = defineOperation({
  operationId: 'me.listCompanyMemberships',
  method: 'get',
  path: '/v1/me/company-memberships',
  tag,
  summary: 'List your memberships',
  description: 'The companies that you work or worked for, and your invitations. Newest first.',
  policy: { roles: ['client', 'tasker'], scope: 'companies:read' },
  query: MemberFiltersQuery,
  responses: { 200: { description: 'A page of memberships.', schema: CompanyMemberPage } },
})

ownMembershipRoutes.openapi(list, async (c) => {
  const [page, ctx] = [readPage(c), userCtxOf(c)]
  const rows = await listOwnMemberships(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toCompanyMember(row, ctx.actor, ctx.now)),
    200,
  )
})

const accept = transition(companyMemberMachine, 'accept', {
  operationId: 'companyMembers.accept',
  path: '/v1/company-members/{companyMemberId}/accept',
  tag,
  summary: 'Accept an invitation',
  description:
    'Joins the company, and agrees to `payoutTo`. Whoever was invited by e-mail or phone sends the token. Bookings made from now on are also the company’s.',
  scope: 'companies:write',
  params,
  body: AnswerInvitation,
  responses: member,
  problems: ['already_member', 'company_not_open', 'invitation_expired', ...ownAccount],
})

ownMembershipRoutes.openapi(accept, async (c) => {
  const ctx = userCtxOf(c)
  const row = await answerInvitation(
    ctx,
    c.req.valid('param').companyMemberId,
    'active',
    c.req.valid('json').token,
  )
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})

const decline = transition(companyMemberMachine, 'decline', {
  operationId: 'companyMembers.decline',
  path: '/v1/company-members/{companyMemberId}/decline',
  tag,
  summary: 'Decline an invitation',
  description: 'Whoever was invited by e-mail or phone sends the token.',
  scope: 'companies:write',
  params,
  body: AnswerInvitation,
  responses: member,
  problems: ownAccount,
})

ownMembershipRoutes.openapi(decline, async (c) => {
  const ctx = userCtxOf(c)
  const row = await answerInvitation(
    ctx,
    c.req.valid('param').companyMemberId,
    'declined',
    c.req.valid('json').token,
  )
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})

const leave = transition(companyMemberMachine, 'leave', {
  operationId: 'companyMembers.leave',
  path: '/v1/company-members/{companyMemberId}/leave',
  tag,
  summary: 'Leave a company',
  description:
    'Your bookings that were made for the company stay yours, under the terms with which they were made, until it gives them to somebody else. The last owner cannot leave.',
  scope: 'companies:write',
  params,
  responses: member,
  problems: ['last_owner', ...ownAccount],
})

ownMembershipRoutes.openapi(leave, async (c) => {
  const ctx = userCtxOf(c)
  const row = await leaveCompany(ctx, c.req.valid('param').companyMemberId)
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})

const answer = defineOperation({
  operationId: 'companyMembers.answerPayout',
  method: 'post',
  path: '/v1/company-members/{companyMemberId}/answer-payout',
  tag,
  summary: 'Answer a proposal about who earns your bookings',
  description: 'An accepted one holds for bookings that are made from now on; others keep their earner.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['member'] }, scope: 'companies:write' },
  params,
  body: AnswerPayout,
  responses: member,
  problems: ['no_proposal', ...ownAccount],
})

ownMembershipRoutes.openapi(answer, async (c) => {
  const ctx = userCtxOf(c)
  const row = await answerPayout(ctx, c.req.valid('param').companyMemberId, c.req.valid('json').isAccepted)
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})
