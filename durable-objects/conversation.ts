import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../src/env.ts'

/** One conversation. */
export class Conversation extends DurableObject<Env> {}
