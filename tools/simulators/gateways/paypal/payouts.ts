import type { SimulatorWorld } from '../gateway-simulator.ts'
import { moneyOf, newId, type Payout, Refusal, unitsOf } from './objects.ts'
import type { PayPalState } from './state.ts'

const payoutAfterMs = 60_000
const keepsBatchIdsMs = 30 * 24 * 3_600_000
const feeUnits = 25

export interface PayoutRequest {
  sender_batch_header: { sender_batch_id: string }
  items: {
    recipient_type: string
    receiver: string
    amount: { currency: string; value: string }
    sender_item_id: string
  }[]
}

/** Payouts of a PayPal account: batches, each of one item. */
export class PayPalPayouts {
  private readonly world: SimulatorWorld
  private readonly state: PayPalState
  private readonly payouts = new Map<string, Payout>()
  private readonly batchIds = new Map<string, { batchId: string; atMs: number }>()

  constructor(world: SimulatorWorld, state: PayPalState) {
    this.world = world
    this.state = state
  }

  create({ sender_batch_header, items }: PayoutRequest): object {
    const { sender_batch_id } = sender_batch_header
    const known = this.batchIds.get(sender_batch_id)
    if (known && this.world.clock.now() - known.atMs < keepsBatchIdsMs) {
      const href = `${this.world.origin()}/v1/payments/payouts/${known.batchId}`
      throw new Refusal(400, 'USER_BUSINESS_ERROR', [{ href, rel: 'self', method: 'GET' }])
    }
    const [item] = items
    if (!item || items.length !== 1) throw new Refusal(400, 'VALIDATION_ERROR')
    if (item.recipient_type !== 'EMAIL' || !item.receiver.includes('@')) {
      throw new Refusal(400, 'VALIDATION_ERROR')
    }
    unitsOf({ currency_code: item.amount.currency, value: item.amount.value })
    const payout: Payout = {
      id: newId(),
      batchId: newId(),
      receiver: item.receiver,
      itemId: item.sender_item_id,
      amount: item.amount,
      status: 'PENDING',
      batchStatus: 'PENDING',
      fee: null,
      error: null,
    }
    this.payouts.set(payout.batchId, payout)
    this.batchIds.set(sender_batch_id, { batchId: payout.batchId, atMs: this.world.clock.now() })
    this.plan(payout)
    return { batch_header: this.headerOf(payout) }
  }

  private plan(payout: Payout): void {
    const { faults, clock } = this.world
    const fails = faults.take('payout_fails')
    const returns = faults.take('payout_returned_after')
    clock.after(payoutAfterMs, () => (fails ? this.fail(payout, fails.code) : this.pay(payout)))
    if (returns) clock.after(returns.ms, () => this.bringBack(payout))
  }

  private pay(payout: Payout): void {
    const { currency } = payout.amount
    payout.status = 'SUCCESS'
    payout.batchStatus = 'SUCCESS'
    const fee = moneyOf(feeUnits, currency)
    payout.fee = fee.value
    const money = { currency_code: currency, value: payout.amount.value }
    const names = { custom_id: payout.itemId }
    const taken = moneyOf(-unitsOf(money), currency)
    this.state.report('T0001', payout.id, taken, names, moneyOf(-feeUnits, currency))
    this.state.book('paidOut', money)
    this.state.book('fees', fee)
    this.tell('PAYMENT.PAYOUTS-ITEM.SUCCEEDED', payout)
  }

  private fail(payout: Payout, code = 'RECEIVER_UNREGISTERED'): void {
    payout.status = 'FAILED'
    payout.batchStatus = 'SUCCESS'
    payout.error = code
    this.tell('PAYMENT.PAYOUTS-ITEM.FAILED', payout)
  }

  private bringBack(payout: Payout): void {
    const { currency, value } = payout.amount
    payout.status = 'REVERSED'
    payout.error = 'RECEIVER_ACCOUNT_LOCKED'
    this.state.report('T1115', newId(), { currency_code: currency, value }, { custom_id: payout.itemId })
    this.state.book('paidOut', { currency_code: currency, value: `-${value}` })
    this.tell('PAYMENT.PAYOUTS-ITEM.REFUNDED', payout)
  }

  shown(batchId: string | undefined): object {
    const payout = this.payouts.get(batchId ?? '')
    if (!payout) throw new Refusal(404, 'INVALID_RESOURCE_ID')
    return { batch_header: this.headerOf(payout), items: [this.itemOf(payout)] }
  }

  private headerOf(payout: Payout): object {
    return {
      payout_batch_id: payout.batchId,
      batch_status: payout.batchStatus,
      sender_batch_header: { sender_batch_id: payout.itemId },
    }
  }

  private itemOf(payout: Payout): object {
    return {
      payout_item_id: payout.id,
      payout_batch_id: payout.batchId,
      transaction_status: payout.status,
      payout_item: {
        recipient_type: 'EMAIL',
        receiver: payout.receiver,
        amount: payout.amount,
        sender_item_id: payout.itemId,
      },
      ...(payout.fee !== null && {
        payout_item_fee: { currency: payout.amount.currency, value: payout.fee },
      }),
      ...(payout.error !== null && { errors: { name: payout.error, message: 'Not possible' } }),
    }
  }

  private tell(type: string, payout: Payout): void {
    this.state.tell(type, 'payouts_item', this.itemOf(payout))
  }
}
