import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import type { RoleProfileFields } from './fields.ts'
import { professions } from './kinds/index.ts'
import { roleProfileMachine, roleProfileVersionMachine } from './machine.ts'
import { offerRoutes } from './offer-routes.ts'
import {
  createRoleProfile,
  decideVersion,
  deleteRoleProfile,
  getRoleProfile,
  listOwnRoleProfiles,
  listRoleProfiles,
  listVersions,
  type NewRoleProfile,
  setProfileVerification,
  submitRoleProfile,
  suspendRoleProfile,
  updateRoleProfile,
} from './role-profiles.ts'
import {
  ApproveRoleProfile,
  CreateRoleProfile,
  fieldsWithApproval,
  OwnRoleProfileFilters,
  ProfessionList,
  RejectRoleProfile,
  RoleProfile,
  RoleProfileFilters,
  RoleProfilePage,
  RoleProfileVersionPage,
  SetRoleProfileVerification,
  SuspendRoleProfile,
  toProfession,
  toRoleProfile,
  toVersion,
  UpdateRoleProfile,
  VersionFilters,
} from './schemas.ts'

const tag = 'Professions' as const
const params = idParams('roleProfileId')
const profile = { 200: { description: 'The updated profile.', schema: RoleProfile } } as const
const write = { roles: ['client', 'tasker'], scope: 'role_profiles:write' } as const
const owned = { ...write, relation: { who: ['owner'] } } as const
const read = {
  roles: anyUser,
  relation: { who: ['owner'], orStaff: true },
  scope: 'role_profiles:read',
  permission: 'role_profiles.read',
} as const
const accountProblems = ['account_suspended', 'account_closed'] as const
const contentProblems = [...accountProblems, 'contacts_refused', 'media_refused', 'unknown_language'] as const

export const routes = newRoutes()
routes.route('/', offerRoutes)

const listProfessions = defineOperation({
  operationId: 'professions.list',
  method: 'get',
  path: '/v1/professions',
  tag,
  summary: 'List professions',
  description: 'Labels, attributes, filters and units, from which apps build forms and searches.',
  policy: 'public',
  responses: { 200: { description: 'All professions.', schema: ProfessionList } },
})

routes.openapi(listProfessions, (c) => {
  const locales = textLocalesOf(c, 'en')
  c.header('Cache-Control', 'public, max-age=300')
  return c.json({ data: professions.map((one) => toProfession(one, locales)), fieldsWithApproval }, 200)
})

const listOwn = defineOperation({
  operationId: 'me.listRoleProfiles',
  method: 'get',
  path: '/v1/me/role-profiles',
  tag,
  summary: 'List your role profiles',
  description: 'One for each profession, newest first.',
  policy: { roles: ['client', 'tasker'], scope: 'role_profiles:read' },
  query: OwnRoleProfileFilters,
  responses: { 200: { description: 'A page of profiles.', schema: RoleProfilePage } },
})

routes.openapi(listOwn, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  const rows = await listOwnRoleProfiles(ctx, page)
  return c.json(
    toPage(c, page, rows, (row) => toRoleProfile(row, ctx.actor)),
    200,
  )
})

const create = defineOperation({
  operationId: 'roleProfiles.create',
  method: 'post',
  path: '/v1/role-profiles',
  tag,
  summary: 'Create a role profile',
  description:
    'A draft of what you offer in a profession, which `attributes.profession` names. You have at most one for each profession.',
  policy: write,
  body: CreateRoleProfile,
  responses: { 201: { description: 'The draft.', schema: RoleProfile } },
  problems: [...contentProblems, 'already_exists'],
})

routes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await createRoleProfile(ctx, c.req.valid('json') as NewRoleProfile)
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 201)
})

