import { z } from 'zod'

/** Reading what several gateways write in the same way. */

/** JSON of a body whose signature was checked; undefined where it is none. */
export function jsonOf(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(raw))
  } catch {
    return undefined
  }
}

/** Ids have up to 64 bits, and are text wherever a double could not hold them. */
export const wireId = z.union([z.int(), z.string().min(1)]).transform(String)
