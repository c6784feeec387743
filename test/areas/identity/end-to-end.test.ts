import { expect, it, vi } from 'vitest'
import { api, send } from '../../support/api.ts'
import { anAddress, aPhone, bearer, fromAddress, refresh, signIn, verify } from './sign-in.ts'

it('a code goes from the request over the queue to the phone, and signs in', async () => {
  const phone = aPhone()
  const { status } = await api('/v1/auth/otp/request', { body: { phone }, headers: fromAddress(anAddress()) })
  expect(status).toBe(202)
  const code = await vi.waitFor(
    async () => {
      const { body } = await api(`/__dev/outbox?to=${phone}`)
      expect(body.data).toHaveLength(1)
      return body.data[0].code as string
    },
    { timeout: 10_000, interval: 100 },
  )
  expect((await verify(phone, code)).body.user.phone).toBe(phone)
}, 15_000)

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

it('signing out closes the sockets of that session and of no other', async () => {
  const one = await signIn()
  const two = await signIn()
  const [mine, other] = await Promise.all([openSocket(one), openSocket(two)])
  await api('/v1/auth/logout', { method: 'POST', headers: bearer(one) })
  expect(await mine.closed).toBe(tokenEnded)
  expect(other.socket.readyState).toBe(WebSocket.OPEN)
  other.socket.close()
})

it('a refresh token that comes twice closes the sockets of its session', async () => {
  const person = await signIn()
  const { closed } = await openSocket(person)
  await refresh(person.refreshToken)
  expect((await refresh(person.refreshToken)).body.code).toBe('refresh_token_reused')
  expect(await closed).toBe(tokenEnded)
})
