import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { freePort, processesWith, runTool } from '../support/stack-process.ts'

const home = mkdtempSync(join(tmpdir(), 'khidma-demo-test-'))
const run = (env: Record<string, string> = {}, args: string[] = []) =>
  runTool('tools/demo.ts', args, { KHIDMA_HOME: home, TMPDIR: home, ...env })

afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

test('the demo runs on a stack of its own, and every step passes', {
  timeout: 600_000,
}, async () => {
  const demo = run({}, ['--own'])
  expect(await demo.ended, demo.output()).toBe(0)
  const chapters = demo.output().match(/^\d+\. .*$/gm)
  expect(chapters).toHaveLength(20)
  expect(demo.output()).toMatch(/sum of EGP +0\.00 EGP/)
  await eventually('its stack is gone', () => processesWith(home).length === 0)
})

test('a failed step is named with its call', { timeout: 240_000 }, async () => {
  const { server, origin } = await brokenKhidma()
  const demo = run({ DEMO_ORIGIN: origin })
  expect(await demo.ended).toBe(1)
  server.close()
  expect(demo.output()).toContain('The story broke')
  expect(demo.output()).toMatch(/expected {2}success/)
  expect(demo.output()).toMatch(/came {6}500 internal_error: It has been recorded\./)
  expect(demo.output()).toMatch(/call {6}POST \/v1\/auth\/otp\/request → 500 \(request 0815\)/)
})

test('a missing stack is reported in one sentence', { timeout: 240_000 }, async () => {
  const origin = `http://127.0.0.1:${await freePort()}`
  const demo = run({ DEMO_ORIGIN: origin })
  expect(await demo.ended).toBe(1)
  expect(demo.output().trim()).toBe(`There is no Khidma in development at ${origin}.`)
})

/** Looks well, and fails at all that matters. */
function brokenKhidma(): Promise<{ server: Server; origin: string }> {
  const answers: Record<string, unknown> = { '/healthz': { status: 'ok' }, '/__dev/outbox': { data: [] } }
  const problem = {
    code: 'internal_error',
    title: 'Broken',
    detail: 'It has been recorded.',
    requestId: '0815',
  }
  const server = createServer((request, response) => {
    const known = answers[new URL(request.url ?? '/', 'http://localhost').pathname]
    response.writeHead(known ? 200 : 500, { 'content-type': 'application/json', 'x-request-id': '0815' })
    response.end(JSON.stringify(known ?? problem))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    )
  })
}
