/** Takes sorted or unsorted samples; nearest rank, so that a percentile is always something that was measured. */
export function percentile(samples: readonly number[], percent: number): number {
  if (samples.length === 0) return Number.NaN
  const sorted = Float64Array.from(samples).sort()
  const rank = Math.ceil((percent / 100) * sorted.length)
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank - 1))] as number
}

export function median(samples: readonly number[]): number {
  const sorted = Float64Array.from(samples).sort()
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] as number
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

export interface Spread {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

export const spreadOf = (samples: readonly number[]): Spread => ({
  count: samples.length,
  p50: percentile(samples, 50),
  p95: percentile(samples, 95),
  p99: percentile(samples, 99),
  max: percentile(samples, 100),
})
