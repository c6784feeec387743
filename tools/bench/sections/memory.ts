import { withChild } from '../child.ts'
import { withDatabase } from '../database.ts'
import {
  CONNECTIONS,
  type HttpWorld,
  headersOf,
  operations,
  planOf,
  prepareHttpWorld,
  takeIds,
} from '../http-world.ts'
import { attachInspector, freePort, type Inspector } from '../inspector.ts'
import type { LoadPlan, LoadResult } from '../load-process.ts'
import { residentBytes, watchResident } from '../processes.ts'
import { khidmaWorker, plainWorker, type Runtime, withRuntime } from '../runtime.ts'
import { type BenchOptions, mebibytes, perSecond, type Report, type Section, say } from '../section.ts'

const LIMIT_BYTES = 128 * 1024 ** 2

export const memory: Section = { name: 'memory', run }

interface Usage {
  afterFirst: HeapUsage
  peak: HeapUsage
  /** The least in use in the second half of the load: what a collection leaves. */
  live: number
  residentAfterFirst: number
  residentPeak: number
}

type Worker = ReturnType<typeof plainWorker>

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const requests = quick ? 640 : 9_600
  return withDatabase(async (database) => {
    const world = await prepareHttpWorld(database.owner, 2 * requests)
    const worker = khidmaWorker(workshop, { bindings: database.bindings, hasConsumers: true })
    const headers = await headersOf(world, workshop.secrets)
    const measure = async (measured: Worker): Promise<Usage> => {
      say(`${requests} requests each of ${operations.length} operations on ${measured.name}, twice`)
      const load = { worker: measured, name: String(measured.name), world, headers, requests }
      // One after the other: an inspector that listens makes the process grow.
      return { ...(await watchHeap(load)), ...(await watchProcess(load)) }
    }
    const khidma = await measure(worker)
    const hello = await measure(plainWorker('hello', workshop.bundles.hello))
    return { ...report(khidma, hello, requests), postgres: database.version }
  })
}

interface Load {
  worker: Worker
  name: string
  world: HttpWorld
  headers: Record<string, string>[]
  requests: number
}

async function watchHeap(load: Load): Promise<Pick<Usage, 'afterFirst' | 'peak' | 'live'>> {
  const inspectorPort = await freePort()
  const watch = async (runtime: Runtime) => {
    const origin = await runtime.originOf(load.name)
    const inspector = await attachInspector(inspectorPort, load.name)
    await sendFirst(load, origin)
    const afterFirst = await heapOf(inspector)
    const heap = sampleHeap(inspector)
    await sendAll(load, origin)
    const sampled = await heap.stop()
    inspector.close()
    return { afterFirst, ...sampled }
  }
  return withRuntime([load.worker], watch, { inspectorPort })
}

function watchProcess(load: Load): Promise<Pick<Usage, 'residentAfterFirst' | 'residentPeak'>> {
  return withRuntime([load.worker], async (runtime) => {
    const origin = await runtime.originOf(load.name)
    await sendFirst(load, origin)
    const residentAfterFirst = residentBytes(runtime.pid)
    const resident = watchResident(runtime.pid)
    await sendAll(load, origin)
    return { residentAfterFirst, residentPeak: resident.stop() }
  })
}

const health = { operationId: 'platform.health', method: 'GET', path: '/healthz', status: 200 }

const sendFirst = ({ headers }: Load, origin: string) =>
  send(planOf(origin, health, headers, () => [], CONNECTIONS))

async function sendAll({ name, world, headers, requests }: Load, origin: string): Promise<void> {
  for (const operation of operations) {
    const isHello = name === 'hello'
    const ids = (client: number) => (isHello ? [] : takeIds(world, operation, client, requests / CONNECTIONS))
    const plan = planOf(origin, operation, headers, ids, requests)
    await send(isHello ? { ...plan, expectedStatus: 200 } : plan)
  }
}

const send = (plan: LoadPlan) =>
  withChild<LoadPlan, LoadResult, LoadResult>('load-process.ts', (child) => child.run(plan))

interface HeapUsage {
  usedSize: number
  totalSize: number
  backingStorageSize: number
}

const heapOf = (inspector: Inspector): Promise<HeapUsage> => inspector.call('Runtime.getHeapUsage')

/** Asked for twenty times a second. */
function sampleHeap(inspector: Inspector): { stop(): Promise<Pick<Usage, 'peak' | 'live'>> } {
  const samples: HeapUsage[] = []
  const look = async () => {
    samples.push(await heapOf(inspector))
  }
  const timer = setInterval(() => void look(), 50)
  const highest = (pick: (usage: HeapUsage) => number) => Math.max(...samples.map(pick))
  return {
    async stop() {
      clearInterval(timer)
      await look()
      const secondHalf = samples.slice(Math.floor(samples.length / 2))
      return {
        peak: {
          usedSize: highest(({ usedSize }) => usedSize),
          totalSize: highest(({ totalSize }) => totalSize),
          backingStorageSize: highest(({ backingStorageSize }) => backingStorageSize),
        },
        live: Math.min(...secondHalf.map(({ usedSize }) => usedSize)),
      }
    },
  }
}

function report(khidma: Usage, hello: Usage, requests: number): Report {
  const total = ({ totalSize, backingStorageSize }: HeapUsage) => totalSize + backingStorageSize
  const row = (what: string, pick: (usage: Usage) => number) => [
    what,
    mebibytes(pick(khidma)),
    mebibytes(pick(hello)),
  ]
  const peak = total(khidma.peak)
  return {
    title: 'Memory',
    method: [
      `One isolate under ${CONNECTIONS} connections with ${perSecond(requests)} requests each of tasks.get, tasks.create and bookings.confirm, its queue consumers and`,
      'objects with it. Heap: the V8 inspector (`Runtime.getHeapUsage`), twenty times a second; what the isolate holds is the pages V8 has',
      'taken from the system and the buffers outside of them. Resident, in a run of its own: the whole workerd process as the system counts',
      'it, with the runtime and its simulated queues and storage.',
    ].join('\n'),
    tables: [
      {
        columns: ['', 'Khidma', 'hello world'],
        rows: [
          row('heap in use after the first requests', ({ afterFirst }) => afterFirst.usedSize),
          row('heap in use, peak', (usage) => usage.peak.usedSize),
          row('heap in use, lowest in the second half (what a collection leaves)', ({ live }) => live),
          row('held by the isolate, peak', (usage) => total(usage.peak)),
          row('resident after the first requests', ({ residentAfterFirst }) => residentAfterFirst),
          row('resident, peak', ({ residentPeak }) => residentPeak),
        ],
      },
    ],
    goals: [
      {
        what: 'peak memory of the isolate',
        goal: `< ${mebibytes(LIMIT_BYTES)} (the platform's limit)`,
        figure: mebibytes(peak),
        met: peak < LIMIT_BYTES,
      },
    ],
  }
}
