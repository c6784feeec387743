import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aClient, anAdmin, anOps, ok } from '../../../support/story.ts'
import { aKey, withKey } from '../api-keys/keys.ts'
import { passes, refresh, signIn } from '../identity/sign-in.ts'
import { aClerk, statusOf } from './support.ts'

const reason = 'Their phone was stolen'
const signOut = (as: Caller, userId: string) => api(`/v1/users/${userId}/sign-out`, { as, body: { reason } })

describe('a user whose phone, password or key was stolen', () => {
  it('is signed out everywhere by staff, loses their API keys, and can sign in again', async () => {
    const admin = await anAdmin()
    const person = await signIn()
    const owner: Caller = { ...(await aClient()), userId: person.user.id, accessToken: person.accessToken }
    const { key, id } = await aKey(['tasks:read'], { owner })
    expect((await withKey('/v1/tasks', key)).status).toBe(200)
    expect((await ok(signOut(admin, owner.userId))).body).toEqual({ sessions: 1, apiKeys: 1 })
    expect((await refresh(person.refreshToken)).body.code).toBe('invalid_refresh_token')
    expect(await statusOf(withKey('/v1/tasks', key))).toBe('401 invalid_api_key')
    expect(await statusOf(api('/v1/me', { as: owner, method: 'PATCH', body: { fullName: 'X' } }))).toBe(
      '401 session_ended',
    )
    const ended = await api('/v1/me', { as: owner, method: 'PATCH', body: { fullName: 'X' } })
    expect(ended.headers.get('www-authenticate')).toContain('invalid_token')
    const told = await database().read<{ type: string; by: string }>(
      sql`select o.type, a.actor_user_id as by from outbox o join audit_log a on a.target_id = o.object_id::text and a.action like '%.update'
           where o.object_id in (${id}, (select s.id from sessions s where s.user_id = ${owner.userId}))
             and o.type in ('session.revoked', 'api_key.revoked') and a.actor_user_id = ${admin.userId} order by 1`,
    )
    expect(told).toEqual([
      { type: 'api_key.revoked', by: admin.userId },
      { type: 'session.revoked', by: admin.userId },
    ])
    expect((await ok(signOut(admin, owner.userId))).body).toEqual({ sessions: 0, apiKeys: 0 })
    await passes(person.phone, 3_600)
    await signIn({ phone: person.phone })
  })

  it('cannot be signed out without the permission', async () => {
    const [admin, ops, user] = [await anAdmin(), await anOps(), await aClient()]
    expect(await statusOf(signOut(admin, admin.userId))).toBe('403 own_account')
    expect(await statusOf(signOut(admin, newId()))).toBe('404 not_found')
    expect(await statusOf(signOut(ops, user.userId))).toBe('403 permission_missing')
    expect(await statusOf(signOut(await aClerk(['users.manage']), ops.userId))).toBe('403 not_held')
    expect(await statusOf(signOut(await aClerk(['users.manage']), user.userId))).toBe('200')
  })
})
