import { defineMachine } from '../../../core/machine.ts'

/**
 * A subscription waits for its first payment, or begins with a trial. One that cannot be charged keeps what its plan gives until its
 * grace is over; then it falls to the plan that its own names, or ends.
 */
export const subscriptionMachine = defineMachine({
  name: 'subscription',
  table: 'subscriptions',
  column: 'status',
  states: ['pending', 'trialing', 'active', 'past_due', 'paused', 'ended'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  eventData: { planId: 'new.plan_id', endReason: 'new.end_reason' },
  transitions: [
    { name: 'subscribe', from: [null], to: 'pending', by: ['owner'], event: 'subscription.created' },
    {
      name: 'try',
      from: [null],
      to: 'trialing',
      by: ['owner'],
      event: 'subscription.trial_began',
      derived: true,
      cause: ['khidma.open_subscription'],
    },
    {
      name: 'activate',
      from: ['pending', 'trialing'],
      to: 'active',
      by: ['owner', 'system', 'provider'],
      event: 'subscription.active',
      derived: true,
      cause: ['khidma.charge_paid', 'khidma.begin_period'],
    },
    {
      name: 'fall-behind',
      from: ['trialing', 'active'],
      to: 'past_due',
      by: ['owner', 'system', 'provider'],
      event: 'subscription.past_due',
      derived: true,
      cause: ['khidma.charge_failed'],
    },
    {
      name: 'recover',
      from: ['past_due'],
      to: 'active',
      by: ['owner', 'system', 'provider'],
      event: 'subscription.active',
      derived: true,
      cause: ['khidma.begin_period'],
    },
    { name: 'pause', from: ['active'], to: 'paused', by: ['owner'], event: 'subscription.paused' },
    { name: 'resume', from: ['paused'], to: 'active', by: ['owner', 'system'], event: 'subscription.active' },
    {
      name: 'end',
      from: ['pending', 'trialing', 'active', 'past_due', 'paused'],
      to: 'ended',
      by: ['owner', 'ops', 'system'],
      event: 'subscription.ended',
      derived: true,
      cause: ['khidma.end_subscription'],
    },
  ],
})

export type SubscriptionStatus = (typeof subscriptionMachine)['states'][number]
