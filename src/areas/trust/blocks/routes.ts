import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { blockUser, listBlocks, unblockUser } from './blocks.ts'
import { Block, BlockPage, BlockQuery, CreateBlock } from './schemas.ts'

const people = { roles: ['client', 'tasker'] } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'me.listBlocks',
  method: 'get',
  path: '/v1/me/blocks',
  tag: 'Me',
  summary: 'List the users whom you have blocked',
  description: 'Most recently blocked first. Nobody else sees the list or its notes.',
  policy: { ...people, scope: 'profile:read' },
  query: BlockQuery,
  responses: { 200: { description: 'A page of blocks.', schema: BlockPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listBlocks(userCtxOf(c), page)
  return c.json(
    toPage(c, page, rows, (row) => row),
    200,
  )
})

const create = defineOperation({
  operationId: 'me.blockUser',
  method: 'post',
  path: '/v1/me/blocks',
  tag: 'Me',
  summary: 'Block a user',
  description:
    'From now on neither of you finds, books, invites or messages the other, and what is open between you ends as if it was declined or withdrawn. Bookings that were agreed stay, with their chat. The user is not notified. Blocking again only takes a new note; up to 1,000 users.',
  policy: { ...people, scope: 'profile:write' },
  body: CreateBlock,
  responses: { 201: { description: 'The block.', schema: Block } },
  problems: ['not_found', 'limit_reached'],
})

routes.openapi(create, async (c) => c.json(await blockUser(userCtxOf(c), c.req.valid('json')), 201))

const remove = defineOperation({
  operationId: 'me.unblockUser',
  method: 'delete',
  path: '/v1/me/blocks/{blockedUserId}',
  tag: 'Me',
  summary: 'Unblock a user',
  description:
    'You can find each other again, unless they have blocked you. What the block has ended stays ended.',
  policy: { ...people, relation: { who: ['owner'] }, scope: 'profile:write' },
  params: idParams('blockedUserId'),
  responses: { 204: { description: 'Unblocked.' } },
})

routes.openapi(remove, async (c) => {
  await unblockUser(userCtxOf(c), c.req.valid('param').blockedUserId)
  return c.body(null, 204)
})
