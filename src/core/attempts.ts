import type { Actor } from './context.ts'

/** A call that was turned away, or broke: who, what, from where. Nothing of what it carried. */
export interface RefusedAttempt {
  actor: Actor
  /** The operation. */
  action: string
  module: string
  targetType: string | null
  targetId: string | null
  requestId: string
  correlationId: string | null
  ipAddress: string | null
  userAgent: string | null
  status: 'refused' | 'failed'
  /** The problem's. */
  code: string
  /** The caller's last one that is written this minute: how many follow is not known. */
  isLast: boolean
}
