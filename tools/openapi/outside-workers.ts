import { registerHooks } from 'node:module'

/**
 * Import this first: lets Node read modules of the Worker for what they declare. What `cloudflare:workers` offers exists
 * in name only; whoever calls it here has made a mistake.
 */
const source = `
  const absent = () => { throw new Error('cloudflare:workers is not there outside of the Worker') }
  export class DurableObject {}
  export class WorkerEntrypoint {}
  export class RpcTarget {}
  export const env = {}
  export const waitUntil = absent
`

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
})
