import type { Conversation } from '../durable-objects/conversation.ts'
import type { TaskMatcher } from '../durable-objects/task-matcher.ts'
import type { UserChannel } from '../durable-objects/user-channel.ts'
import type { SecretBindings } from './core/context.ts'
import type { QueueBindings } from './core/messages.ts'
import type { DatabaseBindings } from './db/unit.ts'

/** Environment that the platform hands the Worker: bindings of `wrangler.toml`, its vars, and the secrets set beside them. */
export interface Env extends DatabaseBindings, QueueBindings, SecretBindings {
  ENVIRONMENT: 'production' | 'staging' | 'development'

  /** See `src/providers`: what each address and key looks like. Without them development writes to its outbox. */
  SMS_API_URL?: string
  SMS_API_KEY?: string
  SMS_SENDER?: string
  WHATSAPP_API_URL?: string
  WHATSAPP_API_KEY?: string
  WHATSAPP_SENDER?: string
  WHATSAPP_TEMPLATE?: string
  VOICE_API_URL?: string
  VOICE_API_KEY?: string
  VOICE_SENDER?: string
  PUSH_API_URL?: string
  PUSH_API_KEY?: string
  EMAIL_API_URL?: string
  EMAIL_API_KEY?: string
  EMAIL_SENDER?: string
  CHECKS_API_URL?: string
  CHECKS_API_KEY?: string
  CHECKS_WEBHOOK_SECRET?: string

  CONVERSATIONS: DurableObjectNamespace<Conversation>
  TASK_MATCHERS: DurableObjectNamespace<TaskMatcher>
  USER_CHANNELS: DurableObjectNamespace<UserChannel>
  MEDIA: R2Bucket
  RATE_LIMIT?: RateLimit
  RATE_LIMIT_180?: RateLimit
  RATE_LIMIT_60?: RateLimit
  /** Requests a caller and minute; replaces both the default and the bindings (benchmarks, load tests). */
  RATE_LIMIT_PER_MINUTE?: string
  /** Further hosts where this API answers, apart by commas, beside that of `API_ORIGIN`: no webhook and no calendar may be there. */
  OWN_HOSTS?: string
  /** Days between a request for erasure and the erasure; default 14. */
  ERASURE_GRACE_DAYS?: string
  /** Addresses of the simulators of payment gateways, as JSON by name: development only. */
  DEV_GATEWAYS?: string
  /** Waits between webhook attempts in seconds, apart by commas: development and tests. */
  WEBHOOK_RETRY_SECONDS?: string
  /** The files of `public/`: the spec and the documentation. */
  ASSETS: Fetcher
}
