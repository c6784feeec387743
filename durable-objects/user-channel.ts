import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../src/env.ts'

/** What one user is told live. */
export class UserChannel extends DurableObject<Env> {
  /** For `/readyz`: an object answers. */
  ping(): 'pong' {
    return 'pong'
  }
}
