import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  createAddress,
  deleteAddress,
  getAddress,
  listAddresses,
  setDefaultAddress,
  updateAddress,
} from './addresses.ts'
import { Address, AddressPage, CreateAddress, toAddress, UpdateAddress } from './place-schemas.ts'
import { PageOnly } from './schemas.ts'

const read = { roles: anyUser, scope: 'profile:read' } as const
const write = { roles: anyUser, scope: 'profile:write' } as const
const params = idParams('addressId')
const accountProblems = ['account_suspended', 'account_closed'] as const

export const placeRoutes = newRoutes()

const list = defineOperation({
  operationId: 'me.listAddresses',
  method: 'get',
  path: '/v1/me/addresses',
  tag: 'Me',
  summary: 'List your addresses',
  description: 'Addresses that taskers can be sent to. Most recently added first.',
  policy: read,
  query: PageOnly,
  responses: { 200: { description: 'A page of addresses.', schema: AddressPage } },
})

placeRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listAddresses(userCtxOf(c), page), toAddress), 200)
})

const create = defineOperation({
  operationId: 'me.createAddress',
  method: 'post',
  path: '/v1/me/addresses',
  tag: 'Me',
  summary: 'Add an address',
  description: 'Up to 20. The first address becomes the default. Without `country`, your own is used.',
  policy: write,
  body: CreateAddress,
  responses: { 201: { description: 'The new address.', schema: Address } },
  problems: [...accountProblems, 'limit_reached', 'country_required'],
})

placeRoutes.openapi(create, async (c) => {
  const row = await createAddress(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toAddress(row)), 201)
})

const get = defineOperation({
  operationId: 'me.getAddress',
  method: 'get',
  path: '/v1/me/addresses/{addressId}',
  tag: 'Me',
  summary: 'Get an address',
  description: 'Returns one of your addresses.',
  policy: { ...read, relation: { who: ['owner'] } },
  params,
  etag: true,
  responses: { 200: { description: 'The address.', schema: Address } },
})

placeRoutes.openapi(get, async (c) => {
  const row = await getAddress(userCtxOf(c), c.req.valid('param').addressId)
  return c.json(tagged(c, toAddress(row)), 200)
})

const update = defineOperation({
  operationId: 'me.updateAddress',
  method: 'patch',
  path: '/v1/me/addresses/{addressId}',
  tag: 'Me',
  summary: 'Update an address',
  description:
    'Changes the fields that are sent; null clears an optional one. Existing tasks keep the address that they were given.',
  policy: { ...write, relation: { who: ['owner'] } },
  params,
  body: UpdateAddress,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated address.', schema: Address } },
  problems: accountProblems,
})

placeRoutes.openapi(update, async (c) => {
  const { addressId } = c.req.valid('param')
  const row = await updateAddress(userCtxOf(c), addressId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toAddress(row)), 200)
})

const remove = defineOperation({
  operationId: 'me.deleteAddress',
  method: 'delete',
  path: '/v1/me/addresses/{addressId}',
  tag: 'Me',
  summary: 'Delete an address',
  description: 'If it was the default, no address is the default any more.',
  policy: { ...write, relation: { who: ['owner'] } },
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'Deleted.' } },
  problems: accountProblems,
})

placeRoutes.openapi(remove, async (c) => {
  await deleteAddress(userCtxOf(c), c.req.valid('param').addressId, expectedVersionOf(c))
  return c.body(null, 204)
})

const setDefault = defineOperation({
  operationId: 'me.setDefaultAddress',
  method: 'post',
  path: '/v1/me/addresses/{addressId}/set-default',
  tag: 'Me',
  summary: 'Make an address the default',
  description: 'Replaces the current default address.',
  policy: { ...write, relation: { who: ['owner'] } },
  params,
  responses: { 200: { description: 'The updated address.', schema: Address } },
  problems: accountProblems,
})

placeRoutes.openapi(setDefault, async (c) => {
  const row = await setDefaultAddress(userCtxOf(c), c.req.valid('param').addressId)
  return c.json(tagged(c, toAddress(row)), 200)
})
