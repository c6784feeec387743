import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { median } from 'simple-statistics'
import { newId } from '../../../src/core/ids.ts'
import { type BenchDatabase, connectTo, cpuAtRestMs } from '../database.ts'
import { insertPeople } from '../people.ts'
import { type Goal, perSecond, ranged, say, type Table } from '../section.ts'

/**
 * Folder with `pgledger.sql` of github.com/pgr0ss/pgledger and `uuid-to-ulid.sql` of github.com/scoville/pgsql-ulid, which it
 * needs. Its code is not ours to keep: without the folder the ledger by hand, which is leaner, is the only peer.
 */
const pgledgerFolder = process.env.PGLEDGER

type Way = 'ours' | 'byHand' | 'pgledger'

const names: Record<Way, string> = {
  ours: '`khidma.post_entry`',
  byHand: 'the ledger by hand',
  pgledger: 'pgledger',
}

/** Statement and values of one transfer, by the index of its connection. */
type Transfer = (index: number) => [string, unknown[]]

interface Contest {
  name: string
  connections: number
  goal: number
  ways: [Way, Transfer][]
}

interface Rate {
  perSecond: number
  cpuMs: number
}

interface Measured {
  contest: Contest
  rates: Record<Way, Rate[]>
}

export interface Postings {
  version: string
  measured: Measured[]
}

const accountsEach = 40

interface Accounts {
  ids: string[]
  /** May be below zero. */
  platform: string
  /** Ids that pgledger gave, by ours. */
  ofPgledger: Map<string, string>
}

export async function measurePostings(
  { owner, url, version }: BenchDatabase,
  [rounds, seconds]: number[],
): Promise<Postings> {
  const contests = contestsOf(await openAccounts(owner))
  const measured: Measured[] = contests.map((contest) => ({
    contest,
    rates: { ours: [], byHand: [], pgledger: [] },
  }))
  const lines = await Promise.all(Array.from({ length: 20 }, () => connectTo(url)))
  try {
    for (let round = 0; round < (rounds ?? 1); round += 1) {
      for (const { contest, rates } of measured) {
        const { ways, connections } = contest
        // The one that goes first changes.
        const order = [...ways.slice(round % ways.length), ...ways.slice(0, round % ways.length)]
        for (const [way, transfer] of order)
          rates[way].push(await measureRate(lines.slice(0, connections), transfer, seconds ?? 1))
        const said = ways.map(([way]) => `${names[way]} ${perSecond(rates[way].at(-1)?.perSecond ?? 0)}/s`)
        say(`${contest.name}: ${said.join(', ')}`)
      }
    }
  } finally {
    await Promise.all(lines.map((line) => line.end()))
  }
  return { version, measured }
}

async function openAccounts(owner: pg.Client): Promise<Accounts> {
  const people = await insertPeople(owner, 'client', 20 * accountsEach)
  const ids = people.map(({ userId }) => userId)
  const platform = newId()
  await owner.query(await readFile(join(import.meta.dirname, '../peers/plain-ledger.sql'), 'utf8'))
  await owner.query(
    `insert into bench_accounts (id, name, currency, allow_negative) select id, 'a user', 'EGP', false from unnest($1::uuid[]) id
     union all select $2, 'the platform', 'EGP', true`,
    [ids, platform],
  )
  const ofPgledger = new Map<string, string>()
  if (pgledgerFolder)
    for (const [ours, theirs] of await openInPgledger(owner, pgledgerFolder, [...ids, platform]))
      ofPgledger.set(ours, theirs)
  const enough = 1_000_000_000
  for (const id of ids) {
    await owner.query(post, [newId(), 'adjustment', null, 'EGP', linesOf(null, id, enough)])
    await owner.query(transferByHand, [platform, id, enough])
    if (pgledgerFolder)
      await owner.query(transferInPgledger, [ofPgledger.get(platform), ofPgledger.get(id), enough])
  }
  await owner.query('select khidma.roll_up_balances()')
  await owner.query('vacuum analyze')
  return { ids, platform, ofPgledger }
}

/** The last one may be below zero. */
async function openInPgledger(owner: pg.Client, folder: string, ids: string[]): Promise<[string, string][]> {
  for (const file of ['uuid-to-ulid.sql', 'pgledger.sql'])
    await owner.query(await readFile(join(folder, file), 'utf8'))
  const { rows } = await owner.query<{ ours: string; theirs: string }>(
    `select u.id as ours, a.id as theirs
       from unnest($1::uuid[]) u (id) cross join lateral pgledger_create_account(u.id::text, 'EGP', u.id = $2) a`,
    [ids, ids.at(-1)],
  )
  return rows.map(({ ours, theirs }) => [ours, theirs])
}

