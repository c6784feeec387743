import { newId } from '../../../src/core/ids.ts'
import type { Shape } from '../questions.ts'
import type { CommerceScene } from './scene.ts'

const goal = 20

/** Quotes that a buyer asks for: of one package, of ten, and with a coupon. */
export function shapesOf({ packageIds, buyer }: CommerceScene, calls: number): Shape[] {
  const asked = (what: string, count: number, couponOf: (index: number) => string | null): Shape => ({
    what: `orders.quote: ${what}`,
    goal,
    calls: Array.from({ length: calls }, (_, index) => ({
      by: { userId: buyer, role: 'client' as const, sessionId: newId() },
      method: 'POST' as const,
      path: '/v1/quotes',
      body: {
        country: 'EG',
        items: packageIds.slice(0, count).map((packageId) => ({ packageId, quantity: 1 + (index % 3) })),
        couponCode: couponOf(index),
      },
    })),
  })
  return [
    asked('one package', 1, () => null),
    asked('ten packages', 10, () => null),
    asked('ten packages and a coupon', 10, (index) => `BENCH${1 + index}`),
  ]
}
