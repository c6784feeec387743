import type { Json } from '../json.ts'

export type JsonObject = { [key: string]: Json }

/** Rules by their sentence: what is wrong with an object, and whether it is. An object that a rule is not about breaks none. */
export type Rules = Record<string, (object: JsonObject) => boolean>

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An amount by its name, however the schema ends it. */
export function amountOf(object: JsonObject, name: string): number | undefined {
  const value = [object[`${name}Minor`], object[`${name}Amount`], object[name]].find(
    (one) => typeof one === 'number',
  )
  return value as number | undefined
}

/** The objects in a list that an object has, if it has that list. */
export function listOf(object: JsonObject, name: string): JsonObject[] | undefined {
  const list = object[name]
  return Array.isArray(list) && list.every(isObject) ? list : undefined
}

/** The sum of what each part has by a name; undefined where one has it not. */
export function sumOf(parts: JsonObject[], name: string): number | undefined {
  const amounts = parts.map((part) => amountOf(part, name))
  return amounts.every((amount) => amount !== undefined) ? amounts.reduce((a, b) => a + b, 0) : undefined
}

/** Whether two amounts are there and differ. */
export const differ = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b

/** Whether two amounts are there, and the first is more. */
export const exceeds = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && a > b

export const asNumber = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

/** A part of an amount in basis points, rounded as the database does. */
export const partOf = (amount: number, basisPoints: number): number =>
  Math.round((amount * basisPoints) / 10_000)
