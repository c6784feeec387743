import { ProviderError } from '../provider-error.ts'
import type { FailureCode } from './gateway.ts'

/** Failure of a call to a gateway. What was sent is never in it. */
export class GatewayError extends ProviderError {
  /** `refused`: nothing happened, and the gateway says why. `unknown`: it may have happened. */
  readonly outcome: 'refused' | 'unknown'
  /** Why it was refused, in the house's words. */
  readonly failureCode: FailureCode

  constructor(
    gateway: string,
    outcome: 'refused' | 'unknown',
    message: string,
    fields: ConstructorParameters<typeof ProviderError>[2] & { failureCode?: FailureCode } = {},
  ) {
    super(gateway, message, fields)
    this.name = 'GatewayError'
    this.outcome = outcome
    this.failureCode = fields.failureCode ?? 'other'
  }
}

/** Whether the gateway has something under our reference already, made by an earlier call. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof GatewayError && error.providerCode === 'duplicate_reference'
