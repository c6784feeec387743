import { registerHooks } from 'node:module'

/**
 * `cloudflare:workers` as the contract tests' own helpers import it, outside of workerd: `env` is set by whoever runs the
 * Worker, and `exports.default` is that Worker over HTTP. So their sample objects and callers serve here too.
 */
export const env: Record<string, unknown> = {}

let origin = 'http://127.0.0.1:9'

export const exports = {
  default: {
    fetch(url: string, init: RequestInit): Promise<Response> {
      const { pathname, search } = new URL(url)
      return fetch(origin + pathname + search, init)
    },
  },
}

export function waitUntil(promise: Promise<unknown>): void {
  promise.catch((error) => console.error(error))
}

export class DurableObject {}

export function pointAt(workerOrigin: string, bindings: Record<string, unknown>): void {
  origin = workerOrigin
  Object.assign(env, bindings)
}

/** From now on whoever imports `cloudflare:workers` gets this module. */
export function standInForWorkers(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cloudflare:workers'
        ? { url: import.meta.url, shortCircuit: true }
        : next(specifier, context),
  })
}
