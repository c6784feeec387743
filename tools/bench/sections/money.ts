import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { median } from 'simple-statistics'
import { seal } from '../../../src/core/crypto.ts'
import { gatewayConfigPurpose } from '../../../src/core/encryption.ts'
import { newId } from '../../../src/core/ids.ts'
import { withChild } from '../child.ts'
import { type BenchDatabase, connectTo, cpuAtRestMs, withDatabase, withoutTriggers } from '../database.ts'
import type { GatewayEventsPlan, GatewayEventsResult } from '../gateway-events-process.ts'
import { insertPeople } from '../people.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../runtime.ts'
import {
  type BenchOptions,
  type Goal,
  ms,
  perSecond,
  type Report,
  ranged,
  type Section,
  say,
  spreadOf,
} from '../section.ts'

export const money: Section = { name: 'money', run }

/** As `scheduledAtOnce` of src/areas/money/payouts/schedule.ts, which a Worker loads. */
const taskersAtOnce = 250
const eventsPerSecond = 200

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const postings = await withDatabase((database) => measurePostings(database, quick ? [2, 0.5] : [4, 2]))
  const payday = await withDatabase((database) => measurePayday(database, quick ? 500 : 10_000))
  const answered = await withDatabase((database) =>
    measureEvents(workshop, database, quick ? 200 : 10 * eventsPerSecond),
  )
  return report(postings, payday, answered)
}

/* Postings a second */

interface Contest {
  name: string
  connections: number
  goal: number
  /** Statement and values of one transfer, by the index of its connection. */
  ours(index: number): [string, unknown[]]
  byHand(index: number): [string, unknown[]]
}

interface Rate {
  perSecond: number
  cpuMs: number
}

interface Measured {
  contest: Contest
  ours: Rate[]
  byHand: Rate[]
}

interface Postings {
  version: string
  measured: Measured[]
}

const accountsEach = 40

async function measurePostings(database: BenchDatabase, [rounds, seconds]: number[]): Promise<Postings> {
  const { owner, url, version } = database
  const people = await insertPeople(owner, 'client', 20 * accountsEach)
  const ids = people.map(({ userId }) => userId)
  await owner.query(await readFile(join(import.meta.dirname, '../peers/plain-ledger.sql'), 'utf8'))
  const platform = newId()
  await owner.query(
    `insert into bench_accounts (id, name, currency, allow_negative) select id, 'a user', 'EGP', false from unnest($1::uuid[]) id
     union all select $2, 'the platform', 'EGP', true`,
    [ids, platform],
  )
  const enough = 1_000_000_000
  for (const id of ids) {
    await owner.query('select khidma.post_entry($1, $2, null, null, $3, $4)', [
      newId(),
      'adjustment',
      'EGP',
      linesOf(null, id, enough),
    ])
    await owner.query('select bench_transfer($1, $2, $3)', [platform, id, enough])
  }
  await owner.query('select khidma.roll_up_balances()')
  await owner.query('vacuum analyze')
  const contests = contestsOf(ids, platform)
  const measured: Measured[] = contests.map((contest) => ({ contest, ours: [], byHand: [] }))
  const lines = await Promise.all(Array.from({ length: 20 }, () => connectTo(url)))
  try {
    for (let round = 0; round < (rounds ?? 1); round += 1) {
      for (const each of measured) {
        const { contest } = each
        const go = (way: 'ours' | 'byHand') =>
          measureRate(lines.slice(0, contest.connections), contest[way], seconds ?? 1)
        // The one that goes first changes.
        const order = round % 2 === 0 ? (['ours', 'byHand'] as const) : (['byHand', 'ours'] as const)
        for (const way of order) each[way].push(await go(way))
        say(
          `${contest.name}: ${perSecond(each.ours.at(-1)?.perSecond ?? 0)}/s, by hand ${perSecond(each.byHand.at(-1)?.perSecond ?? 0)}/s`,
        )
      }
    }
  } finally {
    await Promise.all(lines.map((line) => line.end()))
  }
  return { version, measured }
}

const linesOf = (from: string | null, to: string, amount: number): string =>
  JSON.stringify([
    from === null
      ? { account: 'platform_clearing', name: 'stripe', amount: -amount }
      : { account: 'client_wallet', owner: from, amount: -amount },
    { account: 'client_wallet', owner: to, amount },
  ])

