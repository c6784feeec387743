import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { Client } from 'undici'
import { wrangler } from '../build.ts'
import { khidmaWorker, plainWorker, type Workshop, withRuntime } from '../runtime.ts'
import { type BenchOptions, kibibytes, ms, type Report, type Section, say } from '../section.ts'

const GOAL_MS = { startup: 50, firstRequest: 120 }

export const startup: Section = { name: 'startup', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const runs = quick ? 2 : 7
  const profiles: Profile[] = []
  for (let index = 0; index < runs; index += 1) {
    profiles.push(await profileStartup(workshop))
    say(`startup ${ms(profiles.at(-1)?.activeMs ?? 0)}`)
  }
  const firstBytes: FirstBytes[] = []
  for (let index = 0; index < runs; index += 1) firstBytes.push(await firstRequests(workshop))
  const of = <T>(items: T[], pick: (item: T) => number) => ms(median(items.map(pick)))
  const activeMs = median(profiles.map((profile) => profile.activeMs))
  const firstMs = median(firstBytes.map(({ first }) => first))
  const { khidma } = workshop.bundles
  return {
    title: 'Startup',
    method: [
      `CPU time: \`wrangler check startup\` profiles the load of the bundle; counted is every sample that is not idle, native code and garbage`,
      `collection included; the median of ${runs} runs. First request: a fresh workerd has loaded the bundle; then the time to the last byte of`,
      '`GET /healthz`, which imports the middleware and the routes of one area, and of the same once more; then the first request to an area with',
      'many schemas, without a token.',
    ].join('\n'),
    tables: [
      {
        columns: ['', ''],
        rows: [
          ['startup CPU', ms(activeMs)],
          ['… of it JavaScript', of(profiles, (profile) => profile.javaScriptMs)],
          ['bundle', kibibytes(khidma.bytes)],
          ['bundle, gzipped', kibibytes(khidma.gzipBytes)],
          ['first request of an isolate', ms(firstMs)],
          ['second request', of(firstBytes, (times) => times.second)],
          ['first request to tasks', of(firstBytes, (times) => times.tasks)],
          ['first request of a hello world', of(firstBytes, (times) => times.hello)],
        ],
      },
    ],
    goals: [
      {
        what: 'startup CPU',
        goal: `< ${GOAL_MS.startup} ms`,
        figure: ms(activeMs),
        met: activeMs < GOAL_MS.startup,
      },
      {
        what: 'first request of an isolate',
        goal: `< ${GOAL_MS.firstRequest} ms`,
        figure: ms(firstMs),
        met: firstMs < GOAL_MS.firstRequest,
      },
    ],
  }
}

interface Profile {
  activeMs: number
  javaScriptMs: number
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string } }[]
  samples: number[]
  timeDeltas: number[]
}

const native = ['(program)', '(garbage collector)', '(root)']

async function profileStartup({ folder }: Workshop): Promise<Profile> {
  const file = join(folder, 'startup.cpuprofile')
  await wrangler(['check', 'startup', '--outfile', file])
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as CpuProfile
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]))
  const profile: Profile = { activeMs: 0, javaScriptMs: 0 }
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample) ?? ''
    const sampleMs = (timeDeltas[index] ?? 0) / 1000
    if (name === '(idle)') continue
    profile.activeMs += sampleMs
    if (!native.includes(name)) profile.javaScriptMs += sampleMs
  }
  return profile
}

interface FirstBytes {
  first: number
  second: number
  tasks: number
  hello: number
}

async function firstRequests(workshop: Workshop): Promise<FirstBytes> {
  const noDatabase = {
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    DATABASE_HTTP: 'http://127.0.0.1:9/sql',
  }
  const workers = [
    khidmaWorker(workshop, { bindings: noDatabase }),
    plainWorker('hello', workshop.bundles.hello),
  ]
  return withRuntime(workers, async (runtime) => {
    const [hello = 0] = await timeRequests(await runtime.originOf('hello'), [health])
    const [first = 0, second = 0, tasks = 0] = await timeRequests(await runtime.originOf('khidma'), [
      health,
      health,
      { path: '/v1/tasks', status: 401 },
    ])
    return { first, second, tasks, hello }
  })
}

const health = { path: '/healthz', status: 200 }

async function timeRequests(origin: string, requests: readonly (typeof health)[]): Promise<number[]> {
  const client = new Client(origin)
  const times: number[] = []
  for (const { path, status } of requests) {
    const sentAt = performance.now()
    const { statusCode, body } = await client.request({ method: 'GET', path })
    const text = await body.text()
    if (statusCode !== status) throw new Error(`${path} answered ${statusCode} ${text}`)
    times.push(performance.now() - sentAt)
  }
  await client.destroy()
  return times
}
