import { sql } from 'drizzle-orm'
import { exportFormat } from '../../../src/areas/people/privacy/exports/rows.ts'
import { newId } from '../../../src/core/ids.ts'
import { insertion } from '../../../src/db/patch.ts'
import { mfaFactors } from '../../../src/db/schema/people/credentials.ts'
import { sessions } from '../../../src/db/schema/people/identity.ts'
import { api, type Caller, database, env, signedIn } from '../api.ts'
import { anAgency, anOpenCompany, changeMember, invite } from '../companies.ts'
import { aRoleName } from '../staff.ts'
import { anAdmin, aTasker, ok, theAdmin } from '../story.ts'
import { localBodies } from './locals.ts'
import type { World, WorldObject } from './object.ts'

/** Accounts, roles, staff, privacy. */
export const people: World = {
  roleId: async () => {
    const admin = await anAdmin()
    const body = { name: aRoleName(), displayName: 'World', permissions: ['tasks.read'] }
    const { id } = (await ok(api('/v1/roles', { as: admin, body }))).body
    return { params: { roleId: id }, parties: [] }
  },
  userRoleId: async () => {
    const [user, body] = [await signedIn('client'), { role: 'support', reason: 'World' }]
    const { id } = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    return { params: { userRoleId: id }, parties: [] }
  },
  'me.giveBackRole': async () => {
    const [user, body] = [await signedIn('client'), { role: 'support', reason: 'World' }]
    const { id } = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    return { params: { userRoleId: id }, parties: [user] }
  },
  'userRoles.revoke': async () => {
    const [admin, user] = [await anAdmin(), await signedIn('client')]
    const { data } = (await ok(api('/v1/roles', { as: admin }))).body
    const roleId = data.find(({ name }: { name: string }) => name === 'support').id
    const { id } = (await ok(api('/v1/user-roles', { as: admin, body: { userId: user.userId, roleId } })))
      .body
    return { params: { userRoleId: id }, parties: [] }
  },
  departmentId: async () => ({ params: { departmentId: await aDepartment() }, parties: [] }),
  designationId: async () => {
    const body = { name: `World ${newId()}`, code: aCode(), departmentId: await aDepartment() }
    const { id } = (await ok(api('/v1/designations', { as: await theAdmin(), body }))).body
    return { params: { designationId: id }, parties: [] }
  },
  employeeId: async () => {
    const body = { userId: (await signedIn('client')).userId, employeeCode: aCode() }
    const { id } = (await ok(api('/v1/employees', { as: await theAdmin(), body }))).body
    return { params: { employeeId: id }, parties: [] }
  },
  'users.get': async () => anAccount(),
  'users.suspend': async () => anAccount(),
  'users.restrict': async () => anAccount(),
  'users.signOut': async () => anAccount(),
  'users.close': async () => anAccount(),
  'users.restore': async () => {
    const account = await anAccount()
    await ok(
      api(`/v1/users/${account.params.userId}/close`, { as: await theAdmin(), body: { reason: 'World' } }),
    )
    return account
  },
  'users.requestErasure': async () => anAccount(),
  'users.resetMfa': async () => {
    const account = await anAccount()
    const { userId = '' } = account.params
    const secret = `damaged-${userId}`
    const factor = { id: newId(), userId, label: 'World', secret, lastCounter: 1 }
    await database().write([sql`insert into mfa_factors ${insertion(mfaFactors, factor)}`])
    return account
  },
  'me.getErasure': async () => ({ params: {}, parties: [(await anErasure()).user] }),
  'me.cancelErasure': async () => ({ params: {}, parties: [(await anErasure()).user] }),
  erasureId: async () => ({ params: { erasureId: (await anErasure()).id }, parties: [] }),
  'users.reinstate': async () => {
    const account = await anAccount()
    await database().write([sql`update users set status = 'suspended' where id = ${account.params.userId}`])
    return account
  },
  deviceId: async () => {
    const user = await signedIn('client')
    const deviceId = newId()
    const body = { platform: 'android', pushToken: `token-${deviceId}` }
    await ok(api(`/v1/me/devices/${deviceId}`, { as: user, method: 'PUT', body }))
    return { params: { deviceId }, parties: [user] }
  },
  sessionId: async () => {
    const user = await signedIn('client')
    const sessionId = newId()
    await database().write([
      sql`insert into sessions ${insertion(sessions, { id: sessionId, userId: user.userId })}`,
    ])
    return { params: { sessionId }, parties: [user] }
  },
  apiKeyId: async () => {
    const user = await signedIn('client')
    const body = { name: 'World', scopes: ['tasks:read'], expiresInDays: 1 }
    const { id } = (await ok(api('/v1/me/api-keys', { as: user, body }))).body
    return { params: { apiKeyId: id }, parties: [user] }
  },
  factorId: async () => {
    const user = await signedIn('client')
    const [factorId, secret] = [newId(), 'sealed']
    const factor = { id: factorId, userId: user.userId, label: 'Phone', secret, lastCounter: 0 }
    await database().write([sql`insert into mfa_factors ${insertion(mfaFactors, factor)}`])
    return { params: { factorId }, parties: [user] }
  },
  exportId: async () => {
    const { exportId, owner } = await aReadyExport()
    return { params: { exportId }, parties: [owner] }
  },
  'exports.download': async () => {
    const { exportId, owner } = await aReadyExport()
    const { downloadUrl } = (await ok(api(`/v1/me/exports/${exportId}`, { as: owner }))).body
    return { params: { exportId }, query: new URL(downloadUrl).search.slice(1), parties: [] }
  },
  kind: async () => {
    const [user, { data }] = [await signedIn('client'), (await ok(api('/v1/consent-documents'))).body]
    const { documentVersion } = data.find(({ kind }: { kind: string }) => kind === 'marketing')
    // Tests publish newer versions; the example names the first one.
    localBodies['me.grantConsent'] = { documentVersion }
    await ok(api('/v1/me/consents/marketing', { as: user, method: 'PUT', body: { documentVersion } }))
    return { params: { kind: 'marketing' }, parties: [user] }
  },
  holdId: async () => {
    const body = { userId: (await signedIn('client')).userId, reason: 'World' }
    const { id } = (await ok(api('/v1/legal-holds', { as: await theAdmin(), body }))).body
    return { params: { holdId: id }, parties: [] }
  },
  addressId: async () => {
    const user = await signedIn('client')
    const place = { lat: 30.0626, lng: 31.2197 }
    const body = { label: 'Home', address: '14 Hassan Sabry St', city: 'Cairo', location: place }
    const { id } = (await ok(api('/v1/me/addresses', { as: user, body }))).body
    return { params: { addressId: id }, parties: [user] }
  },
  companyId: () => aCompany(),
  'companyMembers.invite': async () => {
    const company = await anOpenCompany()
    const body = { userId: (await signedIn('tasker')).userId, role: 'tasker' }
    return { params: { companyId: company.userId }, parties: [company], body }
  },
  companyMemberId: async () => {
    const { company, tasker, memberId } = await anAgency()
    return { params: { companyMemberId: memberId }, parties: [tasker, company] }
  },
  'companyMembers.accept': () => anInvitation(),
  'companyMembers.decline': () => anInvitation(),
  'companyMembers.revoke': () => anInvitation(),
  'companyMembers.answerPayout': async () => {
    const { company, tasker, memberId } = await anAgency({ payoutTo: 'member' })
    await ok(changeMember(company, memberId, { payoutTo: 'company' }))
    return { params: { companyMemberId: memberId }, parties: [tasker, company] }
  },
  'companies.get': () => anApprovedCompany(),
  'companies.update': () => anApprovedCompany(),
  candidateId: async () => {
    const { parties } = await aProfile('candidate', { status: 'active', visibility: 'public' })
    return { params: { candidateId: parties[0]?.userId ?? '' }, parties: [] }
  },
  'me.getCompanyProfile': () => aProfile('company', { companyName: 'Nile Fittings' }),
  'me.getCandidateProfile': () => aProfile('candidate', { skills: ['surveying'] }),
  'users.liftRestrictions': async () => {
    const { userId } = await signedIn('client')
    await database().write([sql`select khidma.restrict_user(${userId}, array['post'], 'World', null)`])
    return { params: { userId }, parties: [] }
  },
  'me.addFavourite': async () => {
    const [user, tasker] = [await signedIn('client'), await aTasker()]
    return { params: { taskerId: tasker.userId }, parties: [user] }
  },
  'me.removeFavourite': async () => {
    const [user, tasker] = [await signedIn('client'), await aTasker()]
    const path = `/v1/me/favourites/${tasker.userId}`
    await ok(api(path, { as: user, method: 'PUT' }))
    return { params: { taskerId: tasker.userId }, parties: [user] }
  },
  otpBreakerId: async () => {
    const otpBreakerId = newId()
    const soon = sql`now() + interval '10 minutes'`
    await database().write([
      sql`insert into otp_breakers (id, prefix, channel, tripped_at, paused_until, sent, verified)
          values (${otpBreakerId}, ${`+world${otpBreakerId}`}, 'voice', now(), ${soon}, 60, 1)`,
    ])
    return { params: { otpBreakerId }, parties: [] }
  },
}

