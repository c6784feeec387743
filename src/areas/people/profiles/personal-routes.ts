import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import {
  getClientProfile,
  getSettings,
  getUserProfile,
  updateClientProfile,
  updateSettings,
  updateUserProfile,
} from './personal-profiles.ts'
import {
  ClientProfile,
  Settings,
  toClientProfile,
  toSettings,
  toUserProfile,
  UpdateClientProfile,
  UpdateSettings,
  UpdateUserProfile,
  UserProfile,
} from './schemas.ts'

const read = { roles: anyUser, scope: 'profile:read' } as const
const write = { roles: anyUser, scope: 'profile:write' } as const
/** Problems of every write of a user's own data: a token outlives the account by minutes. */
const accountProblems = ['account_suspended', 'account_closed'] as const

export const personalRoutes = newRoutes()

const getProfile = defineOperation({
  operationId: 'me.getProfile',
  method: 'get',
  path: '/v1/me/profile',
  tag: 'Me',
  summary: 'Get your personal profile',
  description: 'Returns your personal profile, which does not depend on your role.',
  policy: read,
  etag: true,
  responses: { 200: { description: 'Your profile.', schema: UserProfile } },
})

personalRoutes.openapi(getProfile, async (c) =>
  c.json(tagged(c, toUserProfile(await getUserProfile(userCtxOf(c)))), 200),
)

const updateProfile = defineOperation({
  operationId: 'me.updateProfile',
  method: 'patch',
  path: '/v1/me/profile',
  tag: 'Me',
  summary: 'Update your personal profile',
  description: 'Changes the fields that are sent; null clears a field.',
  policy: write,
  body: UpdateUserProfile,
  ifMatch: 'optional',
  responses: { 200: { description: 'Your updated profile.', schema: UserProfile } },
  problems: [...accountProblems, 'media_refused'],
})

personalRoutes.openapi(updateProfile, async (c) => {
  const row = await updateUserProfile(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toUserProfile(row)), 200)
})

const settings = defineOperation({
  operationId: 'me.getSettings',
  method: 'get',
  path: '/v1/me/settings',
  tag: 'Me',
  summary: 'Get your settings',
  description: 'Preferences for the appearance and behaviour of the apps, shared by all your devices.',
  policy: read,
  etag: true,
  responses: { 200: { description: 'Your settings.', schema: Settings } },
})

personalRoutes.openapi(settings, async (c) =>
  c.json(tagged(c, toSettings(await getSettings(userCtxOf(c)))), 200),
)

const changeSettings = defineOperation({
  operationId: 'me.updateSettings',
  method: 'patch',
  path: '/v1/me/settings',
  tag: 'Me',
  summary: 'Update your settings',
  description: 'Changes the fields that are sent.',
  policy: write,
  body: UpdateSettings,
  ifMatch: 'optional',
  responses: { 200: { description: 'Your updated settings.', schema: Settings } },
  problems: accountProblems,
})

personalRoutes.openapi(changeSettings, async (c) => {
  const row = await updateSettings(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toSettings(row)), 200)
})

const clientProfile = defineOperation({
  operationId: 'me.getClientProfile',
  method: 'get',
  path: '/v1/me/client-profile',
  tag: 'Me',
  summary: 'Get your client profile',
  description: 'Your preferences as a client.',
  policy: read,
  etag: true,
  responses: { 200: { description: 'Your client profile.', schema: ClientProfile } },
})

personalRoutes.openapi(clientProfile, async (c) =>
  c.json(tagged(c, toClientProfile(await getClientProfile(userCtxOf(c)))), 200),
)

const changeClientProfile = defineOperation({
  operationId: 'me.updateClientProfile',
  method: 'patch',
  path: '/v1/me/client-profile',
  tag: 'Me',
  summary: 'Update your client profile',
  description: 'Changes the fields that are sent; null clears an optional one.',
  policy: write,
  body: UpdateClientProfile,
  ifMatch: 'optional',
  responses: { 200: { description: 'Your updated client profile.', schema: ClientProfile } },
  problems: accountProblems,
})

personalRoutes.openapi(changeClientProfile, async (c) => {
  const row = await updateClientProfile(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toClientProfile(row)), 200)
})
