import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { getCreditsOf, getOwnCredits, grantBonus, listCreditEntries, listCreditGrants } from './credits.ts'
import {
  CreditEntryFilters,
  CreditEntryPage,
  CreditGrant,
  CreditGrantFilters,
  CreditGrantPage,
  Credits,
  GrantCredits,
  toCreditEntry,
  toCreditGrant,
  toCredits,
} from './schemas.ts'

const tag = 'Credits'
const params = idParams('userId')
const own = { roles: anyUser, scope: 'credits:read' } as const
const readers = { roles: staff, permission: 'credits.read', scope: 'credits:read' } as const

export const routes = newRoutes()

const ofCaller = defineOperation({
  operationId: 'me.getCredits',
  method: 'get',
  path: '/v1/me/credits',
  tag,
  summary: 'Get your credits',
  description: 'What you have, what is held for open requests, and what you can spend on which use.',
  policy: own,
  etag: true,
  responses: { 200: { description: 'Your credits.', schema: Credits } },
})

routes.openapi(ofCaller, async (c) => c.json(toCredits(await getOwnCredits(userCtxOf(c))), 200))

const entries = defineOperation({
  operationId: 'me.listCreditEntries',
  method: 'get',
  path: '/v1/me/credits/entries',
  tag,
  summary: 'List the entries of your credits',
  description: 'Each with the balance after it, and the document that explains it.',
  policy: own,
  query: CreditEntryFilters,
  responses: { 200: { description: 'A page of entries.', schema: CreditEntryPage } },
})

routes.openapi(entries, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  return c.json(toPage(c, page, await listCreditEntries(ctx, ctx.actor.userId, page), toCreditEntry), 200)
})

const ofUser = defineOperation({
  operationId: 'credits.get',
  method: 'get',
  path: '/v1/users/{userId}/credits',
  tag,
  summary: 'Get the credits of a user (staff)',
  description: 'What the user has, what is held, and what can be spent. The read is on record.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The credits.', schema: Credits } },
})

routes.openapi(ofUser, async (c) =>
  c.json(toCredits(await getCreditsOf(ctxOf(c), c.req.valid('param').userId)), 200),
)

const grants = defineOperation({
  operationId: 'credits.listGrants',
  method: 'get',
  path: '/v1/users/{userId}/credit-grants',
  tag,
  summary: 'List grants of credits to a user (staff)',
  description: 'Each with what is left of it. The read is on record.',
  policy: readers,
  params,
  query: CreditGrantFilters,
  responses: { 200: { description: 'A page of grants.', schema: CreditGrantPage } },
})

routes.openapi(grants, async (c) => {
  const page = readPage(c)
  const rows = await listCreditGrants(ctxOf(c), c.req.valid('param').userId, page)
  return c.json(toPage(c, page, rows, toCreditGrant), 200)
})

const grant = defineOperation({
  operationId: 'credits.grant',
  method: 'post',
  path: '/v1/users/{userId}/credit-grants',
  tag,
  summary: 'Give a user bonus credits (staff)',
  description: 'They are the user’s at once. The user is notified.',
  policy: { roles: staff, permission: 'credits.grant', scope: 'credits:write' },
  params,
  body: GrantCredits,
  idempotency: 'required',
  responses: { 201: { description: 'The grant.', schema: CreditGrant } },
  problems: ['credits_expiry_past'],
})

routes.openapi(grant, async (c) => {
  const { purpose = null, expiresAt = null, ...bonus } = c.req.valid('json')
  const row = await grantBonus(userCtxOf(c), c.req.valid('param').userId, { ...bonus, purpose, expiresAt })
  return c.json(toCreditGrant(row), 201)
})
