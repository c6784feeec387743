import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

const scopes = ['country', 'city', 'category'] as const

export const config = {
  'matching.wave_seconds': configKey({
    description: 'Time that taskers have to answer an offer, in seconds. A wave that is open keeps its time.',
    // Ten such waves, each with its late acknowledgements, end before the task expires by itself (30 minutes).
    schema: z.int().min(5).max(120),
    default: 45,
    scopes,
    isPublic: true,
  }),
  'matching.waves': configKey({
    description: 'Waves of offers before a task expires.',
    schema: z.int().min(1).max(10),
    default: 3,
    scopes,
  }),
  'matching.offers_per_wave': configKey({
    description: 'Taskers who are asked at the same time.',
    schema: z.int().min(1).max(20),
    default: 3,
    scopes,
  }),
  'matching.candidates': configKey({
    description: 'Taskers who are ranked for a task, the nearest first.',
    schema: z.int().min(1).max(200),
    default: 30,
    scopes,
  }),
}