const list = defineOperation({
  operationId: 'roleProfiles.list',
  method: 'get',
  path: '/v1/role-profiles',
  tag,
  summary: 'List role profiles',
  description: 'For operations staff: profiles in any status, newest first.',
  policy: { roles: staff, scope: 'role_profiles:read', permission: 'role_profiles.read' },
  query: RoleProfileFilters,
  responses: { 200: { description: 'A page of profiles.', schema: RoleProfilePage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listRoleProfiles(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toRoleProfile(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'roleProfiles.get',
  method: 'get',
  path: '/v1/role-profiles/{roleProfileId}',
  tag,
  summary: 'Get a role profile',
  description: 'The whole profile with its public and its latest version.',
  policy: read,
  params,
  etag: true,
  responses: { 200: { description: 'The profile.', schema: RoleProfile } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  const row = await getRoleProfile(ctx, c.req.valid('param').roleProfileId)
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const listItsVersions = defineOperation({
  operationId: 'roleProfiles.listVersions',
  method: 'get',
  path: '/v1/role-profiles/{roleProfileId}/versions',
  tag,
  summary: 'List the versions of a role profile',
  description: 'Everything that the profile ever said, with the decisions about it, newest first.',
  policy: read,
  params,
  query: VersionFilters,
  responses: { 200: { description: 'A page of versions.', schema: RoleProfileVersionPage } },
})

routes.openapi(listItsVersions, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listVersions(ctx, c.req.valid('param').roleProfileId, page)
  return c.json(
    toPage(c, page, rows, (row) => toVersion(row, ctx.actor)),
    200,
  )
})

const update = defineOperation({
  operationId: 'roleProfiles.update',
  method: 'patch',
  path: '/v1/role-profiles/{roleProfileId}',
  tag,
  summary: 'Update a role profile',
  description:
    'Changes the fields that are sent; `attributes` and `areas` are replaced as a whole. After the submission, a change of a field of `fieldsWithApproval` (`professions.list`) makes a new version that waits: the approved one stays public until then. Other fields apply at once.',
  policy: owned,
  params,
  body: UpdateRoleProfile,
  ifMatch: 'optional',
  responses: profile,
  problems: [...contentProblems, 'profession_fixed'],
})

routes.openapi(update, async (c) => {
  const ctx = userCtxOf(c)
  const fields = c.req.valid('json') as RoleProfileFields
  const row = await updateRoleProfile(ctx, c.req.valid('param').roleProfileId, fields, expectedVersionOf(c))
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const remove = defineOperation({
  operationId: 'roleProfiles.delete',
  method: 'delete',
  path: '/v1/role-profiles/{roleProfileId}',
  tag,
  summary: 'Delete a role profile',
  description: 'Hides the profile with its services and portfolio. Bookings are kept.',
  policy: owned,
  params,
  ifMatch: 'optional',
  responses: { 204: { description: 'The profile is deleted.' } },
  problems: accountProblems,
})

routes.openapi(remove, async (c) => {
  await deleteRoleProfile(userCtxOf(c), c.req.valid('param').roleProfileId, expectedVersionOf(c))
  return c.body(null, 204)
})

const submit = transition(roleProfileMachine, 'submit', {
  operationId: 'roleProfiles.submit',
  path: '/v1/role-profiles/{roleProfileId}/submit',
  tag,
  summary: 'Submit a role profile',
  description: 'Its draft waits for approval. From then on, edits wait as well.',
  scope: 'role_profiles:write',
  params,
  responses: profile,
  problems: [...accountProblems, 'requirements_not_met'],
})

routes.openapi(submit, async (c) => {
  const ctx = userCtxOf(c)
  const row = await submitRoleProfile(ctx, c.req.valid('param').roleProfileId)
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const approve = transition(roleProfileVersionMachine, 'approve', {
  operationId: 'roleProfiles.approve',
  path: '/v1/role-profiles/{roleProfileId}/approve',
  tag,
  summary: 'Approve a version of a role profile',
  description:
    'Makes the version public that you have read. Where its owner has edited it since, the answer is 409. You cannot approve your own profile.',
  permission: 'role_profiles.review',
  scope: 'role_profiles:write',
  params,
  body: ApproveRoleProfile,
  responses: profile,
  problems: ['requirements_not_met'],
})

routes.openapi(approve, async (c) => {
  const ctx = userCtxOf(c)
  const row = await decideVersion(
    ctx,
    c.req.valid('param').roleProfileId,
    c.req.valid('json').versionId,
    null,
  )
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const reject = transition(roleProfileVersionMachine, 'reject', {
  operationId: 'roleProfiles.reject',
  path: '/v1/role-profiles/{roleProfileId}/reject',
  tag,
  summary: 'Reject a version of a role profile',
  description: 'The owner is told the reason. The version that was approved before stays public.',
  permission: 'role_profiles.review',
  scope: 'role_profiles:write',
  params,
  body: RejectRoleProfile,
  responses: profile,
})

routes.openapi(reject, async (c) => {
  const ctx = userCtxOf(c)
  const { versionId, reason } = c.req.valid('json')
  const row = await decideVersion(ctx, c.req.valid('param').roleProfileId, versionId, reason)
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const suspend = transition(roleProfileMachine, 'suspend', {
  operationId: 'roleProfiles.suspend',
  path: '/v1/role-profiles/{roleProfileId}/suspend',
  tag,
  summary: 'Suspend a role profile',
  description: 'Hides this profile from everybody. Other profiles of the person stay.',
  permission: 'role_profiles.review',
  scope: 'role_profiles:write',
  params,
  body: SuspendRoleProfile,
  responses: profile,
})

routes.openapi(suspend, async (c) => {
  const ctx = userCtxOf(c)
  const { reason } = c.req.valid('json')
  const row = await suspendRoleProfile(ctx, c.req.valid('param').roleProfileId, reason)
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const reinstate = transition(roleProfileMachine, 'reinstate', {
  operationId: 'roleProfiles.reinstate',
  path: '/v1/role-profiles/{roleProfileId}/reinstate',
  tag,
  summary: 'Reinstate a role profile',
  description: 'Ends a suspension.',
  permission: 'role_profiles.review',
  scope: 'role_profiles:write',
  params,
  responses: profile,
})

routes.openapi(reinstate, async (c) => {
  const ctx = userCtxOf(c)
  const row = await suspendRoleProfile(ctx, c.req.valid('param').roleProfileId, null)
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})

const putVerification = defineOperation({
  operationId: 'roleProfiles.setVerification',
  method: 'put',
  path: '/v1/role-profiles/{roleProfileId}/verification',
  tag,
  summary: 'Set the verification of a role profile',
  description: 'A rejected verification takes the profile out of the directory.',
  policy: { roles: staff, scope: 'role_profiles:write', permission: 'role_profiles.review' },
  params,
  body: SetRoleProfileVerification,
  ifMatch: 'optional',
  responses: profile,
})

routes.openapi(putVerification, async (c) => {
  const ctx = ctxOf(c)
  const { verificationStatus } = c.req.valid('json')
  const id = c.req.valid('param').roleProfileId
  const row = await setProfileVerification(ctx, id, verificationStatus, expectedVersionOf(c))
  return c.json(tagged(c, toRoleProfile(row, ctx.actor)), 200)
})
