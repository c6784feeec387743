import { seal } from '../../../src/core/crypto.ts'
import { gatewayConfigPurpose } from '../../../src/core/encryption.ts'
import { newId } from '../../../src/core/ids.ts'
import { withChild } from '../child.ts'
import { type BenchDatabase, cpuAtRestMs, withDatabase, withoutTriggers } from '../database.ts'
import type { GatewayEventsPlan, GatewayEventsResult } from '../gateway-events-process.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../runtime.ts'
import {
  type BenchOptions,
  type Goal,
  ms,
  perSecond,
  type Report,
  type Section,
  say,
  spreadOf,
} from '../section.ts'
import { measurePostings, type Postings, postingGoals, postingMethod, postingTable } from './postings.ts'

export const money: Section = { name: 'money', run }

/** As `scheduledAtOnce` of src/areas/money/payouts/schedule.ts, which a Worker loads. */
const taskersAtOnce = 250
const eventsPerSecond = 200

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const postings = await withDatabase((database) => measurePostings(database, quick ? [2, 0.5] : [6, 2]))
  const payday = await withDatabase((database) => measurePayday(database, quick ? 500 : 10_000))
  const answered = await withDatabase((database) =>
    measureEvents(workshop, database, quick ? 200 : 10 * eventsPerSecond),
  )
  return report(postings, payday, answered)
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

function report(postings: Postings, payday: Payday, latencies: number[]): Report {
  const answers = spreadOf(latencies)
  const goals: Goal[] = postingGoals(postings)
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
      postingMethod(postings),
      `Events: signed as Stripe does, at ${eventsPerSecond} a second whether or not earlier ones are answered, from when each was due to the end of its answer; the work`,
      'on each event waits for a pause of them. A payday: earnings of each tasker, every third owes commission, which is netted first; one connection.',
      'Rates and times depend on what else the machine does; processor times hardly.',
    ].join('\n'),
    tables: [
      postingTable(postings),
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
    postgres: postings.version,
  }
}
