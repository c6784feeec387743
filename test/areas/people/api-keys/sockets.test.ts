import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../../../src/areas/contact/chat/protocol.ts'
import { consumeEvent } from '../../../../src/queues/events.ts'
import { api, database, env, signedIn } from '../../../support/api.ts'
import { aChat, enter, enterChannel, socketPath, upgrade } from '../../../support/chat.ts'
import { aKey, callerOf } from './keys.ts'

describe('sockets', () => {
  it('accept only keys with the scope', async () => {
    const owner = await signedIn()
    const chat = await aChat({ with: owner })
    const without = callerOf(await aKey(['conversations:read', 'conversations:write'], { owner }))
    for (const path of ['/v1/me/socket', socketPath(chat)]) {
      const refused = await upgrade(path, without)
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'insufficient_scope' }])
    }
    const caller = callerOf(await aKey(['sockets:connect'], { owner }))
    const { device } = await enterChannel(caller)
    const { device: room } = await enter(chat, caller)
    expect((await device.ask({ type: 'ping' })).type).toBe('pong')
    expect((await room.ask({ type: 'ping' })).type).toBe('pong')
  })

  it('close on revocation and cannot be opened again', async () => {
    const made = await aKey(['sockets:connect'])
    const chat = await aChat({ with: made.owner })
    const devices = [(await enterChannel(callerOf(made))).device, (await enter(chat, callerOf(made))).device]
    const { device: phone } = await enterChannel(made.owner)
    await api(`/v1/me/api-keys/${made.id}`, { as: made.owner, method: 'DELETE' })
    for (const device of devices) expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
    await phone.settled()
    expect(phone.closed).toBeUndefined()
    for (const path of ['/v1/me/socket', socketPath(chat)])
      expect((await upgrade(path, callerOf(made))).status).toBe(401)
  })

  it('close on rotation without overlap, and open with the new key', async () => {
    const made = await aKey(['sockets:connect'])
    const { device } = await enterChannel(callerOf(made))
    const { body } = await api(`/v1/me/api-keys/${made.id}/rotate`, {
      as: made.owner,
      body: { overlapSeconds: 0 },
    })
    expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
    expect((await upgrade('/v1/me/socket', callerOf(made))).status).toBe(401)
    const { device: next } = await enterChannel(callerOf({ ...made, key: body.key }))
    // The event comes late, and must not touch what the new key has opened for good.
    const [event] = await database().read<{ id: string }>(
      sql`select id from outbox where object_id = ${made.id} and type = 'api_key.rotated'`,
    )
    await consumeEvent(env, event?.id ?? '')
    expect((await upgrade('/v1/me/socket', callerOf({ ...made, key: body.key }))).status).toBe(101)
    next.close()
  })
})

describe('the sockets of an API key', () => {
  it('close when its owner is suspended', async () => {
    const made = await aKey(['sockets:connect'])
    const chat = await aChat({ with: made.owner })
    const devices = [(await enterChannel(callerOf(made))).device, (await enter(chat, callerOf(made))).device]
    const { userId } = made.owner
    await database().write([sql`update users set status = 'suspended' where id = ${userId}`])
    const [event] = await database().read<{ id: string }>(
      sql`select id from outbox where type = 'user.suspended' and data ->> 'userId' = ${userId}`,
    )
    await consumeEvent(env, event?.id ?? '')
    for (const device of devices) expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
    expect((await upgrade('/v1/me/socket', callerOf(made))).status).toBe(403)
  })
})