export const anAccount = async (): Promise<WorldObject> => ({
  params: { userId: (await signedIn('client')).userId },
  parties: [],
})

async function anErasure(): Promise<{ id: string; user: Caller }> {
  const user = await signedIn('client')
  const { id } = (await ok(api('/v1/me/erasure', { as: user, body: { reason: 'World' } }))).body
  return { id, user }
}

const aCode = () => newId().slice(9)

async function aDepartment(): Promise<string> {
  const body = { name: `World ${newId()}`, code: aCode(), visibility: 'external' }
  return (await ok(api('/v1/departments', { as: await theAdmin(), body }))).body.id
}

async function aProfile(kind: 'company' | 'candidate', body: object): Promise<WorldObject> {
  const user = await signedIn('client')
  await ok(api(`/v1/me/${kind}-profile`, { as: user, method: 'PUT', body }))
  return { params: {}, parties: [user] }
}

/** As the job leaves it. */
async function aReadyExport(): Promise<{ exportId: string; owner: Caller }> {
  const [owner, exportId] = [await signedIn('client'), newId()]
  const key = `exports/${owner.userId}/${exportId}.json`
  const createdAt = new Date().toISOString()
  const file = { format: exportFormat, exportId, userId: owner.userId, createdAt }
  await env.MEDIA.put(key, JSON.stringify(file))
  await database().write([
    sql`insert into export_requests (id, user_id, status, storage_key, file_size, expires_at)
        values (${exportId}, ${owner.userId}, 'ready', ${key}, 2, now() + interval '7 days')`,
  ])
  return { exportId, owner }
}

/** One that waits for its approval. */
async function anInvitation(): Promise<WorldObject> {
  const [company, tasker] = [await anOpenCompany(), await signedIn('tasker')]
  const { id } = (await ok(invite(company, company.userId, { userId: tasker.userId }))).body
  return { params: { companyMemberId: id }, parties: [tasker, company] }
}

async function anApprovedCompany(): Promise<WorldObject> {
  const company = await aCompany()
  await database().write([
    sql`update company_profiles set approval_status = 'approved' where user_id = ${company.params.companyId}`,
  ])
  return company
}

async function aCompany(): Promise<WorldObject> {
  const user = await signedIn('client')
  await ok(api('/v1/me', { as: user, method: 'PATCH', body: { accountType: 'company' } }))
  const body = { companyName: 'Nile Fittings', city: 'Cairo', country: 'EG' }
  await ok(api('/v1/me/company-profile', { as: user, method: 'PUT', body }))
  return { params: { companyId: user.userId }, parties: [user] }
}
