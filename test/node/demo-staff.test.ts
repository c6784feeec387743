import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Client } from '../../tools/demo/client.ts'
import { staffPerson } from '../../tools/demo/staff.ts'

const home = mkdtempSync(join(tmpdir(), 'khidma-demo-staff-'))
const asked: string[] = []
let server: Server
let api: Client

/** Answers as Khidma does to staff; the tokens of a session are numbered. */
function answerOf(path: string, token: string): object {
  if (path === '/v1/auth/otp/request') return { verificationId: 'v1' }
  if (path === '/__dev/outbox') return { data: [{ createdAt: new Date().toISOString(), code: '123456' }] }
  if (path === '/v1/auth/otp/verify')
    return { accessToken: 'signed-in', refreshToken: 'r1', user: { id: 'u1' } }
  if (path === '/v1/me') return { id: 'u1', phone: '+201000000002' }
  if (path === '/v1/auth/mfa/challenge') return { token: `challenge of ${token}` }
  return { accessToken: 'stepped-up' }
}

beforeAll(async () => {
  vi.stubEnv('KHIDMA_HOME', home)
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    asked.push(pathname)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answerOf(pathname, request.headers.authorization ?? '')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {})
})

afterAll(() => {
  server.close()
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

test('staff whose session an earlier run of the demo has left show their second factor again', async () => {
  const first = await staffPerson(api, 'ops', { keepsSession: true })
  expect(first.accessToken).toBe('signed-in')
  expect(asked).not.toContain('/v1/auth/mfa/step-up')
  const second = await staffPerson(api, 'ops', { keepsSession: true })
  expect(second.accessToken).toBe('stepped-up')
  expect(asked.filter((path) => path === '/v1/auth/otp/request')).toHaveLength(1)
  expect(asked).toContain('/v1/auth/mfa/step-up')
})
