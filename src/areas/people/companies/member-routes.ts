import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { enqueue } from '../identity/codes/deliver.ts'
import { companyMemberMachine } from './machine.ts'
import { endMembership, getMember, inviteMember, listMembers, updateMember } from './members.ts'
import {
  CompanyMember,
  CompanyMemberPage,
  InviteMember,
  MemberFiltersQuery,
  toCompanyMember,
  UpdateMember,
} from './schemas.ts'

/** Operations of the people of a company on its members. */

const tag = 'Companies' as const
const company = idParams('companyId')
const params = idParams('companyMemberId')
const member = { 200: { description: 'The membership.', schema: CompanyMember } } as const
const people = { roles: ['client', 'tasker'], relation: { who: ['manager'] } } as const

export const memberRoutes = newRoutes()

const list = defineOperation({
  operationId: 'companyMembers.list',
  method: 'get',
  path: '/v1/companies/{companyId}/members',
  tag,
  summary: 'List the members of a company',
  description:
    'Members, former members and invitations, for its owners, managers, dispatchers and accountants. Newest first.',
  policy: { ...people, scope: 'companies:read' },
  params: company,
  query: MemberFiltersQuery,
  responses: { 200: { description: 'A page of memberships.', schema: CompanyMemberPage } },
})

memberRoutes.openapi(list, async (c) => {
  const [page, ctx] = [readPage(c), userCtxOf(c)]
  const rows = await listMembers(ctx, c.req.valid('param').companyId, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toCompanyMember(row, ctx.actor, ctx.now)),
    200,
  )
})

const invite = defineOperation({
  operationId: 'companyMembers.invite',
  method: 'post',
  path: '/v1/companies/{companyId}/members',
  tag,
  summary: 'Invite somebody to a company',
  description:
    'For owners and managers of an approved company. The person accepts or declines within `companies.invitation_days`; one invitation to a company is open at a time. Only owners invite owners. An account is notified; an e-mail address or a phone number is sent a token, with which whoever reads it answers.',
  policy: { ...people, scope: 'companies:write' },
  params: company,
  body: InviteMember,
  responses: { 201: { description: 'The invitation.', schema: CompanyMember } },
  problems: [
    'already_invited',
    'already_member',
    'limit_reached',
    'company_not_open',
    'owners_only',
    'unknown_reference',
    'account_suspended',
    'account_closed',
  ],
})

memberRoutes.openapi(invite, async (c) => {
  const ctx = userCtxOf(c)
  const row = await inviteMember(ctx, c.req.valid('param').companyId, c.req.valid('json'))
  if (row.isByContact) await enqueue(c.env, { kind: 'invitation', memberId: row.id })
  return c.json(toCompanyMember(row, ctx.actor, ctx.now), 201)
})

const get = defineOperation({
  operationId: 'companyMembers.get',
  method: 'get',
  path: '/v1/company-members/{companyMemberId}',
  tag,
  summary: 'Get a membership',
  description: 'For the member, and for owners, managers, dispatchers and accountants of the company.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['member', 'manager'] }, scope: 'companies:read' },
  params,
  etag: true,
  responses: member,
})

memberRoutes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  const row = await getMember(ctx, c.req.valid('param').companyMemberId)
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})

const update = defineOperation({
  operationId: 'companyMembers.update',
  method: 'patch',
  path: '/v1/company-members/{companyMemberId}',
  tag,
  summary: 'Change a membership',
  description:
    'For owners and managers. The role applies at once. `payoutTo` is a proposal, which the member answers; to propose what is agreed already takes a proposal back. Only owners make and change owners.',
  policy: { ...people, scope: 'companies:write' },
  params,
  body: UpdateMember,
  ifMatch: 'required',
  responses: member,
  problems: ['last_owner', 'membership_ended', 'owners_only'],
})

memberRoutes.openapi(update, async (c) => {
  const ctx = userCtxOf(c)
  const { companyMemberId } = c.req.valid('param')
  const row = await updateMember(ctx, companyMemberId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})

const revoke = transition(companyMemberMachine, 'revoke', {
  operationId: 'companyMembers.revoke',
  path: '/v1/company-members/{companyMemberId}/revoke',
  tag,
  summary: 'Take an invitation back',
  description: 'For owners and managers.',
  scope: 'companies:write',
  params,
  responses: member,
})

memberRoutes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  const row = await endMembership(ctx, c.req.valid('param').companyMemberId, 'revoked')
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})

const remove = transition(companyMemberMachine, 'remove', {
  operationId: 'companyMembers.remove',
  path: '/v1/company-members/{companyMemberId}/remove',
  tag,
  summary: 'Remove a member',
  description:
    'For owners and managers; only owners remove owners. Bookings that were made for the company stay with the member, and with the company, until it gives them to somebody else.',
  scope: 'companies:write',
  params,
  responses: member,
  problems: ['last_owner', 'owners_only'],
})

memberRoutes.openapi(remove, async (c) => {
  const ctx = userCtxOf(c)
  const row = await endMembership(ctx, c.req.valid('param').companyMemberId, 'removed')
  return c.json(tagged(c, toCompanyMember(row, ctx.actor, ctx.now)), 200)
})
