/** Failure of a call to an outside provider: whether it may succeed later decides between retry and giving up. */
export class ProviderError extends Error {
  readonly provider: string
  readonly retryable: boolean
  readonly status: number | null
  /** The provider's own code, where it names one. */
  readonly providerCode: string | null
  /** When the provider asks for patience. */
  readonly retryAfterSeconds: number | null

  constructor(
    provider: string,
    message: string,
    fields: Partial<Pick<ProviderError, 'retryable' | 'status' | 'providerCode' | 'retryAfterSeconds'>> & {
      cause?: unknown
    } = {},
  ) {
    super(`${provider}: ${message}`, { cause: fields.cause })
    this.name = 'ProviderError'
    this.provider = provider
    this.retryable = fields.retryable ?? false
    this.status = fields.status ?? null
    this.providerCode = fields.providerCode ?? null
    this.retryAfterSeconds = fields.retryAfterSeconds ?? null
  }
}
