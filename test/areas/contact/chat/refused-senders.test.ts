import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../../../src/areas/contact/chat/protocol.ts'
import { secretsOf } from '../../../../src/core/context.ts'
import { newId } from '../../../../src/core/ids.ts'
import { signAccessToken } from '../../../../src/core/tokens.ts'
import { insertion } from '../../../../src/db/patch.ts'
import { sessions } from '../../../../src/db/schema/people/identity.ts'
import { consumeEvent } from '../../../../src/queues/events.ts'
import { type Answer, api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import {
  aChat,
  type Chat,
  channelOf,
  enter,
  enterChannel,
  evict,
  roomOf,
  socketPath,
  text,
} from '../../../support/chat.ts'
import { eventually } from '../../../support/eventually.ts'
import { actorOf, anAdmin, ok } from '../../../support/story.ts'
import { aKey, callerOf } from '../../people/api-keys/keys.ts'

const pathOf = ({ conversationId }: Pick<Chat, 'conversationId'>) => `/v1/conversations/${conversationId}`
const say = (chat: Chat, as: Caller, words = 'hello') =>
  api(`${pathOf(chat)}/messages`, { as, body: { kind: 'text', text: words } })
const read = (chat: Chat, as: Caller) =>
  api(`${pathOf(chat)}/read-marker`, { as, method: 'PUT', body: { upToSeq: 1 } })
const rename = (as: Caller) => api('/v1/me', { as, method: 'PATCH', body: { fullName: 'Mona' } })
const suspend = async (who: Caller) =>
  ok(api(`/v1/users/${who.userId}/suspend`, { as: await anAdmin(), body: { reason: 'Threats' } }))
const reinstate = async (who: Caller) =>
  ok(api(`/v1/users/${who.userId}/reinstate`, { as: await anAdmin(), body: { reason: 'A mistake' } }))
const codeOf = async (call: Promise<Answer<{ code?: string }>>) => {
  const { status, body } = await call
  return `${status} ${body.code ?? ''}`.trim()
}

/** Every way to write, and what each answers. */
const answersOf = async (chat: Chat, as: Caller) => {
  const headers = { upgrade: 'websocket' }
  return {
    send: await codeOf(say(chat, as)),
    read: await codeOf(read(chat, as)),
    socket: await codeOf(api(socketPath(chat), { as, headers })),
    elsewhere: await codeOf(rename(as)),
  }
}
const all = (answer: string) => ({ send: answer, read: answer, socket: answer, elsewhere: answer })

const revocationsOf = (who: Caller) =>
  database().read<{ id: string }>(
    sql`select id from outbox where object_id = ${who.sessionId} and type = 'session.revoked'`,
  )

/** The same person signs in again, a second later at least: the time in a token has no parts of one. */
async function again(who: Caller): Promise<Caller> {
  await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)))
  const sessionId = newId()
  await database().write([
    sql`insert into sessions ${insertion(sessions, { id: sessionId, userId: who.userId })}`,
  ])
  const { userId, role } = who
  const { accessToken } = await signAccessToken(secretsOf(env), { userId, role, sessionId }, new Date())
  return { ...who, sessionId, accessToken }
}

