import type { UserActor } from '../core/context.ts'
import { Problem } from '../core/problems.ts'
import { said } from '../core/said.ts'
import type { Scope } from '../core/scopes.ts'
import { allRoutes } from './mount.ts'
import { operations } from './operation.ts'
import { isFor } from './policy.ts'

const unusableText = said({
  en: 'gives no access to anything that you may do yourself',
  ar: 'لا يتيح شيئًا يحق لك فعله بنفسك',
})

/** A scope that opens nothing to its owner would be refused at every call: it is refused here, and its machine works. */
export async function refuseUnusable(actor: UserActor, asked: readonly Scope[]): Promise<void> {
  await allRoutes()
  const usable = new Set<string>()
  for (const { policy } of operations.values()) {
    if (policy !== 'public' && policy.scope && isFor(policy, actor)) usable.add(policy.scope)
  }
  const unusable = asked.flatMap((scope, index) => (usable.has(scope) ? [] : [{ scope, index }]))
  if (unusable.length === 0) return
  throw new Problem('scope_unusable', {
    values: { scopes: unusable.map(({ scope }) => scope).join(', ') },
    errors: unusable.map(({ index }) => ({ pointer: `/scopes/${index}`, message: unusableText })),
  })
}