const post = 'select khidma.post_entry($1, $2, null, $3, $4, $5)'
const transferByHand = 'select bench_transfer($1, $2, $3)'
const transferInPgledger = 'select * from pgledger_create_transfer($1, $2, $3)'

const linesOf = (from: string | null, to: string, amount: number): string =>
  JSON.stringify([
    from === null
      ? { account: 'platform_clearing', name: 'stripe', amount: -amount }
      : { account: 'client_wallet', owner: from, amount: -amount },
    { account: 'client_wallet', owner: to, amount },
  ])

function contestsOf({ ids, platform, ofPgledger }: Accounts): Contest[] {
  let turn = 0
  const userOf = (index: number, offset: number) =>
    ids[index * accountsEach + ((turn + offset) % accountsEach)] as string
  const pairOf = (index: number): [string, string] => {
    turn += 1
    return [userOf(index, 0), userOf(index, 1)]
  }
  const fromPlatform = (index: number): [null, string] => [null, pairOf(index)[1]]
  const waysOf = (pair: (index: number) => [string | null, string]): Contest['ways'] => {
    const ours: Transfer = (index) => {
      // As every document gives its reference: it is kept from being posted again.
      return [post, [newId(), 'adjustment', newId(), 'EGP', linesOf(...pair(index), 1)]]
    }
    const byHand: Transfer = (index) => {
      const [from, to] = pair(index)
      return [transferByHand, [from ?? platform, to, 1]]
    }
    const pgledger: Transfer = (index) => {
      const [from, to] = pair(index)
      return [transferInPgledger, [ofPgledger.get(from ?? platform), ofPgledger.get(to), 1]]
    }
    const ways: Contest['ways'] = [
      ['ours', ours],
      ['byHand', byHand],
    ]
    return ofPgledger.size > 0 ? [...ways, ['pgledger', pgledger]] : ways
  }
  const between = [1, 4, 20].map((connections) => ({
    name: `between users, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    connections,
    goal: 1.2,
    ways: waysOf(pairOf),
  }))
  const crowded = {
    name: 'from one account of the platform, 20 connections',
    connections: 20,
    goal: 3,
    ways: waysOf(fromPlatform),
  }
  return [...between, crowded]
}

async function measureRate(lines: pg.Client[], call: Transfer, seconds: number): Promise<Rate> {
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

const ratios = ({ rates }: Measured, peer: Way): number[] =>
  rates.ours.map((each, index) => each.perSecond / (rates[peer][index]?.perSecond ?? Number.NaN))

export function postingTable({ measured }: Postings): Table {
  const rows = measured.flatMap((each) =>
    each.contest.ways.map(([way]) => [
      each.contest.name,
      names[way],
      perSecond(median(each.rates[way].map((rate) => rate.perSecond))),
      `${median(each.rates[way].map(({ cpuMs }) => cpuMs)).toFixed(3)} ms`,
      way === 'ours' ? '' : ranged(ratios(each, way)),
    ]),
  )
  return { columns: ['postings', '', 'a second', 'CPU a posting', 'ours / this'], rows }
}

/** Against pgledger where it takes part, else against what is leaner than it. */
export const postingGoals = ({ measured }: Postings): Goal[] =>
  measured.map((each) => {
    const peer = each.rates.pgledger.length > 0 ? 'pgledger' : 'byHand'
    return {
      what: `postings a second, ${each.contest.name}, against ${names[peer]}`,
      goal: `≥ ${each.contest.goal}`,
      figure: ranged(ratios(each, peer)),
      met: median(ratios(each, peer)) >= each.contest.goal,
    }
  })

export function postingMethod({ measured: [first] }: Postings): string {
  const rounds = first?.rates.ours.length ?? 0
  return [
    'Postings: one transfer a transaction, prepared, each connection after the other’s answer; entries of two lines through',
    '`khidma.post_entry` (kinds, owners, holds, idempotent references, immutable lines, their sum checked), and the same transfer in',
    '`tools/bench/peers/plain-ledger.sql` in the same database. CPU is that of the Postgres backends, a posting.',
    ...(first?.rates.pgledger.length
      ? ['pgledger: as it is published (`PGLEDGER`, a folder with its SQL), in the same database as well.']
      : []),
    `${rounds} rounds, taking turns; medians, and ratios with the range of the rounds.`,
  ].join('\n')
}
