import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { developmentSecrets } from '../../tools/stack/secrets.ts'

const home = mkdtempSync(join(tmpdir(), 'khidma-secrets-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('two first starts at once agree on the secrets, which only their owner can read', async () => {
  const path = join(home, 'new', 'secrets.json')
  const [one, other] = await Promise.all([developmentSecrets(path), developmentSecrets(path)])
  expect(other).toEqual(one)
  expect(await developmentSecrets(path)).toEqual(one)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file of an older checkout gets what it lacks, once, and keeps what it has', async () => {
  const path = join(home, 'older.json')
  writeFileSync(path, JSON.stringify({ PEPPER: 'kept' }))
  const completed = await developmentSecrets(path)
  expect(completed).toEqual({
    PEPPER: 'kept',
    SIGNING_KEYS: expect.any(String),
    ENCRYPTION_KEYS: expect.any(String),
    WEBHOOK_SIGNING_KEYS: expect.any(String),
  })
  expect(await developmentSecrets(path)).toEqual(completed)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
