import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { max, median } from 'simple-statistics'
import { StackError } from '../../stack/stack-error.ts'
import { ROOT } from '../build.ts'
import { khidmaWorker, withRuntime } from '../runtime.ts'
import { type BenchOptions, kibibytes, type Report, ranged, type Section, say } from '../section.ts'

const GOAL_SECONDS = 4
/** A cheap phone on a slow mobile network. */
const phone = { cpuSlowdown: 4, downBitsPerSecond: 1_600_000, upBitsPerSecond: 750_000, roundTripMs: 150 }

export const docs: Section = { name: 'docs', run }

interface PageFigures {
  name: string
  path: string
  bytes: number
  gzipBytes: number
  seconds: number[]
}

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(executablePath))
    throw new StackError(`There is no Chromium at ${executablePath}: set CHROMIUM.`)
  const rounds = quick ? 2 : 7
  const noDatabase = {
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    DATABASE_HTTP: 'http://127.0.0.1:9/sql',
  }
  const worker = khidmaWorker(workshop, { bindings: noDatabase, hasAssets: true })
  const pages = await measuredPages()
  await withRuntime([worker], async (runtime) => {
    const origin = await runtime.originOf('khidma')
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    try {
      for (let round = 0; round < rounds; round += 1) {
        for (const page of pages) page.seconds.push(await firstTextSeconds(browser, origin + page.path))
        say(`round ${round + 1}: ${pages.map(({ seconds }) => seconds.at(-1)?.toFixed(2)).join(', ')} s`)
      }
    } finally {
      await browser.close()
    }
  })
  return report(pages, rounds)
}

/** The index, the longest page, and the frame of the explorer. */
async function measuredPages(): Promise<PageFigures[]> {
  const folder = join(ROOT, 'public/docs')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.html'))
  const sized = await Promise.all(
    files.map(async (file) => {
      const content = await readFile(join(folder, file))
      return { file, bytes: content.length, gzipBytes: gzipSync(content).length }
    }),
  )
  const [longest] = sized.toSorted((a, b) => b.bytes - a.bytes)
  const chosen = [
    ['index', 'index.html', '/docs'],
    ['the longest page', longest?.file ?? '', `/docs/${longest?.file.replace('.html', '')}`],
    ['frame of the explorer', 'explorer.html', '/docs/explorer'],
  ] as const
  return chosen.flatMap(([name, file, path]) =>
    sized.filter((page) => page.file === file).map((page) => ({ name, path, ...page, seconds: [] })),
  )
}

/** Runs in the page, where the types of a browser hold. */
const firstPaint = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint')
    if (paint) resolve(paint.startTime)
  }).observe({ type: 'paint', buffered: true })
})`

/** Opens the page as a phone that was never here, and returns when its first text is painted. */
async function firstTextSeconds(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 })
  try {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: phone.roundTripMs,
      downloadThroughput: phone.downBitsPerSecond / 8,
      uploadThroughput: phone.upBitsPerSecond / 8,
    })
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: phone.cpuSlowdown })
    await page.goto(url, { waitUntil: 'commit' })
    const paintedMs = await page.evaluate<number>(firstPaint)
    if ((await page.locator('h1').first().textContent()) === '') throw new Error(`${url} shows no heading`)
    return paintedMs / 1000
  } finally {
    await context.close()
  }
}

async function report(pages: PageFigures[], rounds: number): Promise<Report> {
  const folder = join(ROOT, 'public/docs')
  const scripts = (await readdir(folder)).filter((file) => file.startsWith('scalar.'))
  const loaded = [...scripts.map((file) => join(folder, file)), join(ROOT, 'public/openapi.json')]
  const compressed = await Promise.all(loaded.map(async (file) => gzipSync(await readFile(file)).length))
  const explorerBytes = compressed.reduce((sum, bytes) => sum + bytes, 0)
  const transferSeconds = (explorerBytes * 8) / phone.downBitsPerSecond
  const reference = pages.filter(({ path }) => path !== '/docs/explorer')
  const slowest = max(reference.map(({ seconds }) => median(seconds)))
  return {
    title: 'The reference on a slow phone',
    method: [
      `Chromium, ${phone.cpuSlowdown}× slower CPU, ${phone.downBitsPerSecond / 1_000_000} Mbit/s down, ${phone.roundTripMs} ms a round trip, nothing in its cache; from the start of the navigation to the first`,
      `contentful paint, in ${rounds} rounds. workerd serves the files uncompressed; the network of production compresses them.`,
      `The explorer paints its frame and then loads ${kibibytes(explorerBytes)} compressed, script and document: ${transferSeconds.toFixed(1)} s on this line, once, as the name of the script is its hash.`,
    ].join('\n'),
    tables: [
      {
        columns: ['page', 'path', 'size', 'gzipped', 'first text, s'],
        rows: pages.map(({ name, path, bytes, gzipBytes, seconds }) => [
          name,
          `\`${path}\``,
          kibibytes(bytes),
          kibibytes(gzipBytes),
          ranged(seconds),
        ]),
      },
    ],
    goals: [
      {
        what: 'first text of the slowest page of the reference',
        goal: `< ${GOAL_SECONDS} s`,
        figure: `${slowest.toFixed(2)} s`,
        met: slowest < GOAL_SECONDS,
      },
    ],
  }
}
