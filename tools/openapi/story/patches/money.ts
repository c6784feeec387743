import { idOf } from '../../example-ids.ts'
import type { Json } from '../../json.ts'
import type { JsonObject } from '../parts.ts'
import { thenTime } from '../times.ts'
import { decided, ended, type Patch } from './common.ts'

/** Patches of answers about money, commerce and trust. */
export const moneyPatches: Record<string, Patch> = {
  // Money and commerce
  'me.withdraw': { status: 'scheduled', paidAt: null },
  'payouts.hold': ({ reason }) => ({
    status: 'scheduled',
    paidAt: null,
    heldAt: thenTime,
    heldReason: reason as Json,
  }),
  'payouts.release': { status: 'scheduled', paidAt: null, heldAt: null, heldReason: null },
  'subscriptions.create': { status: 'trialing' },
  'subscriptions.cancel': { cancelsAtPeriodEnd: true },
  'subscriptions.change': { priceMinor: 199_000 },
  'orders.refundPart': { status: 'completed', completedAt: thenTime },
  'pricingBands.retire': { state: 'ended', validUntil: thenTime },
  'gatewayConfigs.create': { status: 'draft' },
  'gatewayConfigs.test': { status: 'draft', testedAt: thenTime },
  'gatewayConfigs.activate': {
    status: 'active',
    testedAt: '2026-11-21T08:40:00.000Z',
    activatedAt: thenTime,
  },
  'gatewayConfigs.retire': { status: 'retired', retiredAt: thenTime },
  'invoices.credit': { id: idOf('creditNote'), kind: 'credit_note', creditedInvoiceId: idOf('invoice') },
  'reconciliationItems.resolve': { resolvedAt: thenTime, resolvedBy: idOf('resolvedBy') },
  'credits.grant': ({ amount }) => ({ remaining: amount as Json }),
  'packages.retire': retired(),
  'plans.retire': retired(),
  'taxRules.retire': retired(),
  'discountRules.retire': retired(),
  // Trust
  'cases.take': { assigneeId: idOf('assignee') },
  'cases.assign': { status: 'assigned', assignedAt: thenTime },
  'cases.decideSecondLook': ({ agrees }) => ({
    status: 'closed',
    decision: agrees ? 'agreed' : 'disagreed',
    assigneeId: idOf('assignee'),
    ...decided(),
  }),
  'disputes.resolve': resolution({ outcome: 'completed' }),
  'disputes.reject': resolution({}),
  'disputes.refund': resolution({}, 'amount'),
  'disputes.split': (request, answer) => ({
    status: 'resolved',
    ...resolution({
      outcome: 'completed',
      source: 'fare',
      amount: 20_000,
      taskerAmount: 12_000,
      clientAmount: 8_000,
    })(request, answer),
  }),
  'disputes.appeal': { id: idOf('appeal'), appealOf: idOf('dispute') },
  'disputes.acceptOffer': { clientAcceptedAt: thenTime, taskerAcceptedAt: thenTime, ...ended() },
  'disputes.declineOffer': ended(),
  'disputes.withdrawOffer': ended(),
  'reports.investigate': { assigneeId: idOf('assignee') },
  'reports.resolve': outcomeOf,
  'reports.dismiss': outcomeOf,
  'reports.resolveBySuspension': (request) => ({
    status: 'resolved',
    ...outcomeOf({ ...request, outcome: 'suspended' }),
  }),
  'reviews.create': { publishedAt: null, answer: null, isPublic: false },
  'reviews.publish': { moderatedAt: thenTime, moderatedBy: idOf('moderatedBy') },
  'reviews.hide': { isPublic: false, moderatedAt: thenTime, moderatedBy: idOf('moderatedBy') },
  'reviews.appeal': { appealedAt: thenTime, isPublic: false, hiddenReason: 'It names a third person.' },
  'reviews.dismissSignals': (_request, { signals }) => ({
    signals: (signals as JsonObject[]).map((one) => ({
      ...one,
      decidedAt: thenTime,
      decidedBy: idOf('decidedBy'),
    })) as Json,
  }),
}

function retired(): JsonObject {
  return { active: false, retiredAt: thenTime }
}

function outcomeOf({ outcome, message }: JsonObject): JsonObject {
  return {
    outcome: outcome as Json,
    outcomeText: message as Json,
    assigneeId: idOf('assignee'),
    decidedAt: thenTime,
  }
}

/** The decision of staff on a dispute; money that is given back is in the request. */
function resolution(more: JsonObject, amount?: string) {
  return (request: JsonObject, _answer: JsonObject): JsonObject => ({
    resolvedAt: thenTime,
    resolvedBy: idOf('resolvedBy'),
    resolution: {
      outcome: null,
      refundAmount: amount ? (request[amount] as Json) : null,
      source: null,
      amount: null,
      offerId: null,
      taskerAmount: null,
      clientAmount: null,
      arbitrationAmount: null,
      note: request.note as Json,
      ...more,
    },
  })
}
