import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { publicKeysOf, signatureHeaders } from '../../src/areas/platform/webhooks/signatures.ts'
import { testSecrets } from '../support/secrets.ts'

type IsFromKhidma = (publicKey: string, headers: Record<string, string>, body: string) => boolean

/** The program that `docs/webhooks.md` gives to those who receive webhooks. */
async function documented(): Promise<IsFromKhidma> {
  const code = readFileSync('docs/webhooks.md', 'utf8').match(/```js\n([\s\S]*?)```/)?.[1] ?? ''
  const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
  return module.isFromKhidma
}

test('the documented program verifies what we sign, and nothing else', async () => {
  const isFromKhidma = await documented()
  const keys = testSecrets.WEBHOOK_SIGNING_KEYS
  const body = '{"type":"task.posted","note":"تم النشر"}'
  const secrets = [`whsec_${Buffer.alloc(24, 1).toString('base64')}`]
  const signedAt = (at: Date) => signatureHeaders({ id: 'event-1', at, body }, secrets, keys)
  const headers = await signedAt(new Date())
  const [newest, older] = (await publicKeysOf(keys)).map(({ publicKey }) => publicKey) as [string, string]
  expect([newest, older].map((key) => isFromKhidma(key, headers, body))).toEqual([true, true])
  expect(isFromKhidma(newest, headers, body.replace('posted', 'failed'))).toBe(false)
  expect(isFromKhidma(newest, { ...headers, 'webhook-id': 'event-2' }, body)).toBe(false)
  expect(isFromKhidma(newest, await signedAt(new Date(Date.now() - 600_000)), body)).toBe(false)
  const [stranger] = await publicKeysOf(testSecrets.SIGNING_KEYS)
  expect(isFromKhidma(stranger?.publicKey ?? '', headers, body)).toBe(false)
})
