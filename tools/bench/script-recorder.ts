import type { Script, Variable } from './bare-worker.ts'
import type { Recorder, Trip } from './database.ts'
import { HttpConnection, httpRequest, type Reply } from './http-connection.ts'

/** A call that can be made again and again with another id by another caller. */
export interface Operation {
  operationId: string
  method: string
  /** `{id}` is replaced. */
  path: string
  body?: string
  status: number
}

export interface Sample {
  pathId: string
  userId: string
  headers: Record<string, string>
}

/** Calls the operation twice as two callers: what differs between the statements it sent is what varies by call. */
export async function recordScript(
  origin: string,
  recorder: Recorder,
  operation: Operation,
  samples: [Sample, Sample],
): Promise<Script> {
  const connection = await HttpConnection.open(new URL(origin))
  const calls: { trip: Trip; known: Record<string, Variable> }[] = []
  for (const sample of samples) {
    const request = httpRequest(
      operation.method,
      operation.path.replace('{id}', sample.pathId),
      sample.headers,
      operation.body,
    )
    const { value: reply, trips } = await recorder.record(() => connection.send(request))
    if (reply.status !== operation.status)
      throw new Error(`${operation.operationId}: ${reply.status} ${reply.body}`)
    const [trip, ...others] = trips
    if (!trip || others.length > 0) throw new Error(`${operation.operationId} made ${trips.length} trips`)
    const known = {
      [sample.pathId]: 'pathId',
      [sample.userId]: 'userId',
      [requestIdOf(reply)]: 'requestId',
    } as const
    calls.push({ trip, known })
  }
  connection.close()
  const [first, second] = calls as [(typeof calls)[0], (typeof calls)[0]]
  return {
    isBatch: first.trip.isBatch,
    statements: first.trip.statements.map(({ query, params }) => ({ query, params })),
    variables: variablesOf(operation.operationId, first, second.trip),
    status: operation.status,
  }
}

const requestIdOf = (reply: Reply): string => /\r\nx-request-id: (\S+)/i.exec(reply.head)?.[1] ?? ''

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

function variablesOf(
  operationId: string,
  { trip, known }: { trip: Trip; known: Record<string, Variable> },
  other: Trip,
): Script['variables'] {
  const variables: Script['variables'] = []
  const newIds = new Set<string>()
  for (const [statement, { query, params }] of trip.statements.entries()) {
    if (other.statements[statement]?.query !== query)
      throw new Error(`${operationId} sends other SQL each time`)
    for (const [param, value] of params.entries()) {
      if (value === null || value === other.statements[statement]?.params[param]) continue
      // The audit's record of the call names its session: the bare Worker sends everybody's as the first one's.
      if (value.startsWith('{"')) continue
      if (!known[value] && uuid.test(value)) newIds.add(value)
      const is = known[value] ?? (uuid.test(value) ? 'newId' : undefined)
      if (!is)
        throw new Error(`${operationId}: what is parameter ${param + 1} of statement ${statement + 1}?`)
      variables.push({ statement, param, is })
    }
  }
  if (newIds.size > 1) throw new Error(`${operationId} makes ${newIds.size} ids; the bare Worker makes one`)
  return variables
}
