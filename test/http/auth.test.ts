import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { secretsOf } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { systemRoles } from '../../src/core/permissions.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import { type Operation, operations } from '../../src/http/operation.ts'
import { refusalOfCaller } from '../contract/deciding.ts'
import { api, env, signedIn } from '../support/api.ts'

const adminOnly = { method: 'DELETE', path: `/v1/categories/${newId()}` }

const withToken = (token: string) =>
  api(adminOnly.path, { method: adminOnly.method, headers: { authorization: `Bearer ${token}` } })

describe('the caller', () => {
  it('must have a token where the policy names roles', async () => {
    const { status, headers, body } = await api(adminOnly.path, { method: adminOnly.method })
    expect([status, body.code]).toEqual([401, 'unauthenticated'])
    expect(headers.get('www-authenticate')).toBe('Bearer realm="khidma"')
    expect(headers.get('server-timing')).toContain('round-trips=0')
  })

  it('is refused without the role or permission, before any round trip', async () => {
    for (const role of ['client', 'tasker', 'ops'] as const) {
      const { status, headers, body } = await api(adminOnly.path, {
        as: await signedIn(role),
        method: 'DELETE',
      })
      expect([status, body.code]).toEqual([403, role === 'ops' ? 'permission_missing' : 'forbidden'])
      expect(headers.get('server-timing')).toContain('round-trips=0')
    }
    const { status } = await api(adminOnly.path, { as: await signedIn('admin'), method: 'DELETE' })
    expect(status).toBe(404)
  })

  it('is refused before the body is read', async () => {
    const { status } = await api('/v1/categories', { body: '{broken' })
    expect(status).toBe(401)
  })

  it('may send any credential to a public operation', async () => {
    const { status } = await api('/v1/categories', { headers: { authorization: 'Bearer rubbish' } })
    expect(status).toBe(200)
  })
})

describe('a token', () => {
  it('lives for 15 minutes', async () => {
    const sixteenMinutesAgo = new Date(Date.now() - 16 * 60_000)
    const { status, headers, body } = await api(adminOnly.path, {
      as: await signedIn('admin', { now: sixteenMinutesAgo }),
      method: 'DELETE',
    })
    expect([status, body.code]).toEqual([401, 'token_expired'])
    expect(headers.get('www-authenticate')).toContain('invalid_token')
  })

  it('that was accepted before expires all the same', async () => {
    const { accessToken } = await signedIn('client')
    const operation = operations.get('me.get') as Operation
    const inMinutes = (minutes: number) =>
      refusalOfCaller(operation, accessToken, new Date(Date.now() + minutes * 60_000))
    expect(await inMinutes(14)).toBeNull()
    expect((await inMinutes(16))?.code).toBe('token_expired')
  })

  it('is refused when forged', async () => {
    const { accessToken } = await signedIn('client')
    const [header = '', payload = '', signature = ''] = accessToken.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const raised = encode({ ...claims, role: 'admin' })
    const forged = [
      `${header}.${raised}.${signature}`,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${raised}.`,
      await new SignJWT({ role: 'admin', sid: newId() })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'test-1' })
        .setSubject(newId())
        .setIssuer(env.API_ORIGIN)
        .setAudience('khidma')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(Buffer.from(JSON.parse(env.SIGNING_KEYS)[0].x)),
      'rubbish',
      `${accessToken}x`,
    ]
    for (const token of forged) {
      const { status, body } = await withToken(token)
      expect([status, body.code]).toEqual([401, 'unauthenticated'])
    }
  })

  it('is refused for another audience, use or role', async () => {
    const subject = { userId: newId(), role: 'admin' as const, sessionId: newId() }
    const secrets = secretsOf(env)
    const elsewhere = await signAccessToken(
      { ...secrets, apiOrigin: 'https://other.example' },
      subject,
      new Date(),
    )
    const unknownRole = await signAccessToken(secrets, { ...subject, role: 'root' as never }, new Date())
    const noUser = await signAccessToken(secrets, { ...subject, userId: 'me' }, new Date())
    for (const { accessToken } of [elsewhere, unknownRole, noUser]) {
      expect((await withToken(accessToken)).status).toBe(401)
    }
  })

  it('verifies under an older key as well', async () => {
    const [first, second] = JSON.parse(env.SIGNING_KEYS)
    const rotated = { ...secretsOf(env), signingKeys: JSON.stringify([second, first]) }
    const staff = { permissions: systemRoles.admin, hasMfa: true, mfaAt: Date.now() / 1_000 }
    const { userId, sessionId } = await signedIn('admin')
    const subject = { userId, role: 'admin' as const, sessionId, ...staff }
    const { accessToken } = await signAccessToken(rotated, subject, new Date())
    expect((await withToken(accessToken)).status).toBe(404)
  })
})
