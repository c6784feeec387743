import type { Operation } from '../../src/http/operation.ts'
import type { ReadyCall } from './ready-calls.ts'

export type Contract = typeof import('../../test/contract/call.ts')

/**
 * Makes successful calls of the operation: the one of `ready-calls.ts`, or one for each caller of the contract tests whom the
 * example serves. Needs the stand-in for `cloudflare:workers`.
 */
export async function successesOf(
  contract: Contract,
  operation: Operation,
): Promise<(() => Promise<ReadyCall>)[]> {
  const { readyCalls } = await import('./ready-calls.ts')
  const makeReady = readyCalls[operation.operationId]
  if (makeReady) return [makeReady]
  const count = (await contract.callersOf(operation, await contract.objectFor(operation))).length
  const by = (index: number) => async () => {
    const object = await contract.objectFor(operation)
    const as = (await contract.callersOf(operation, object))[index]
    const { params = {}, query = '', body } = object ?? {}
    const own = typeof body === 'function' ? as && (await body(as)) : body
    return () => contract.call(operation, { as, params, query, body: own })
  }
  const successes: (() => Promise<ReadyCall>)[] = []
  const refusals: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { status, body } = await (await by(index)())()
    if (status < 400) successes.push(by(index))
    else refusals.push(`${status} ${(body as { code?: string }).code}`)
  }
  if (successes.length === 0) throw new Error(`nobody succeeded: ${refusals.join(', ')}`)
  return successes
}
