import type { GatewayRefund, RefundRequest } from './gateway.ts'

/**
 * Our refund in the list of a gateway without keys of idempotency. Where that keeps no notes, a refund of the same amount that the
 * house does not know is taken for ours: a payer who waits for a person is better than one paid twice.
 */
export function ownRefund(
  rows: readonly GatewayRefund[],
  { reference, amountMinor, known }: RefundRequest,
): GatewayRefund | null {
  return (
    rows.find((row) => row.reference === reference) ??
    rows.find(
      (row) =>
        row.reference === null &&
        row.status !== 'failed' &&
        row.amountMinor === amountMinor &&
        !known.includes(row.gatewayReference),
    ) ??
    null
  )
}

/** Refunds made and under way: neither may be given again. */
export const givenBackMinor = (rows: readonly GatewayRefund[]): number =>
  rows.filter(({ status }) => status !== 'failed').reduce((sum, row) => sum + row.amountMinor, 0)