describe('a suspended account with an unexpired token', () => {
  it('cannot send a message over HTTP once the suspension is answered', async () => {
    const chat = await aChat()
    const [mona, ben] = chat.people
    const [known, unknown] = [chat, await aChat({ with: mona })]
    await ok(say(known, mona))
    await suspend(mona)
    for (const conversation of [known, unknown])
      expect(await answersOf(conversation, mona)).toEqual(all('403 account_suspended'))
    await evict(roomOf(known))
    expect(await answersOf(known, mona)).toEqual(all('403 account_suspended'))
    const { body } = await ok(api(`${pathOf(known)}/messages`, { as: ben }))
    expect(body.data).toHaveLength(1)
    expect((await ok(say(known, ben))).body.seq).toBe(2)
  })

  it('has no open socket once the suspension is answered', async () => {
    const chat = await aChat()
    const [mona, ben] = chat.people
    const { device } = await enter(chat, mona)
    const { device: channel } = await enterChannel(mona)
    const { device: other } = await enter(chat, ben)
    await device.ask(text('hello'))
    await suspend(mona)
    for (const socket of [device, channel])
      expect((await socket.closing()).code).toBe(closeCodes.tokenExpired)
    const heard = await other.settled()
    expect(heard.map(({ type }) => type).filter((type) => type !== 'presence')).toEqual(['message'])
    expect(heard.at(-1)).toMatchObject({ type: 'presence', userId: mona.userId, online: false })
  })

  it('cannot send a message with its API keys', async () => {
    const owner = await signedIn()
    const chat = await aChat({ with: owner })
    const scopes = ['conversations:write', 'sockets:connect']
    const machine = callerOf(await aKey(scopes, { owner }))
    await ok(say(chat, machine))
    const { device } = await enter(chat, machine)
    await suspend(owner)
    expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
    expect(await codeOf(say(chat, machine))).toBe('403 account_suspended')
    await reinstate(owner)
    // The key rested: it is as good as before, and so is its socket.
    await ok(say(chat, machine))
    expect((await (await enter(chat, machine)).device.ask(text('back'))).type).toBe('ack')
  })

  it('is blocked by the event alone when the Worker died after its commit', async () => {
    const chat = await aChat()
    const [mona] = chat.people
    await ok(say(chat, mona))
    await database(actorOf(await anAdmin())).write([
      sql`update users set status = 'suspended' where id = ${mona.userId}`,
    ])
    const [event] = await revocationsOf(mona)
    await consumeEvent(env, event?.id ?? '')
    expect(await answersOf(chat, mona)).toEqual(all('403 account_suspended'))
  })

  it('can send again after reinstatement, whichever earlier event arrives late', async () => {
    const chat = await aChat()
    const [mona] = chat.people
    await suspend(mona)
    await reinstate(mona)
    expect(await answersOf(chat, mona)).toEqual(all('401 session_ended'))
    const back = await again(mona)
    await ok(say(chat, back))
    const { device } = await enter(chat, back)
    const [event] = await revocationsOf(mona)
    await consumeEvent(env, event?.id ?? '')
    await ok(say(chat, back))
    expect((await device.ask(text('still here'))).type).toBe('ack')
  })
})

describe('other senders whose access has ended', () => {
  it('refuses a message over HTTP of a closed account', async () => {
    const chat = await aChat()
    const [mona] = chat.people
    await ok(say(chat, mona))
    await database(actorOf(mona)).write([sql`update users set status = 'closed' where id = ${mona.userId}`])
    const [event] = await revocationsOf(mona)
    await consumeEvent(env, event?.id ?? '')
    expect(await answersOf(chat, mona)).toEqual(all('401 session_ended'))
  })

  it('refuses a message over HTTP of a session that was signed out', async () => {
    const chat = await aChat()
    const [mona] = chat.people
    await ok(say(chat, mona))
    await ok(api('/v1/auth/logout', { as: mona, method: 'POST' }))
    await eventually('the room knows', async () => (await say(chat, mona)).status === 401)
    expect(await answersOf(chat, mona)).toEqual(all('401 session_ended'))
  })
})

it('asks the sender’s channel once for each token, and Postgres never', async () => {
  const chat = await aChat()
  const [mona] = chat.people
  const rooms = (statement: string) =>
    runInDurableObject(
      channelOf(mona),
      (_channel, { storage }) => storage.sql.exec(statement).toArray().length,
    )
  expect((await ok(say(chat, mona))).headers.get('server-timing')).toContain('round-trips=0')
  expect(await rooms('select * from session_rooms')).toBe(1)
  await rooms('delete from session_rooms')
  for (const call of [say(chat, mona), read(chat, mona)])
    expect((await ok(call)).headers.get('server-timing')).toContain('round-trips=0')
  expect(await rooms('select * from session_rooms')).toBe(0)
})
