import { z } from '@hono/zod-openapi'
import { attributesSchemaOf, type Profession } from '../profession.ts'
import { cateringService } from './catering-service.ts'
import { developer } from './developer.ts'
import { fitnessTrainer } from './fitness-trainer.ts'
import { graphicDesigner } from './graphic-designer.ts'
import { makeupArtist } from './makeup-artist.ts'
import { photographer } from './photographer.ts'
import { socialMediaManager } from './social-media-manager.ts'
import { tutor } from './tutor.ts'
import { ugcContentCreator } from './ugc-content-creator.ts'
import { videoEditor } from './video-editor.ts'

/** Every profession, in the order in which they are listed. One more is its file and its line here. */
export const professions: readonly Profession[] = [
  photographer,
  tutor,
  makeupArtist,
  developer,
  videoEditor,
  graphicDesigner,
  socialMediaManager,
  fitnessTrainer,
  cateringService,
  ugcContentCreator,
]

const byKey = new Map(professions.map((one) => [one.key, one]))

export const professionOf = (key: string): Profession | undefined => byKey.get(key)

export const ProfessionKey = z
  .enum(professions.map(({ key }) => key) as [string, ...string[]])
  .openapi('ProfessionKey', { example: 'photographer', description: 'Key of a profession.' })

export interface ProfessionPrice {
  amount: number
  currency: string
}

/** Typed attributes: `profession` tells which schema the others have. */
export type Attributes = { profession: string } & Record<string, unknown>

type AttributesSchema = z.ZodType<Attributes, Attributes>

const schemas = professions.map(attributesSchemaOf)

export const ProfessionAttributes = z
  .discriminatedUnion('profession', schemas as [(typeof schemas)[number], ...typeof schemas])
  .openapi('ProfessionAttributes', {
    example: {
      profession: 'photographer',
      specialties: ['weddings', 'portraits'],
      studioAvailable: true,
      startingPrice: { amount: 250_000, currency: 'EGP' },
    },
    description: 'What one offers in a profession. `professions.list` explains each attribute.',
  }) as unknown as AttributesSchema

/** The price of attributes, by which the directory filters and sorts. */
export const priceOf = (attributes: Attributes): ProfessionPrice | null => {
  const name = professionOf(attributes.profession)?.price.attribute
  return (name === undefined ? undefined : (attributes[name] as ProfessionPrice | undefined)) ?? null
}

/** Search tags, `name:value` in lower case: words, choices and flags that are true. */
export function tagsOf(attributes: Attributes): string[] {
  const kinds = professionOf(attributes.profession)?.attributes ?? {}
  return Object.entries(kinds)
    .flatMap(([name, { kind }]) => {
      const value = attributes[name]
      if (kind === 'words') return ((value as string[] | undefined) ?? []).map((word) => tagOf(name, word))
      if (kind === 'choice' && value !== undefined) return [tagOf(name, String(value))]
      return kind === 'flag' && value === true ? [tagOf(name, 'true')] : []
    })
    .sort()
}

export const tagOf = (name: string, value: string): string => `${name}:${value.toLowerCase()}`

/** Texts that people wrote into attributes, by the name of the attribute. */
export const textsOf = ({ profession: _profession, ...attributes }: Attributes): [string, string][] =>
  Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]]
    return Array.isArray(value) ? value.map((word) => [name, String(word)]) : []
  })
