import {
  cleared,
  exported,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  candidateListings,
  candidateViews,
  jobApplicationNotes,
  jobApplications,
  jobPostingPayments,
  jobPostings,
} from '../../../db/schema/work/job-postings.ts'

const erased = { erased: "'[erased]'" } as const

export const personalData: PersonalTable[] = [
  personalTable(candidateListings, {
    of: ownedBy(candidateListings.userId),
    erasure: 'delete',
    columns: {
      searchVector: { exported: false },
      facets: { exported: false },
      experienceYears: { exported: false },
    },
  }),
  personalTable(candidateViews, {
    of: ownedBy(candidateViews.userId),
    erasure: 'delete',
    columns: { viewedBy: keptHidden },
  }),
  personalTable(jobApplicationNotes, {
    of: ownedBy(jobApplicationNotes.authorId),
    erasure: 'delete',
    columns: { text: exported },
  }),
  personalTable(jobApplications, {
    of: ownedBy(jobApplications.userId),
    erasure: 'delete',
    columns: {
      coverNote: exported,
      answers: exported,
      contactEmail: exported,
      contactPhone: exported,
      rejectReason: exported,
      interviewSlots: exported,
      interviewNote: exported,
    },
  }),
  personalTable(jobPostingPayments, {
    of: ownedBy(jobPostingPayments.companyId),
    erasure: 'keep',
    why: 'books',
    columns: { kind: kept, method: kept, status: kept },
  }),
  personalTable(jobPostings, {
    of: ownedBy(jobPostings.companyId),
    erasure: 'keep',
    why: 'people have applied for it',
    columns: {
      postedBy: keptHidden,
      title: erased,
      description: erased,
      placeName: cleared,
      city: { erased: "case when t.work_mode <> 'remote' then '[erased]' end" },
      country: kept,
      lat: cleared,
      lng: cleared,
      location: { exported: false, erased: 'null' },
      salaryCurrency: kept,
      questions: { erased: "'[]'::jsonb" },
      reviewedBy: keptHidden,
      rejectionReason: cleared,
      pendingChanges: cleared,
      searchVector: { exported: false, erased: "''::tsvector" },
    },
  }),
]
