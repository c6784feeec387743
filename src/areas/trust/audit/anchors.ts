import type { DayHead } from './chain.ts'

const prefix = 'audit-heads/'
const keyOf = ({ day, head }: DayHead) => `${prefix}${day}/${head}`

/**
 * The head of each day that has ended, kept in object storage under its own name: whoever rewrites the whole chain in the
 * database leaves these behind. Kept once; a second head of the same day is stored beside the first and reveals it.
 */
export async function keepHeads(storage: R2Bucket, closed: DayHead[]): Promise<number> {
  let kept = 0
  for (const day of closed) {
    if (await storage.head(keyOf(day))) continue
    await storage.put(keyOf(day), JSON.stringify(day))
    kept += 1
  }
  return kept
}

/** The head that was kept first for each day of the range, by day. */
export async function readHeads(storage: R2Bucket, from: string, to: string): Promise<Map<string, string>> {
  const { objects } = await storage.list({ prefix, startAfter: `${prefix}${from}`, limit: 1_000 })
  const heads = new Map<string, string>()
  for (const { key } of objects.sort((a, b) => a.uploaded.getTime() - b.uploaded.getTime())) {
    const [day = '', head = ''] = key.slice(prefix.length).split('/')
    if (day <= to && !heads.has(day)) heads.set(day, head)
  }
  return heads
}
