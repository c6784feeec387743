import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../../support/api.ts'

const register = (as: Caller, deviceId: string, body: object) =>
  api(`/v1/me/devices/${deviceId}`, { as, method: 'PUT', body })
const remove = (as: Caller, deviceId: string) => api(`/v1/me/devices/${deviceId}`, { as, method: 'DELETE' })
const devicesOf = (as: Caller) =>
  database().read<{ deviceId: string; pushToken: string | null }>(sql`
    select device_id as "deviceId", push_token as "pushToken" from user_devices where user_id = ${as.userId} order by last_seen_at, id`)

describe('devices', () => {
  it('are registered once and then changed in place', async () => {
    const as = await signedIn()
    const first = await register(as, 'phone-1', { platform: 'android', pushToken: newId() })
    expect(first.status).toBe(200)
    expect(first.body).toEqual({
      deviceId: 'phone-1',
      platform: 'android',
      receivesPush: true,
      lastSeenAt: expect.any(String),
      createdAt: expect.any(String),
    })
    const again = await register(as, 'phone-1', { platform: 'ios' })
    expect(again.body).toEqual({
      ...first.body,
      platform: 'ios',
      receivesPush: false,
      lastSeenAt: expect.any(String),
    })
    expect(again.body.lastSeenAt >= first.body.lastSeenAt).toBe(true)
    expect(await devicesOf(as)).toEqual([{ deviceId: 'phone-1', pushToken: null }])
  })

  it('belong to the session that registers them', async () => {
    const as = await signedIn()
    await register(as, 'phone-2', { platform: 'web', pushToken: newId() })
    await api('/v1/auth/logout', { as, method: 'POST' })
    expect(await devicesOf(as)).toEqual([{ deviceId: 'phone-2', pushToken: null }])
    const late = await register(as, 'phone-2', { platform: 'web', pushToken: newId() })
    expect([late.status, late.body.code]).toEqual([401, 'session_ended'])
    expect(await devicesOf(as)).toEqual([{ deviceId: 'phone-2', pushToken: null }])
  })

  it('give their push token to the last user who registers it', async () => {
    const [before, after] = [await signedIn(), await signedIn()]
    const pushToken = newId()
    await register(before, 'shared', { platform: 'ios', pushToken })
    await register(after, 'shared', { platform: 'ios', pushToken })
    expect(await devicesOf(before)).toEqual([{ deviceId: 'shared', pushToken: null }])
    expect(await devicesOf(after)).toEqual([{ deviceId: 'shared', pushToken }])
  })

  it('are limited to the 20 most recently seen', async () => {
    const as = await signedIn()
    for (let index = 0; index < 22; index += 1) await register(as, `d-${index}`, { platform: 'web' })
    expect((await devicesOf(as)).map(({ deviceId }) => deviceId)).toEqual(
      Array.from({ length: 20 }, (_, index) => `d-${index + 2}`),
    )
  })

  it('are listed for their user, newest first, without their push tokens', async () => {
    const [owner, stranger] = [await signedIn(), await signedIn()]
    await register(owner, 'first', { platform: 'ios', pushToken: newId() })
    await register(owner, 'second', { platform: 'web' })
    const { status, body, headers } = await api('/v1/me/devices', { as: owner })
    expect([status, headers.get('server-timing')]).toEqual([200, expect.stringContaining('round-trips=1')])
    expect(
      body.data.map(({ deviceId, receivesPush }: Record<string, unknown>) => [deviceId, receivesPush]),
    ).toEqual(
      expect.arrayContaining([
        ['first', true],
        ['second', false],
      ]),
    )
    expect(JSON.stringify(body)).not.toContain('pushToken')
    expect((await api('/v1/me/devices', { as: stranger })).body.data).toEqual([])
  })

  it('are removed by their user only', async () => {
    const [owner, stranger] = [await signedIn(), await signedIn()]
    await register(owner, 'mine', { platform: 'ios' })
    expect((await remove(stranger, 'mine')).status).toBe(404)
    expect((await remove(owner, 'mine')).status).toBe(204)
    expect(await devicesOf(owner)).toEqual([])
    expect((await remove(owner, 'mine')).status).toBe(404)
  })

  it.each(['has%20space', 'x'.repeat(129), 'semi;colon'])('have no id like %s', async (deviceId) => {
    expect((await register(await signedIn(), deviceId, { platform: 'ios' })).status).toBe(400)
  })
})
