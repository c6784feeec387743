import { beforeAll, describe, expect, it } from 'vitest'
import { switches } from '../../src/core/switches.ts'
import { operations } from '../../src/http/operation.ts'
import { switchExceptions, switchOf } from '../../src/http/switches.ts'
import { type Caller, signedIn } from '../support/api.ts'
import { all } from './call.ts'
import { withClaims } from './callers.ts'
import { refusalOfCaller } from './deciding.ts'

/** Operations for people, one by one: which ability each needs, and that the gate refuses it without that ability alone. */
describe('a restricted user', () => {
  const restricted = new Map<string, Caller>()
  beforeAll(async () => {
    const user = await signedIn('client')
    for (const name of switches) restricted.set(name, await withClaims(user, { restrictions: [name] }))
  })
  const forPeople = all.filter(
    ({ policy }) => policy !== 'public' && policy.roles.some((role) => role === 'client'),
  )

  it.each(forPeople.map((operation) => [operation.operationId, operation] as const))(
    '%s is refused by its switch alone',
    async (_id, operation) => {
      const needed = switchOf(operation)
      for (const name of switches) {
        const refusal = await refusalOfCaller(operation, restricted.get(name)?.accessToken)
        expect(refusal?.code === 'restricted').toBe(name === needed)
      }
    },
  )

  it('has every exception in the list of operations', () => {
    expect(switchExceptions.filter((id) => !operations.has(id))).toEqual([])
  })

  it.each([
    ['conversations.sendMessage', 'post'],
    ['conversations.connect', 'post'],
    ['reviews.create', 'post'],
    ['tasks.create', 'post'],
    ['taskQuestions.ask', 'post'],
    ['tasks.post', 'transact'],
    ['offers.accept', 'transact'],
    ['bids.create', 'transact'],
    ['bids.award', 'transact'],
    ['slots.book', 'transact'],
    ['services.book', 'transact'],
    ['contracts.sign', 'transact'],
    ['me.withdraw', 'transact'],
    ['conversations.listMessages', 'read'],
    ['openTasks.list', 'read'],
    // Open behind every restriction.
    ['me.get', null],
    ['me.requestErasure', null],
    ['me.blockUser', null],
    ['reports.create', null],
    ['disputes.open', null],
    ['disputes.addEvidence', null],
    ['media.create', null],
    ['bookings.get', null],
    ['bookings.cancel', null],
    ['bookings.complete', null],
    ['payments.choose', null],
    ['payments.confirmCash', null],
    ['me.payDebts', null],
    ['tasks.cancel', null],
    ['offers.decline', null],
    ['bids.withdraw', null],
    ['contracts.approveMilestone', null],
    ['tasks.assign', null],
  ] as const)('%s needs %s', (id, needed) => {
    const operation = operations.get(id)
    expect(operation && switchOf(operation)).toBe(needed)
  })
})
