import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Emission, type EventSamples, withEmissions } from '../../tools/openapi/event-samples.ts'

const file = join(import.meta.dirname, '../../tools/openapi/event-samples.json')

/** Adds emissions to the committed samples: `UPDATE=1`. The documents follow with `npm run openapi`. */
export function keepEmissions(emissions: Emission[]): void {
  const samples = JSON.parse(readFileSync(file, 'utf8')) as EventSamples
  writeFileSync(file, `${JSON.stringify(withEmissions(samples, emissions), null, 2)}\n`)
}
