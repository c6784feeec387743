-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'verification';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('verification', 'submit', 'unverified', 'pending', 'owner', null, 'verification.pending'),
  ('verification', 'submit', 'rejected', 'pending', 'owner', null, 'verification.pending'),
  ('verification', 'approve', 'pending', 'verified', 'ops', null, 'verification.verified'),
  ('verification', 'reject', 'pending', 'rejected', 'ops', null, 'verification.rejected');
