import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { listDevMessages } from '../../../../src/providers/dev-outbox.ts'
import { api, database, env, send } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { anAddress, aPhone, bearer, fromAddress, refresh, signIn, verify } from './sign-in.ts'
import { anEmail, call, enrolled, goodPassword, logIn, otherPassword, registered } from './sign-in-methods.ts'

/** The one message there: a code that was asked for shows at the first look, however long the queue takes. */
async function messageTo(to: string): Promise<{ code: string; text: string }> {
  const { body } = await api(`/__dev/outbox?to=${to}`)
  expect(body.data).toHaveLength(1)
  return body.data[0]
}

/** Each is a person of its own: what waits for the queue waits together. */
it.concurrent('a code goes from the request over the queue to the phone, and signs in', async () => {
  const phone = aPhone()
  const { status, body } = await api('/v1/auth/otp/request', {
    body: { phone },
    headers: fromAddress(anAddress()),
  })
  expect(status).toBe(202)
  const { code } = await messageTo(phone)
  const { verificationId } = body
  expect((await verify(phone, code, { verificationId })).body.user.phone).toBe(phone)
})

it.concurrent('a code goes from the registration over the queue to the mailbox, and makes the account', async () => {
  const [email, password] = [anEmail(), goodPassword]
  const headers = fromAddress(anAddress())
  const { registrationId } = (await api('/v1/auth/register', { body: { email, password }, headers })).body
  const code = /[0-9]{8}/.exec((await messageTo(email)).text)?.[0]
  const answer = await api('/v1/auth/register/confirm', { body: { registrationId, code } })
  expect(answer.body.user.email).toBe(email)
  expect((await logIn(email, password)).status).toBe(200)
})

async function openSocket(person: {
  accessToken: string
}): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const response = await send('/v1/me/socket', { headers: { ...bearer(person), upgrade: 'websocket' } })
  const socket = response.webSocket
  if (!socket) throw new Error(`No socket: ${response.status}`)
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code))
  })
  socket.accept()
  return { socket, closed }
}

const tokenEnded = 4501

it.concurrent('signing out closes the sockets of that session and of no other', async () => {
  const one = await signIn()
  const two = await signIn()
  const [mine, other] = await Promise.all([openSocket(one), openSocket(two)])
  await api('/v1/auth/logout', { method: 'POST', headers: bearer(one) })
  expect(await mine.closed).toBe(tokenEnded)
  expect(other.socket.readyState).toBe(WebSocket.OPEN)
  other.socket.close()
})

it.concurrent('a reused refresh token closes the sockets of its session', async () => {
  const person = await signIn()
  const { closed } = await openSocket(person)
  await refresh(person.refreshToken)
  expect((await refresh(person.refreshToken)).body.code).toBe('refresh_token_reused')
  expect(await closed).toBe(tokenEnded)
})

it.concurrent('a changed password closes the sockets of every other session', async () => {
  const person = await registered()
  const other = (await logIn(person.email, person.password)).body
  const [mine, theirs] = await Promise.all([openSocket(person), openSocket(other)])
  const body = {
    currentPassword: person.password,
    newPassword: otherPassword,
  }
  expect((await call(person, '/v1/me/password', body, 'PUT')).status).toBe(204)
  expect(await theirs.closed).toBe(tokenEnded)
  expect(mine.socket.readyState).toBe(WebSocket.OPEN)
  mine.socket.close()
})

it.concurrent('a new second factor notifies its owner', async () => {
  const person = await registered()
  const { accessToken } = await enrolled(person)
  await eventually('the notification', async () => {
    const { body } = await call({ accessToken }, '/v1/me/notifications', undefined, 'GET')
    return body.data.some(({ kind }: { kind: string }) => kind === 'user.mfa_enabled')
  })
})

it.concurrent('a changed password notifies the address of the account, and the recipient is not kept', async () => {
  const person = await registered()
  const body = {
    currentPassword: person.password,
    newPassword: otherPassword,
  }
  expect((await call(person, '/v1/me/password', body, 'PUT')).status).toBe(204)
  await eventually('the notification in the mailbox', async () => {
    const sent = await listDevMessages(env, person.email)
    return sent.some(({ text }) => text.startsWith('The password of your Khidma account was changed\n'))
  })
  await eventually('the end of what was kept of it', async () => {
    const left = await database().read(
      sql`select event_id from security_notifications where user_id = ${person.user.id}`,
    )
    return left.length === 0
  })
})
