import { createExecutionContext } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { authentication, socketProtocol } from '../../src/http/auth.ts'
import { cors } from '../../src/http/cors.ts'
import { newRoutes } from '../../src/http/mount.ts'
import { rateLimits } from '../../src/http/rate-limit.ts'
import { identify } from '../../src/http/request.ts'
import { responseHeaders } from '../../src/http/response-headers.ts'
import { env, signedIn } from '../support/api.ts'

const app = newRoutes()
app.use(identify, responseHeaders, cors, authentication, rateLimits)
app.get('/socket', (c) => {
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
  server.accept()
  server.send(JSON.stringify(c.get('actor')))
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: { 'sec-websocket-protocol': socketProtocol },
  })
})

const open = (headers: Record<string, string>) =>
  app.fetch(
    new Request('https://api.test/socket', { headers: { upgrade: 'websocket', ...headers } }),
    env,
    createExecutionContext(),
  )

async function callerBehind(response: Response): Promise<unknown> {
  expect(response.status).toBe(101)
  const socket = response.webSocket
  if (!socket) throw new Error('the socket was lost on the way')
  const message = new Promise<string>((resolve) =>
    socket.addEventListener('message', ({ data }) => resolve(String(data))),
  )
  socket.accept()
  const caller = JSON.parse(await message)
  socket.close()
  return caller
}

it('an upgrade passes all middleware, and is authenticated by header or subprotocol', async () => {
  const { accessToken, userId } = await signedIn('tasker')
  const byHeader = await open({ authorization: `Bearer ${accessToken}` })
  expect(await callerBehind(byHeader)).toMatchObject({ kind: 'user', userId })
  const byProtocol = await open({ 'sec-websocket-protocol': `${socketProtocol}, bearer.${accessToken}` })
  expect(byProtocol.headers.get('sec-websocket-protocol')).toBe(socketProtocol)
  expect(await callerBehind(byProtocol)).toMatchObject({ kind: 'user', userId, role: 'tasker' })
})

it('a token in the query is ignored', async () => {
  const { accessToken } = await signedIn('tasker')
  const request = new Request(`https://api.test/socket?token=${accessToken}&access_token=${accessToken}`)
  expect(await callerBehind(await app.fetch(request, env, createExecutionContext()))).toEqual({
    kind: 'anonymous',
  })
})
