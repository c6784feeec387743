import pg from 'pg'
import { median } from 'simple-statistics'
import { newId } from '../../../src/core/ids.ts'
import { inputsOf } from '../../../test/support/invoices.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { type BenchOptions, type Goal, perSecond, type Report, type Section } from '../section.ts'

export const invoices: Section = { name: 'invoices', run }

/** How a transaction comes to the numbers of its invoices. */
const ways = ['gapless, at the commit', 'gapless, taken at once', 'a plain sequence'] as const
type Way = (typeof ways)[number]

interface Scene {
  what: string
  connections: number
  /** Work of the transaction after the invoice, before its commit. */
  workMs: number
}

const scenes: Scene[] = [
  { what: 'alone', connections: 1, workMs: 0 },
  { what: '16 connections', connections: 16, workMs: 0 },
  { what: '16 connections, 5 ms of other work in each transaction', connections: 16, workMs: 5 },
]
/** A counter is locked until its commit is on the disk: one commit after the other, where a sequence lets them overlap. */
const goalRatio = 0.4

async function run({ quick }: BenchOptions): Promise<Report> {
  return withDatabase(async (database) => {
    const [rounds, seconds] = quick ? [1, 0.5] : [5, 2]
    const rates = new Map<string, number[]>()
    for (let round = 0; round <= rounds; round++) {
      for (const scene of scenes) {
        for (const way of ways) {
          const rate = await rateOf(database, scene, way, seconds)
          // The first round warms up.
          if (round > 0) rates.set(scene.what + way, [...(rates.get(scene.what + way) ?? []), rate])
        }
      }
    }
    return report(database, rates)
  })
}

/** The same function, less the counter: what it costs that numbers have no gap. */
async function numberBy(owner: pg.Client, way: Way): Promise<void> {
  const { rows } = await owner.query<{ text: string }>(
    `select pg_get_functiondef('khidma.number_invoices'::regproc) as text`,
  )
  const [current] = rows
  if (!current) throw new Error('There is no function that numbers invoices.')
  const counted = /insert into invoice_series as c[\s\S]*?into first_number;/
  const drawn = `first_number := nextval('khidma.bench_numbers');`
  if (way === 'a plain sequence' && counted.test(current.text)) {
    await owner.query(`create sequence if not exists khidma.bench_numbers start 1000000000`)
    await owner.query(current.text.replace(counted, drawn))
    original = current.text
  } else if (way !== 'a plain sequence' && original) {
    await owner.query(original)
  }
}
let original: string | null = null

const inputs = JSON.stringify(inputsOf([{ unitPrice: 1_000 }]))

/** Committed invoices a second. */
async function rateOf(
  { owner, url }: BenchDatabase,
  { connections, workMs }: Scene,
  way: Way,
  seconds: number,
): Promise<number> {
  await numberBy(owner, way)
  const buyer = (await owner.query(`select id from users order by id limit 1`)).rows[0].id
  const pool = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return client
    }),
  )
  const ends = performance.now() + seconds * 1_000
  let issued = 0
  const issue = async (client: pg.Client) => {
    while (performance.now() < ends) {
      await client.query('begin')
      await client.query(
        `select khidma.issue_invoice('invoice', 'order', $1, $2, 'EGP', khidma.price_with($3::jsonb), null, now())`,
        [newId(), buyer, inputs],
      )
      if (way === 'gapless, taken at once') await client.query('set constraints all immediate')
      if (workMs > 0) await client.query('select pg_sleep($1)', [workMs / 1_000])
      await client.query('commit')
      issued += 1
    }
  }
  const startedAt = performance.now()
  await Promise.all(pool.map(issue))
  const took = (performance.now() - startedAt) / 1_000
  await Promise.all(pool.map((client) => client.end()))
  return issued / took
}

function report({ version }: BenchDatabase, rates: Map<string, number[]>): Report {
  const rateIn = (scene: Scene, way: Way): number => median(rates.get(scene.what + way) ?? [0])
  const goals = scenes.map((scene): Goal => {
    const ratio = rateIn(scene, 'gapless, at the commit') / rateIn(scene, 'a plain sequence')
    return {
      what: `gapless numbers against a plain sequence, ${scene.what}`,
      goal: `at least ${goalRatio}`,
      figure: ratio.toFixed(2),
      met: ratio >= goalRatio,
    }
  })
  return {
    title: 'Numbers of invoices',
    method: [
      'Invoices with a line and a tax, one a transaction, all of one series, on a Postgres whose commits reach the disk; committed invoices a second,',
      'medians of five rounds that take turns. At the commit: as it is. Taken at once: the same, with the counter locked right after the invoice. A plain',
      'sequence: the same function with `nextval` in place of the counter, which leaves a gap for each transaction that fails.',
    ].join('\n'),
    tables: [
      {
        columns: ['', ...ways],
        rows: scenes.map((scene) => [scene.what, ...ways.map((way) => perSecond(rateIn(scene, way)))]),
      },
    ],
    goals,
    postgres: version,
  }
}
