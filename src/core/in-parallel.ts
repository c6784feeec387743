/** Runs at most `count` at a time: each worker takes the next item when it has finished the one before. */
export async function inParallel<T>(
  count: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await run(item)
  }
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker))
}
