import { sql } from 'drizzle-orm'
import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { matchIndex, offers, taskCandidates } from '../../../db/schema/work/matching.ts'

/** As precise as an offer is: from several exact distances a client's door could be found. */
const roughExplanation = () => sql`case when t.explanation ? 'distanceM'
  then t.explanation - 'nearness' || jsonb_build_object('distanceM', round((t.explanation ->> 'distanceM')::numeric / 500) * 500)
  else t.explanation - 'nearness' end`

export const personalData: PersonalTable[] = [
  personalTable(matchIndex, {
    of: ownedBy(matchIndex.taskerId),
    erasure: 'delete',
    columns: {
      category: exported,
      center: hidden,
      rateCurrency: exported,
    },
  }),
  personalTable(taskCandidates, {
    of: ownedBy(taskCandidates.taskerId),
    erasure: 'delete',
    columns: {
      score: hidden,
      explanation: { exported: roughExplanation },
    },
  }),
  personalTable(offers, {
    of: ownedBy(offers.taskerId),
    erasure: 'keep',
    why: 'who was asked, by ids and times',
  }),
]
