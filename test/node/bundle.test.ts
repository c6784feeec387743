import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const buildTimeoutMs = 240_000
/** Half of what the smallest plan of Workers takes; the library for PDF is a fifth of it. */
const gzipLimitBytes = 1_500_000

let folder: string
const bundles: Record<string, string> = {}

async function bundle(name: string, ...options: string[]): Promise<void> {
  const outdir = join(folder, name)
  const wrangler = join(import.meta.dirname, '../../node_modules/.bin/wrangler')
  await run(wrangler, ['deploy', '--dry-run', '--outdir', outdir, ...options])
  bundles[name] = await readFile(join(outdir, 'index.js'), 'utf8')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'khidma-bundle-'))
  await Promise.all([bundle('production'), bundle('development', '--define', '__DEV_TOOLS__:true')])
}, buildTimeoutMs)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the production bundle', () => {
  it('contains no development tools', () => {
    for (const trace of [
      '__dev/outbox',
      '__DEV_TOOLS__',
      '__QUICK_PASSWORDS__',
      '__CHECKED_ROWS__',
      'is not described',
    ]) {
      expect(bundles.production?.includes(trace), trace).toBe(false)
    }
    expect(bundles.development).toContain('__dev/outbox')
  })

  it('hashes passwords at their full cost, in development too', () => {
    for (const text of Object.values(bundles)) {
      expect(text).toMatch(/\w\(14,8,5\)/)
      expect(text).not.toMatch(/\w\(4,8,1\)/)
    }
  })

  it('leaves out the languages of zod', () => {
    expect(bundles.production).toContain('Invalid input')
    expect(bundles.production).not.toContain('Entrada inválida')
  })

  it('is within its size limit', () => {
    expect(gzipSync(bundles.production ?? '').byteLength).toBeLessThan(gzipLimitBytes)
  })
})
