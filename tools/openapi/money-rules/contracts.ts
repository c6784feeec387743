import { createHash } from 'node:crypto'
import { differ, exceeds, isObject, type JsonObject, listOf, type Rules, sumOf } from './parts.ts'

const isContract = (object: JsonObject): boolean => 'escrow' in object && 'milestones' in object
const isMilestone = (object: JsonObject): boolean => 'releasedMinor' in object && 'position' in object
const milestonesOf = (contract: JsonObject): JsonObject[] =>
  (listOf(contract, 'milestones') ?? []).filter(({ outcome }) => outcome !== 'removed')
const minor = (value: unknown): number => Number(value ?? 0)

/** The content of a text that both sides sign; undefined where it is no such text. */
function signed({ text, sha256 }: JsonObject): JsonObject | undefined {
  if (typeof text !== 'string' || typeof sha256 !== 'string') return undefined
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return {}
  }
}

/** Contracts: their milestones, their money, and the text that both sides sign. */
export const contractRules: Rules = {
  'what was paid in is not what is held, released and given back': (escrow) =>
    'heldMinor' in escrow &&
    escrow.fundedMinor !==
      minor(escrow.heldMinor) +
        minor(escrow.releasedMinor) +
        minor(escrow.refundedMinor) +
        minor(escrow.arbitrationMinor),
  'the commission is more than what was released': ({ commissionMinor, releasedMinor }) =>
    exceeds(commissionMinor as number, releasedMinor as number),
  'the escrow has another status than its amounts': ({ status, heldMinor, releasedMinor, ...escrow }) =>
    'arbitrationMinor' in escrow &&
    'fundedMinor' in escrow &&
    status !== 'disputed' &&
    status !== (heldMinor === 0 ? 'full_release' : minor(releasedMinor) > 0 ? 'partial_release' : 'held'),
  'the milestones do not add up to the total': (contract) =>
    listOf(contract, 'milestones') !== undefined &&
    differ(contract.totalMinor as number | undefined, sumOf(milestonesOf(contract), 'amount')),
  'the escrow was paid another amount than its milestones': (contract) =>
    isContract(contract) &&
    differ(
      isObject(contract.escrow) ? minor(contract.escrow.fundedMinor) : 0,
      sumOf(
        milestonesOf(contract).filter(({ fundedAt }) => fundedAt !== null),
        'amount',
      ),
    ),
  'the escrow has released another amount than its milestones': (contract) =>
    isContract(contract) &&
    differ(
      isObject(contract.escrow) ? minor(contract.escrow.releasedMinor) : 0,
      sumOf(milestonesOf(contract), 'released'),
    ),
  'a milestone that has ended was not spent, or another one was': (milestone) =>
    isMilestone(milestone) &&
    minor(milestone.releasedMinor) + minor(milestone.refundedMinor) + minor(milestone.arbitrationMinor) !==
      (milestone.endedAt === null || milestone.fundedAt === null ? 0 : milestone.amountMinor),
  'a milestone is completed without being paid, or paid before': (milestone) =>
    isMilestone(milestone) && (milestone.status === 'completed') !== minor(milestone.releasedMinor) > 0,
  'a milestone is worked on before its money is there': ({ status, fundedAt, ...milestone }) =>
    isMilestone(milestone) && fundedAt === null && !['pending', 'canceled'].includes(String(status)),
  'the text has another total or another title': (contract) => {
    const text = signed(contract)
    const says = isObject(contract.after) ? contract.after : contract
    return (
      text !== undefined &&
      (text.total !== says.totalMinor ||
        (text.terms as JsonObject | undefined)?.title !== (says.terms as JsonObject | undefined)?.title)
    )
  },
  'the hash is not that of the text': (contract) =>
    signed(contract) !== undefined &&
    contract.sha256 !== createHash('sha256').update(String(contract.text)).digest('hex'),
  'another text was signed': (contract) =>
    (listOf(contract, 'signatures') ?? []).some(({ sha256 }) => sha256 !== contract.sha256),
  'is active without two signatures, or signed by both and not': (contract) =>
    isContract(contract) &&
    ['draft', 'active', 'completed', 'disputed'].includes(String(contract.status)) &&
    ((contract.status !== 'draft') !== ((listOf(contract, 'signatures') ?? []).length === 2) ||
      (contract.status !== 'draft') !== (contract.activatedAt !== null)),
  'changes nothing': ({ before, after }) =>
    isObject(before) && isObject(after) && JSON.stringify(before) === JSON.stringify(after),
}
