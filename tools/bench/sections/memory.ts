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
import { watchResident } from '../processes.ts'
import { khidmaWorker, plainWorker, withRuntime } from '../runtime.ts'
import { type BenchOptions, mebibytes, perSecond, type Report, type Section, say } from '../section.ts'

const LIMIT_BYTES = 128 * 1024 ** 2

export const memory: Section = { name: 'memory', run }

interface Usage {
  afterFirst: HeapUsage
  peak: HeapUsage
  residentBytes: number
}

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const requests = quick ? 640 : 9_600
  return withDatabase(async (database) => {
    const world = await prepareHttpWorld(database.owner, requests)
    const worker = khidmaWorker(workshop, { bindings: database.bindings, hasConsumers: true })
    const headers = await headersOf(world, workshop.secrets)
    say(`${requests} requests each of ${operations.length} operations, twice`)
    const khidma = await underLoad(worker, world, headers, requests)
    const hello = await underLoad(plainWorker('hello', workshop.bundles.hello), world, headers, requests)
    return { ...report(khidma, hello, requests), postgres: database.version }
  })
}

async function underLoad(
  worker: ReturnType<typeof plainWorker>,
  world: HttpWorld,
  headers: Record<string, string>[],
  requests: number,
): Promise<Usage> {
  const name = String(worker.name)
  const inspectorPort = await freePort()
  const work = async (
    load: { run(plan: LoadPlan): Promise<LoadResult> },
    origin: string,
    inspector: Inspector,
  ) => {
    const health = { operationId: 'platform.health', method: 'GET', path: '/healthz', status: 200 }
    await load.run(planOf(origin, health, headers, () => [], CONNECTIONS))
    const afterFirst = await heapOf(inspector)
    const heap = watchHeap(inspector)
    for (const operation of operations) {
      const ids = (client: number) =>
        name === 'hello' ? [] : takeIds(world, operation, client, requests / CONNECTIONS)
      const plan = planOf(origin, operation, headers, ids, requests)
      await load.run(name === 'hello' ? { ...plan, expectedStatus: 200 } : plan)
    }
    return { afterFirst, peak: await heap.stop() }
  }
  return withRuntime(
    [worker],
    async (runtime) => {
      const resident = watchResident(runtime.pid)
      const origin = await runtime.originOf(name)
      const inspector = await attachInspector(inspectorPort, name)
      const usage = await withChild<LoadPlan, LoadResult, Omit<Usage, 'residentBytes'>>(
        'load-process.ts',
        (load) => work(load, origin, inspector),
      )
      inspector.close()
      return { ...usage, residentBytes: resident.stop() }
    },
    { inspectorPort },
  )
}

interface HeapUsage {
  usedSize: number
  totalSize: number
  backingStorageSize: number
}

const heapOf = (inspector: Inspector): Promise<HeapUsage> => inspector.call('Runtime.getHeapUsage')

/** The highest of each figure, asked for twenty times a second. */
function watchHeap(inspector: Inspector): { stop(): Promise<HeapUsage> } {
  let peak: HeapUsage = { usedSize: 0, totalSize: 0, backingStorageSize: 0 }
  const look = async () => {
    const now = await heapOf(inspector)
    peak = {
      usedSize: Math.max(peak.usedSize, now.usedSize),
      totalSize: Math.max(peak.totalSize, now.totalSize),
      backingStorageSize: Math.max(peak.backingStorageSize, now.backingStorageSize),
    }
  }
  const timer = setInterval(() => void look(), 50)
  return {
    async stop() {
      clearInterval(timer)
      await look()
      return peak
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
      'objects with it. Heap: the V8 inspector (`Runtime.getHeapUsage`), twenty times a second; what the isolate holds is the pages V8 has taken',
      'from the system and the buffers outside of them. Resident: the whole workerd process as the system counts it, the runtime included.',
    ].join('\n'),
    tables: [
      {
        columns: ['', 'Khidma', 'hello world'],
        rows: [
          row('heap in use after the first requests', ({ afterFirst }) => afterFirst.usedSize),
          row('heap in use, peak', (usage) => usage.peak.usedSize),
          row('held by the isolate, peak', (usage) => total(usage.peak)),
          row('resident, peak, of the process', ({ residentBytes }) => residentBytes),
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
