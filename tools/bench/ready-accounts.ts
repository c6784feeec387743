import { sql } from 'drizzle-orm'
import { changeHashOf } from '../../src/areas/people/identity/codes/codes.ts'
import { randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { anAddress, anonymous, aPhone, fromAddress } from '../../test/areas/people/identity/sign-in.ts'
import {
  anEmail,
  aUsername,
  call,
  codeOf,
  enrolled,
  goodPassword,
  logIn,
  mailRests,
  otherPassword,
  registered,
  totpCode,
} from '../../test/areas/people/identity/sign-in-methods.ts'
import { api, database, signedIn } from '../../test/support/api.ts'
import { papersOf } from '../../test/support/profiles.ts'
import { aRoleName } from '../../test/support/staff.ts'
import { aClient, anAdmin, ok } from '../../test/support/story.ts'
import type { ReadyCall } from './ready-calls.ts'

/** Sign-in methods, and resources of staff. */

const withFactor = async () => {
  const person = await registered()
  return { person, factor: await enrolled(person) }
}

/** From somewhere else each time: limits count by network. */
const from = (path: string, body: object) => api(path, { body, headers: fromAddress(anAddress()) })

/** Returns the address of a new account that can be mailed to again. */
async function mailable(): Promise<string> {
  const { email } = await registered()
  await mailRests(email)
  return email
}

async function resetOf(): Promise<string> {
  const email = await mailable()
  const { resetId } = (await ok(from('/v1/auth/password-reset/request', { email }))).body
  return resetId
}

const department = () => {
  const word = newId()
  return { name: `Bench ${word}`, code: word.slice(-12).toUpperCase() }
}

const aDepartment = async (): Promise<string> =>
  (await ok(api('/v1/departments', { as: await anAdmin(), body: department() }))).body.id

function agent(departmentId: string) {
  const code = departmentId.slice(-12).toUpperCase()
  return { name: `Agent ${code}`, code, departmentId }
}

async function aDesignation(departmentId: string): Promise<string> {
  return (await ok(api('/v1/designations', { as: await anAdmin(), body: agent(departmentId) }))).body.id
}

export const readyAccounts: Record<string, () => Promise<ReadyCall>> = {
  'auth.register': async () => () => from('/v1/auth/register', { email: anEmail(), password: goodPassword }),
  'auth.confirmRegistration': async () => {
    const asked = await ok(from('/v1/auth/register', { email: anEmail(), password: goodPassword }))
    const { registrationId } = asked.body
    const code = await codeOf(registrationId)
    return () => from('/v1/auth/register/confirm', { registrationId, code })
  },
  'auth.login': async () => {
    const { email, password } = await registered()
    return () => logIn(email, password)
  },
  'auth.requestPasswordReset': async () => {
    const email = await mailable()
    return () => from('/v1/auth/password-reset/request', { email })
  },
  'auth.verifyPasswordReset': async () => {
    const resetId = await resetOf()
    const code = await codeOf(resetId)
    return () => from('/v1/auth/password-reset/verify', { resetId, code })
  },
  'auth.resetPassword': async () => {
    const resetId = await resetOf()
    const code = await codeOf(resetId)
    const { resetToken } = (await ok(from('/v1/auth/password-reset/verify', { resetId, code }))).body
    return () => from('/v1/auth/password-reset', { resetToken, newPassword: otherPassword })
  },
  'auth.verifyMfa': async () => {
    const { person, factor } = await withFactor()
    const { challenge } = (await logIn(person.email, person.password)).body
    const code = totpCode(factor.secret)
    return () => from('/v1/auth/mfa/verify', { challenge: challenge.token, code })
  },
  'auth.challengeMfa': async () => {
    const { factor } = await withFactor()
    return () => call(factor, '/v1/auth/mfa/challenge')
  },
  'auth.stepUp': async () => {
    const { factor } = await withFactor()
    const challenge = (await ok(call(factor, '/v1/auth/mfa/challenge'))).body.token
    return () => call(factor, '/v1/auth/mfa/step-up', { challenge, code: totpCode(factor.secret) })
  },
  'me.confirmTotp': async () => {
    const person = await registered()
    const { enrolment, secret } = (await ok(call(person, '/v1/me/mfa/totp', { label: 'My phone' }))).body
    return () => call(person, '/v1/me/mfa/totp/confirm', { enrolment, code: totpCode(secret) })
  },
  'me.regenerateBackupCodes': async () => {
    const { factor } = await withFactor()
    return () => call(factor, '/v1/me/mfa/backup-codes')
  },
  'me.changePassword': async () => {
    const person = await registered()
    const body = { currentPassword: person.password, newPassword: otherPassword }
    return () => call(person, '/v1/me/password', body, 'PUT')
  },
  'me.changeUsername': async () => {
    const person = await aClient()
    return () => call(person, '/v1/me/username', { username: aUsername() }, 'PUT')
  },
  'me.changeEmail': async () => {
    const person = await aClient()
    return () => call(person, '/v1/me/email', { email: anEmail() })
  },
  'me.verifyEmail': async () => {
    const person = await aClient()
    const { verificationId } = (await ok(call(person, '/v1/me/email', { email: anEmail() }))).body
    const code = await codeOf(verificationId)
    return () => call(person, '/v1/me/email/verify', { verificationId, code })
  },
  'me.changePhone': async () => {
    const person = await aClient()
    return () => call(person, '/v1/me/phone', { phone: aPhone() })
  },
  'me.verifyPhone': async () => {
    const person = await aClient()
    const { verificationId } = (await ok(call(person, '/v1/me/phone', { phone: aPhone() }))).body
    const code = randomDigits(6)
    const hash = changeHashOf(anonymous(), verificationId, code)
    await database().write([sql`update otp_requests set otp_hash = ${hash} where id = ${verificationId}`])
    return () => call(person, '/v1/me/phone/verify', { verificationId, code })
  },
  'me.submitVerification': async () => {
    const as = await aClient()
    const body = await papersOf(as)
    return () => api('/v1/me/verification-requests', { as, body })
  },
  'userRoles.grant': async () => {
    const [as, { userId }] = [await anAdmin(), await signedIn('client')]
    const [role] = await database().read<{ id: string }>(sql`select id from roles where name = 'support'`)
    return () => api('/v1/user-roles', { as, body: { userId, roleId: role?.id, reason: 'Joins us' } })
  },
  'roles.create': async () => {
    const as = await anAdmin()
    const body = { name: aRoleName(), displayName: 'Bench', permissions: ['tasks.read'] }
    return () => api('/v1/roles', { as, body })
  },
  'departments.create': async () => {
    const as = await anAdmin()
    return () => api('/v1/departments', { as, body: department() })
  },
  'consentDocuments.publish': async () => {
    const [as, documentVersion] = [await anAdmin(), `bench-${newId().slice(-12)}`]
    const body = { kind: 'terms', documentVersion, url: 'https://khidma.example/terms' }
    return () => api('/v1/consent-documents', { as, body })
  },
  'designations.create': async () => {
    const [as, departmentId] = [await anAdmin(), await aDepartment()]
    return () => api('/v1/designations', { as, body: agent(departmentId) })
  },
  'legalHolds.place': async () => {
    const [as, { userId }] = [await anAdmin(), await signedIn('client')]
    return () => api('/v1/legal-holds', { as, body: { userId, reason: 'Case 7' } })
  },
  'employees.create': async () => {
    const [as, { userId }, departmentId] = [await anAdmin(), await signedIn('ops'), await aDepartment()]
    const designationId = await aDesignation(departmentId)
    const body = {
      userId,
      employeeCode: userId.slice(-12),
      departmentId,
      designationId,
      joiningDate: '2026-11-01',
    }
    return () => api('/v1/employees', { as, body })
  },
}
