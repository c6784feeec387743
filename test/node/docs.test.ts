import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/stack-process.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const startTimeoutMs = 180_000
const root = join(import.meta.dirname, '../..')

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe.skipIf(!existsSync(executablePath))('/docs in a browser', () => {
  let worker: ChildProcess
  let browser: Browser
  let folder: string
  let origin: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'khidma-docs-'))
    const port = await freePort()
    origin = `http://127.0.0.1:${port}`
    const options = [
      '--port',
      String(port),
      '--inspector-port',
      '0',
      '--persist-to',
      folder,
      '--var',
      `API_ORIGIN:${origin}`,
    ]
    const wrangler = join(root, 'node_modules/.bin/wrangler')
    worker = spawn(wrangler, ['dev', ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    let printed = ''
    await new Promise<void>((resolve, reject) => {
      worker.stdout?.on('data', (text) => {
        printed += text
        if (printed.includes('Ready on')) resolve()
      })
      worker.once('exit', (code) => reject(new Error(`wrangler dev ended with ${code}`)))
    })
    browser = await chromium.launch({ executablePath, args: quiet })
  }, startTimeoutMs)

  afterAll(async () => {
    await browser?.close()
    if (worker?.pid && worker.exitCode === null) {
      const ended = once(worker, 'exit')
      process.kill(-worker.pid, 'SIGTERM')
      await ended
    }
    // Its runtime may write for a moment more.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })

  /** Opens a page, and fails where it asks another origin for anything or the browser complains. */
  async function quietPage(path: string): Promise<Page> {
    const page = await browser.newPage()
    page.setDefaultTimeout(startTimeoutMs)
    const requested: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requested.push(request.url()))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' })
    const elsewhere = requested.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'))
    expect(elsewhere).toEqual([])
    expect(complaints).toEqual([])
    return page
  }

  it(
    'shows the reference without a script, and asks nothing of any other origin',
    async () => {
      const page = await quietPage('/docs')
      expect(await page.getByRole('heading', { name: 'Khidma' }).count()).toBe(1)
      expect(await page.locator('script').count()).toBe(0)
      await page.getByRole('link', { name: 'Bookings', exact: true }).click()
      await page.getByRole('heading', { name: 'POST /v1/bookings/{bookingId}/confirm' }).waitFor()
      const link = page.locator('[id="bookings.confirm"]').getByRole('link', { name: 'invalid_transition' })
      await link.click()
      await page.getByRole('heading', { name: 'Remedy' }).waitFor()
    },
    startTimeoutMs,
  )

  it(
    'has an explorer with the access token preselected, from this origin too',
    async () => {
      const page = await quietPage('/docs/explorer')
      await page.getByText('Catalog').first().waitFor({ state: 'attached' })
      expect(await page.getByRole('heading', { name: 'Khidma' }).count()).toBeGreaterThan(0)
      expect(await page.getByText('Loading 1.3 MB').count()).toBe(0)
      await page.getByText('bearerAuth').first().waitFor()
      expect(await page.getByText('apiKey', { exact: true }).count()).toBe(0)
    },
    startTimeoutMs,
  )
})
