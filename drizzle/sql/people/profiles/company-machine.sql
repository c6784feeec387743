-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'company';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('company', 'approve', 'pending', 'approved', 'ops', null, 'company.approved'),
  ('company', 'approve', 'pending', 'approved', 'system', null, 'company.approved'),
  ('company', 'approve', 'rejected', 'approved', 'ops', null, 'company.approved'),
  ('company', 'approve', 'rejected', 'approved', 'system', null, 'company.approved'),
  ('company', 'reject', 'pending', 'rejected', 'ops', null, 'company.rejected'),
  ('company', 'reject', 'pending', 'rejected', 'system', null, 'company.rejected'),
  ('company', 'reject', 'approved', 'rejected', 'ops', null, 'company.rejected'),
  ('company', 'reject', 'approved', 'rejected', 'system', null, 'company.rejected');