function contestsOf(ids: string[], platform: string): Contest[] {
  let turn = 0
  const userOf = (index: number, offset: number) => {
    turn += 1
    return ids[index * accountsEach + ((turn + offset) % accountsEach)] as string
  }
  const pairOf = (index: number): [string, string] => {
    const from = userOf(index, 0)
    return [from, ids[index * accountsEach + ((turn + 1) % accountsEach)] as string]
  }
  const post = 'select khidma.post_entry($1, $2, null, null, $3, $4)'
  const entry = (from: string | null, to: string): [string, unknown[]] => [
    post,
    [newId(), 'adjustment', 'EGP', linesOf(from, to, 1)],
  ]
  const transfer = (from: string, to: string): [string, unknown[]] => [
    'select bench_transfer($1, $2, $3)',
    [from, to, 1],
  ]
  const between = [1, 4, 20].map((connections) => ({
    name: `between users, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    connections,
    goal: 1.2,
    ours: (index: number) => entry(...pairOf(index)),
    byHand: (index: number) => transfer(...pairOf(index)),
  }))
  const crowded = {
    name: 'from one account of the platform, 20 connections',
    connections: 20,
    goal: 3,
    ours: (index: number) => entry(null, userOf(index, 0)),
    byHand: (index: number) => transfer(platform, userOf(index, 0)),
  }
  return [...between, crowded]
}

async function measureRate(
  lines: pg.Client[],
  call: (index: number) => [string, unknown[]],
  seconds: number,
): Promise<Rate> {
  const pids = await Promise.all(
    lines.map(async (line) => (await line.query('select pg_backend_pid() as pid')).rows[0].pid as number),
  )
  const cpu = async () => (await Promise.all(pids.map(cpuAtRestMs))).reduce((sum, each) => sum + each, 0)
  const go = async (until: number): Promise<number> => {
    const counts = await Promise.all(
      lines.map(async (line, index) => {
        let count = 0
        for (; performance.now() < until; count += 1) {
          const [text, values] = call(index)
          await line.query({ name: text, text, values })
        }
        return count
      }),
    )
    return counts.reduce((sum, each) => sum + each, 0)
  }
  await go(performance.now() + (seconds * 1_000) / 5)
  const [before, startedAt] = [await cpu(), performance.now()]
  const count = await go(startedAt + seconds * 1_000)
  const tookMs = performance.now() - startedAt
  return { perSecond: (count * 1_000) / tookMs, cpuMs: ((await cpu()) - before) / count }
}

/* A payday */

interface Payday {
  taskers: number
  seconds: number
  cpuSeconds: number
  netted: number
}

async function measurePayday({ owner }: BenchDatabase, taskers: number): Promise<Payday> {
  const ids = Array.from({ length: taskers }, () => newId())
  await owner.query(
    `insert into users (id, phone, role) select id, '+2019' || lpad(n::text, 8, '0'), 'tasker' from unnest($1::uuid[]) with ordinality as u (id, n)`,
    [ids],
  )
  const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  const terms = { weekdays: everyDay, fromHour: 0, minimum: { EGP: 1_000 }, holdDays: 2 }
  await owner.query(
    `insert into config_entries (id, key, value, valid_during, reason) values ($1, 'payouts.schedule', $2, tstzrange(now(), null), 'Bench')`,
    [newId(), JSON.stringify(terms)],
  )
  await withoutTriggers(owner, () =>
    owner.query(
      `insert into payout_accounts (id, user_id, kind, country, currency, details, last_four, holder_name, is_default)
       select khidma.uuid_v7(), id, 'bank', 'EG', 'EGP', 'k.x.y', '0002', 'Amina Hassan', true from unnest($1::uuid[]) id`,
      [ids],
    ),
  )
  // Earnings of each; every third owes commission on cash.
  for (let first = 0; first < taskers; first += taskersAtOnce)
    await owner.query(
      `select khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, null, 'EGP', jsonb_build_array(
                jsonb_build_object('account', 'platform_clearing', 'name', 'stripe', 'amount', -9000),
                jsonb_build_object('account', 'tasker_payable', 'owner', id, 'amount', 9000))),
              case when n % 3 = 0 then khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, null, 'EGP', jsonb_build_array(
                jsonb_build_object('account', 'commission_receivable', 'owner', id, 'amount', -1500),
                jsonb_build_object('account', 'platform_fee', 'amount', 1500))) end
         from unnest($1::uuid[]) with ordinality as u (id, n)`,
      [ids.slice(first, first + taskersAtOnce)],
    )
  await owner.query('vacuum analyze')
  const pid = (await owner.query('select pg_backend_pid() as pid')).rows[0].pid as number
  const [cpu, startedAt] = [await cpuAtRestMs(pid), performance.now()]
  const total = { taskers: 0, payouts: 0, netted: 0 }
  for (;;) {
    await owner.query('begin')
    await owner.query(`select khidma.begin_request('system', null, 'bench', null, null, null, null, null)`)
    const { rows } = await owner.query('select khidma.run_payouts($1) as report', [taskersAtOnce])
    await owner.query('commit')
    for (const key of ['taskers', 'payouts', 'netted'] as const) total[key] += rows[0].report[key]
    if (rows[0].report.taskers === 0) break
  }
  const seconds = (performance.now() - startedAt) / 1_000
  if (total.payouts !== taskers) throw new Error(`${total.payouts} of ${taskers} taskers were paid.`)
  say(`${taskers} taskers in ${seconds.toFixed(1)} s`)
  return { taskers, seconds, cpuSeconds: ((await cpuAtRestMs(pid)) - cpu) / 1_000, netted: total.netted }
}

/* Events of gateways */

async function measureEvents(workshop: Workshop, database: BenchDatabase, events: number): Promise<number[]> {
  const id = newId()
  const secret = 'whsec_bench0001'
  const config = {
    secretKey: 'sk_test_bench',
    publishableKey: 'pk_test_bench',
    webhookSecrets: [secret],
    // Nobody is there: an event of a payment that we do not know asks nobody.
    apiUrl: 'http://127.0.0.1:9',
  }
  const sealed = await seal(
    workshop.secrets.ENCRYPTION_KEYS,
    gatewayConfigPurpose(id),
    JSON.stringify(config),
  )
  await database.owner.query(
    `insert into payment_gateway_configs (id, gateway, display_name, config, status, currencies, methods, activated_at)
     values ($1, 'stripe', 'Bench', $2, 'active', '{EGP}', '{card}', now())`,
    [id, sealed],
  )
  const worker = khidmaWorker(workshop, { bindings: { ...database.bindings, ENVIRONMENT: 'development' } })
  return withRuntime([worker], async (runtime) => {
    const origin = await runtime.originOf('khidma')
    return withChild<GatewayEventsPlan, GatewayEventsResult, number[]>(
      'gateway-events-process.ts',
      async (child) => {
        const plan = { origin, secret, perSecond: eventsPerSecond }
        await child.run({
          ...plan,
          events: Math.ceil(events / 5),
          perSecond: eventsPerSecond / 4,
          name: 'warm',
        })
        const { latencies } = await child.run({ ...plan, events, name: 'measured' })
        const { rows } = await database.owner.query(
          `select count(*)::int as kept from gateway_events where event_id like 'evt_measured%'`,
        )
        if (rows[0].kept !== events) throw new Error(`${rows[0].kept} of ${events} events were kept.`)
        return latencies
      },
    )
  })
}

function report({ version, measured }: Postings, payday: Payday, latencies: number[]): Report {
  const ratios = ({ ours, byHand }: Measured, of: keyof Rate) =>
    ours.map((each, index) => each[of] / (byHand[index]?.[of] ?? Number.NaN))
  const rows = measured.flatMap((each) =>
    (['ours', 'byHand'] as const).map((way) => [
      each.contest.name,
      way === 'ours' ? '`khidma.post_entry`' : 'the ledger by hand',
      perSecond(median(each[way].map((rate) => rate.perSecond))),
      `${median(each[way].map(({ cpuMs }) => cpuMs)).toFixed(3)} ms`,
      way === 'ours' ? ranged(ratios(each, 'perSecond')) : '',
    ]),
  )
  const answers = spreadOf(latencies)
  const goals: Goal[] = measured.map((each) => ({
    what: `postings a second, ${each.contest.name}, against the ledger by hand`,
    goal: `≥ ${each.contest.goal}`,
    figure: ranged(ratios(each, 'perSecond')),
    met: median(ratios(each, 'perSecond')) >= each.contest.goal,
  }))
  goals.push(
    {
      what: `events of a gateway answered, p99 at ${eventsPerSecond} a second`,
      goal: '< 20 ms',
      figure: ms(answers.p99),
      met: answers.p99 < 20,
    },
    {
      what: 'a payday of 10,000 taskers',
      goal: '< 60 s',
      figure: `${payday.seconds.toFixed(1)} s for ${perSecond(payday.taskers)}`,
      met: (payday.seconds * 10_000) / payday.taskers < 60,
    },
  )
  return {
    title: 'Money',
    method: [
      'Postings: one transfer a transaction, prepared, each connection after the other’s answer; entries of two lines through',
      '`khidma.post_entry` (kinds, owners, holds, idempotent references, immutable lines, their sum checked), and the same transfer in',
      '`tools/bench/peers/plain-ledger.sql` in the same database. CPU is that of the Postgres backends, a posting.',
      `${measured[0]?.ours.length ?? 0} rounds, taking turns; medians, and ratios with the range of the rounds.`,
      `Events: signed as Stripe does, at ${eventsPerSecond} a second whether or not earlier ones are answered, from when each was due to the end of its answer; the work`,
      'on each event waits for a pause of them. A payday: earnings of each tasker, every third owes commission, which is netted first; one connection.',
      'Rates and times depend on what else the machine does; processor times hardly.',
    ].join('\n'),
    tables: [
      { columns: ['postings', '', 'a second', 'CPU a posting', 'ours / by hand'], rows },
      {
        columns: ['', 'count', 'p50', 'p95', 'p99', 'max'],
        rows: [
          [
            'events answered',
            perSecond(answers.count),
            ...[answers.p50, answers.p95, answers.p99, answers.max].map(ms),
          ],
        ],
      },
      {
        columns: ['payday', 'netted', 'time', 'CPU of the backend', 'CPU a tasker'],
        rows: [
          [
            `${perSecond(payday.taskers)} taskers`,
            perSecond(payday.netted),
            `${payday.seconds.toFixed(1)} s`,
            `${payday.cpuSeconds.toFixed(1)} s`,
            `${((payday.cpuSeconds * 1_000) / payday.taskers).toFixed(2)} ms`,
          ],
        ],
      },
    ],
    goals,
    postgres: version,
  }
}
