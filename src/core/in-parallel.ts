/**
 * Runs at most `count` at a time: each worker takes the next item when it has finished the one before, and none after `until`, in
 * milliseconds since 1970.
 */
export async function inParallel<T>(
  count: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
  until = Number.POSITIVE_INFINITY,
): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) {
      if (Date.now() > until) return
      await run(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker))
}
