import type { BenchDatabase, Recorder, RoundTrip } from './database.ts'
import { type HttpWorld, headersOf, operations, takeIds } from './http-world.ts'
import { khidmaWorker, type Workshop, withRuntime } from './runtime.ts'
import type { Script, Variable } from './script.ts'

/** A call that can be made again and again with another id by another caller. */
export interface Operation {
  operationId: string
  method: string
  /** `{id}` is replaced. */
  path: string
  body?: string
  status: number
}

interface Sample {
  pathId: string
  userId: string
  headers: Record<string, string>
}

/** Statements that the Worker sends for each of the three operations, by operation id. */
export async function recordScripts(
  workshop: Workshop,
  database: BenchDatabase,
  world: HttpWorld,
): Promise<Record<string, Script>> {
  const worker = khidmaWorker(workshop, { bindings: database.bindings })
  return withRuntime([worker], async (runtime) => {
    const origin = await runtime.originOf('khidma')
    const headers = await headersOf(world, workshop.secrets)
    const scripts: Record<string, Script> = {}
    for (const operation of operations) {
      const samples = [0, 1].map((index) => ({
        pathId: takeIds(world, operation, index, 1)[0] ?? '',
        userId: world.clients[index]?.userId ?? '',
        headers: headers[index] ?? {},
      })) as [Sample, Sample]
      scripts[operation.operationId] = await recordScript(origin, database.recorder, operation, samples)
    }
    return scripts
  })
}

/** Calls the operation twice as two callers: what differs between the statements it sent is what varies by call. */
async function recordScript(
  origin: string,
  recorder: Recorder,
  operation: Operation,
  samples: [Sample, Sample],
): Promise<Script> {
  const calls: { roundTrip: RoundTrip; known: Record<string, Variable> }[] = []
  for (const sample of samples) {
    const url = origin + operation.path.replace('{id}', sample.pathId)
    const { method, body } = operation
    const headers = { ...sample.headers, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const { value: reply, roundTrips } = await recorder.record(() =>
      fetch(url, { method, headers, body: body ?? null }),
    )
    if (reply.status !== operation.status)
      throw new Error(`${operation.operationId}: ${reply.status} ${await reply.text()}`)
    const [roundTrip, ...others] = roundTrips
    if (!roundTrip || others.length > 0)
      throw new Error(`${operation.operationId} made ${roundTrips.length} round trips`)
    const known = {
      [sample.pathId]: 'pathId',
      [sample.userId]: 'userId',
      [reply.headers.get('x-request-id') ?? '']: 'requestId',
    } as const
    calls.push({ roundTrip, known })
  }
  const [first, second] = calls as [(typeof calls)[0], (typeof calls)[0]]
  return {
    isBatch: first.roundTrip.isBatch,
    statements: first.roundTrip.statements.map(({ query, params }) => ({ query, params })),
    variables: variablesOf(operation.operationId, first, second.roundTrip),
    status: operation.status,
  }
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** An id that the second call sent as well stays; the session of a call is the first one's for everybody. */
function variablesOf(
  operationId: string,
  { roundTrip, known }: { roundTrip: RoundTrip; known: Record<string, Variable> },
  other: RoundTrip,
): Script['variables'] {
  const variables: Script['variables'] = []
  const newIds = new Set<string>()
  for (const [statement, { query, params }] of roundTrip.statements.entries()) {
    if (other.statements[statement]?.query !== query)
      throw new Error(`${operationId} sends other SQL each time`)
    for (const [param, text] of params.entries()) {
      for (const value of new Set(text?.match(uuids) ?? [])) {
        if (other.statements[statement]?.params[param]?.includes(value)) continue
        const isSession = text?.includes(`"sourceId":"${value}"`)
        if (isSession) continue
        if (!known[value]) newIds.add(value)
        variables.push({ statement, param, value, is: known[value] ?? 'newId' })
      }
    }
  }
  if (newIds.size > 1) throw new Error(`${operationId} makes ${newIds.size} ids; the bare Worker makes one`)
  return variables
}
